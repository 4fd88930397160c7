#pragma once

// Keeps the books while counting processes come and go: what was written, what was committed when a
// process was killed, and what the counts say of each record in the end.

#include <support/child_process.hpp>
#include <support/kafka_cluster.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

class counting_ledger {
public:
    counting_ledger(kafka_cluster& cluster, int partitions)
        : cluster_(cluster)
        , partitions_(partitions)
        , topic_(cluster.topic(partitions))
        , results_(cluster.topic(partitions))
        , committed_{offsets(static_cast<std::size_t>(partitions))}
    {
    }

    /// Writes `count` records, each with a value of its own, round the partitions.
    void write(int count)
    {
        for (int i = 0; i < count; ++i, ++written_)
            cluster_.write(topic_, std::to_string(written_), written_ % partitions_);
        rd_kafka_poll(cluster_.handle(), 0);
    }

    const std::string& topic() const { return topic_; }

    /// Somebody else wrote so many records, of the values 0, 1 and so on.
    void wrote(int count) { written_ = count; }

    /// Starts a counting process under a name of its own, a number: the processes that start later
    /// have higher ones.
    child_process start(std::vector<std::string> properties = {})
    {
        std::vector<std::string> command{COUNTER_PROGRAM, cluster_.brokers(), topic_,
            results_, group_, std::to_string(committed_.size() - 1)};
        command.insert(command.end(), properties.begin(), properties.end());
        return child_process(std::move(command));
    }

    /// A process is gone: what starts from now on may not count what is committed now.
    void gone() { committed_.push_back(committed()); }

    /// Waits until all that was written is committed.
    bool all_committed(std::chrono::milliseconds limit)
    {
        const auto deadline = std::chrono::steady_clock::now() + limit;
        cluster_.flush();
        offsets ends;
        for (int p = 0; p < partitions_; ++p) ends.push_back(cluster_.log_end(topic_, p));
        while (committed() != ends) {
            if (std::chrono::steady_clock::now() > deadline) return false;
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        }
        return true;
    }

    /// Lets a last process count to the end, and stops it.
    void finish(const std::vector<std::string>& properties = {})
    {
        auto last = start(properties);
        EXPECT_TRUE(all_committed(std::chrono::seconds(60)));
        last.send(SIGTERM);
        EXPECT_EQ(last.wait(std::chrono::seconds(5)), 0);
    }

    struct verdict {
        std::size_t records = 0, lost = 0;
        std::string first_lost{}; ///< partitions and offsets
        std::size_t counted_again = 0; ///< beyond the first count of each record
        std::size_t wrongly_again = 0; ///< though committed before, or twice by one process
    };

    /// Reads the results and compares them with what was written.
    verdict check()
    {
        struct count {
            std::uint32_t process, times;
        };
        std::vector<std::vector<count>> counts(static_cast<std::size_t>(written_));
        cluster_.for_each_message(results_, partitions_, [&](const auto& m) {
            std::istringstream line{std::string(m.value())};
            std::size_t value = 0;
            count c{};
            line >> c.process >> value >> c.times;
            auto& all = counts.at(value);
            const auto same = std::find_if(
                all.begin(), all.end(), [&](const count& o) { return o.process == c.process; });
            if (same == all.end()) all.push_back(c);
            else same->times += c.times;
        });
        verdict found;
        cluster_.for_each_message(topic_, partitions_, [&](const auto& m) {
            ++found.records;
            std::size_t total = 0;
            for (const auto& c : counts.at(std::stoul(std::string(m.value())))) {
                total += c.times;
                const auto& before = committed_[c.process][static_cast<std::size_t>(m.partition())];
                if (m.offset() < before || c.times > 1) ++found.wrongly_again;
            }
            if (total == 0 && ++found.lost <= 10)
                found.first_lost += "[" + std::to_string(m.partition()) + "] "
                                  + std::to_string(m.offset()) + ", ";
            if (total > 0) found.counted_again += total - 1;
        });
        return found;
    }

private:
    using offsets = std::vector<std::int64_t>;

    offsets committed()
    {
        offsets all;
        for (int p = 0; p < partitions_; ++p)
            all.push_back(std::max<std::int64_t>(0, cluster_.committed(group_, topic_, p)));
        return all;
    }

    kafka_cluster& cluster_;
    int partitions_;
    std::string topic_, results_, group_ = fresh_name("group");
    std::vector<offsets> committed_; // before each process began
    int written_ = 0;
};

/// Writes so many records a second to a ledger, on a thread of its own, until it is stopped.
class steady_load {
public:
    steady_load(counting_ledger& ledger, int a_second)
        : thread_([this, &ledger, a_second] {
            auto next = std::chrono::steady_clock::now();
            while (!stopped_) {
                ledger.write(a_second / 100);
                next += std::chrono::milliseconds(10);
                std::this_thread::sleep_until(next);
            }
        })
    {
    }
    steady_load(const steady_load&) = delete;
    steady_load& operator=(const steady_load&) = delete;
    ~steady_load() { stop(); }

    void stop()
    {
        stopped_ = true;
        if (thread_.joinable()) thread_.join();
    }

private:
    std::atomic<bool> stopped_ = false;
    std::thread thread_;
};
