#pragma once

#include <corostream/kafka.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Writes down what a client tells besides its data. `handlers()` shares the record, so that it may
/// outlive the client.
struct heard_events {
    std::vector<corostream::kafka::error> errors;
    std::vector<std::string> log;
    std::vector<std::vector<corostream::kafka::topic_partition>> assigned, revoked, lost;
    std::vector<std::vector<corostream::kafka::topic_partition>> commits;
    std::vector<std::string> failed_commits;
    /// the newest of each partition
    std::map<std::pair<std::string, std::int32_t>, std::int64_t> committed;

    std::size_t partitions() const { return partitions_; }

    /// Everything that a user could come to see.
    std::string all_text() const
    {
        std::string all;
        for (const auto& e : errors) all += std::string(e.what()) + '\n';
        for (const auto& line : log) all += line + '\n';
        for (const auto& line : failed_commits) all += line + '\n';
        return all;
    }

    bool has_error(rd_kafka_resp_err_t code) const
    {
        return std::any_of(
            errors.begin(), errors.end(), [&](const auto& e) { return e.code() == code; });
    }

    static corostream::kafka::events handlers(const std::shared_ptr<heard_events>& into)
    {
        using partitions = std::vector<corostream::kafka::topic_partition>;
        using corostream::kafka::error;
        return {
            .on_error = [into](const error& e) { into->errors.push_back(e); },
            .on_log =
                [into](int, std::string_view facility, std::string_view line) {
                    into->log.push_back(std::string(facility) + ": " + std::string(line));
                },
            .on_assign =
                [into](const partitions& p) {
                    into->assigned.push_back(p);
                    into->partitions_ += p.size();
                },
            .on_lost = [into](const partitions& p) { into->lost.push_back(p); },
            .on_revoke =
                [into](const partitions& p) {
                    into->revoked.push_back(p);
                    into->partitions_ -= p.size();
                },
            .on_commit =
                [into](const partitions& p, const error* e) {
                    if (e) into->failed_commits.emplace_back(e->what());
                    else into->commits.push_back(p);
                    if (!e)
                        for (const auto& at : p)
                            into->committed[{at.topic, at.partition}] = at.offset;
                },
            .on_statistics = {},
        };
    }

private:
    std::size_t partitions_ = 0;
};
