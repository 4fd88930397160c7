#pragma once

// Keeps the books while processes that count by event time come and go: what was written, and what
// it has to come to, worked out from the log in the plainest way.

#include <support/child_process.hpp>
#include <support/kafka_cluster.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

class event_ledger {
public:
    static constexpr int partitions = 4;
    static constexpr std::int64_t start_ms = 1'600'000'000'000;

    /// Begin and end in microseconds, and the value: what a count is of.
    using place = std::tuple<std::int64_t, std::int64_t, std::string>;
    using counts = std::map<place, std::int64_t>;

    event_ledger(kafka_cluster& cluster, std::string kind, std::int64_t bound_ms)
        : cluster_(cluster)
        , kind_(std::move(kind))
        , bound_ms_(bound_ms)
        // the event times are old, and would be retained no longer
        , topic_(cluster.topic(partitions, {{"retention.ms", "-1"}}))
        , results_(cluster.topic(1))
    {
    }

    /// Writes a record: number i at i * 10 ms, up to `disorder_ms` earlier, one of ten values.
    void write(std::mt19937& random, std::int64_t disorder_ms)
    {
        const auto back = static_cast<std::int64_t>(
            random() % static_cast<std::uint32_t>(disorder_ms + 1));
        cluster_.write(topic_, written_record{.value = "k" + std::to_string(random() % 10),
                                   .partition = static_cast<int>(random() % partitions),
                                   .time_ms = start_ms + written_ * 10 - back});
        ++written_;
    }

    /// Closes every window: a record far ahead in each partition.
    void close_windows()
    {
        written_record r{.value = "end"};
        r.time_ms = start_ms + written_ * 10 + 3'600'000;
        for (r.partition = 0; r.partition < partitions; ++r.partition) cluster_.write(topic_, r);
        cluster_.flush();
    }

    child_process start(const std::vector<std::string>& properties = {})
    {
        std::vector<std::string> command{EVENT_COUNTER_PROGRAM, cluster_.brokers(), topic_,
            results_, group_, kind_, std::to_string(bound_ms_)};
        command.insert(command.end(), properties.begin(), properties.end());
        return child_process(std::move(command));
    }

    /// The count written last for each window and value, but for the record that closes windows.
    counts written()
    {
        counts last;
        cluster_.for_each_message(results_, 1, [&](const auto& m) {
            std::istringstream line{std::string(m.value())};
            std::int64_t begin = 0, end = 0, count = 0;
            std::string value;
            line >> begin >> end >> value >> count;
            ++results_read;
            if (value != "end") last[{begin, end, value}] = count;
        });
        return last;
    }

    /// Waits until `expected` stands in the results, and returns what does.
    counts wait_for(const counts& expected, std::chrono::seconds limit)
    {
        const auto deadline = std::chrono::steady_clock::now() + limit;
        auto found = written();
        while (found != expected && std::chrono::steady_clock::now() < deadline) {
            std::this_thread::sleep_for(std::chrono::milliseconds(500));
            found = written();
        }
        return found;
    }

    struct record {
        std::int64_t time, watermark; // microseconds; that of its partition before it
        std::string value;
        int partition;
    };
    /// What was written, but for the records that close windows, in order of partition and offset.
    std::vector<record> log()
    {
        std::map<int, std::int64_t> latest;
        std::vector<record> all;
        cluster_.for_each_message(topic_, partitions, [&](const auto& m) {
            const auto time = m.time().time_since_epoch().count();
            auto [at, fresh] = latest.try_emplace(m.partition(), time);
            const auto watermark = fresh ? INT64_MIN : at->second - bound_ms_ * 1000;
            at->second = std::max(at->second, time);
            if (m.value() != "end")
                all.push_back({time, watermark, std::string(m.value()), m.partition()});
        });
        return all;
    }

    /// What windows on a grid come to: `bounds(time)` names those that a time is in.
    counts expected(const std::function<std::vector<std::pair<std::int64_t, std::int64_t>>(
            std::int64_t)>& bounds)
    {
        counts all;
        for (const auto& r : log()) {
            bool counted = false;
            for (const auto& [begin, end] : bounds(r.time)) {
                if (end <= r.watermark) continue;
                ++all[{begin, end, r.value}];
                counted = true;
            }
            late += counted ? 0 : 1;
        }
        return all;
    }

    /// What sessions come to when nothing is late.
    counts expected_sessions(std::int64_t gap)
    {
        std::map<std::string, std::vector<std::int64_t>> times;
        for (const auto& r : log()) times[r.value].push_back(r.time);
        counts all;
        for (auto& [value, of] : times) {
            std::sort(of.begin(), of.end());
            for (std::size_t i = 0; i < of.size();) {
                auto last = i;
                while (last + 1 < of.size() && of[last + 1] - of[last] < gap) ++last;
                all[{of[i], of[last] + gap, value}] = static_cast<std::int64_t>(last + 1 - i);
                i = last + 1;
            }
        }
        return all;
    }

    /// What windows that slide with the events come to when nothing is late.
    counts expected_sliding(std::int64_t size)
    {
        const auto records = log();
        counts all;
        for (const auto& event : records) {
            auto& count = all[{event.time + 1 - size, event.time + 1, event.value}];
            if (count > 0) continue; // of another event at the same moment
            for (const auto& r : records)
                if (r.value == event.value && r.time <= event.time && r.time > event.time - size)
                    ++count;
        }
        return all;
    }

    /// What windows of `size` elements, every `hop`, come to, but for those that are not full.
    counts expected_elements(std::size_t size, std::size_t hop)
    {
        std::map<std::pair<int, std::string>, std::vector<record>> of;
        for (const auto& r : log()) of[{r.partition, r.value}].push_back(r);
        counts all;
        for (const auto& [key, records] : of) {
            std::int64_t end = INT64_MIN;
            for (std::size_t first = 0; first + size <= records.size(); first += hop) {
                auto begin = INT64_MAX;
                for (auto i = first; i < first + size; ++i) {
                    begin = std::min(begin, records[i].time);
                    end = std::max(end, records[i].time + 1);
                }
                end = std::max(end, records[first + size - 1].watermark + 1);
                all[{begin, end, key.second}] = static_cast<std::int64_t>(size);
            }
        }
        return all;
    }

    std::size_t records() const { return static_cast<std::size_t>(written_); }
    const std::string& topic() const { return topic_; }

    std::size_t late = 0, results_read = 0;

private:
    kafka_cluster& cluster_;
    std::string kind_;
    std::int64_t bound_ms_;
    std::string topic_, results_, group_ = fresh_name("group");
    std::int64_t written_ = 0;
};
