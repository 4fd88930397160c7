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

    /// Closes every window: a record a minute ahead in each partition.
    void close_windows()
    {
        written_record r{.value = "end"};
        r.time_ms = closing_ms_ = start_ms + written_ * 10 + 60'000;
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
            if (value == "end") return;
            if (count < 0) last.erase({begin, end, value}); // taken back
            else last[{begin, end, value}] = count;
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

    /// What windows on a grid come to that take late records for `allowed`: `bounds(time)` names
    /// those that a time is in.
    counts expected(const std::function<std::vector<std::pair<std::int64_t, std::int64_t>>(
                        std::int64_t)>& bounds,
        std::int64_t allowed = 0)
    {
        counts all;
        for (const auto& r : log()) {
            bool counted = false;
            for (const auto& [begin, end] : bounds(r.time)) {
                if (end + allowed <= r.watermark) continue;
                ++all[{begin, end, r.value}];
                counted = true;
                if (end <= r.watermark) ++updates;
            }
            late += counted ? 0 : 1;
        }
        return all;
    }

    /// The same of tumbling windows, also those without records: from the first with one to the
    /// last that is closed.
    counts expected_with_empty(std::int64_t size)
    {
        auto all = expected([size](std::int64_t time) {
            const auto begin = time / size * size;
            return std::vector{std::pair(begin, begin + size)};
        });
        const auto begin_of = [](const auto& entry) { return std::get<0>(entry.first); };
        const auto last = begin_of(*all.rbegin());
        for (auto begin = begin_of(*all.begin());
            begin + size <= (closing_ms_ - bound_ms_) * 1000; begin += size) {
            const auto at = all.lower_bound({begin, begin + size, ""});
            if (at != all.end() && begin_of(*at) == begin) continue;
            all[{begin, begin + size, "-"}] = 0;
            gaps += begin < last ? 1 : 0;
        }
        return all;
    }

    /// What the global window has at each multiple of `step` that brings something new: a record
    /// joins at the first after it and after the watermark that it met.
    counts expected_global(std::int64_t step)
    {
        std::map<std::int64_t, std::vector<std::string>> joining;
        for (const auto& r : log())
            joining[(std::max(r.time, r.watermark) / step + 1) * step].push_back(r.value);
        counts all;
        std::map<std::string, std::int64_t> so_far;
        for (const auto& [end, values] : joining) {
            for (const auto& value : values) ++so_far[value];
            for (const auto& [value, count] : so_far) all[{INT64_MIN, end, value}] = count;
        }
        return all;
    }

    /// What sessions come to: first those of each partition, in which a record joins what is not
    /// over by its watermark; then those of all partitions that overlap, as far back as `reach`.
    /// Where records may be late by `allowed`, as if the watermark were so much behind.
    counts expected_sessions(std::int64_t gap, std::int64_t allowed = 0)
    {
        struct session {
            std::int64_t begin, end, reach, count;

            bool absorb(
                std::vector<session>& others, const std::function<bool(const session&)>& meets)
            {
                const auto before = others.size();
                std::erase_if(others, [&](const session& o) {
                    if (!meets(o)) return false;
                    begin = std::min(begin, o.begin);
                    end = std::max(end, o.end);
                    reach = std::min(reach, o.reach);
                    count += o.count;
                    return true;
                });
                return others.size() < before;
            }
        };
        std::map<std::pair<std::string, int>, std::vector<session>> of_partition;
        for (auto r : log()) {
            updates += r.time + gap <= r.watermark ? 1 : 0;
            if (r.watermark != INT64_MIN) r.watermark -= allowed;
            auto& others = of_partition[{r.value, r.partition}];
            session s{r.time, r.time + gap, std::max(r.time, r.watermark), 1};
            const auto joined = s.absorb(others, [&](const session& o) {
                return o.end > r.watermark && o.begin < r.time + gap && r.time < o.end;
            });
            if (joined || r.time + gap > r.watermark) others.push_back(s);
            else ++late;
        }
        std::map<std::string, std::vector<session>> of_value;
        for (const auto& [key, sessions] : of_partition)
            for (auto s : sessions) {
                auto& others = of_value[key.first];
                while (s.absorb(others,
                    [&](const session& o) { return o.reach < s.end && s.reach < o.end; })) {}
                others.push_back(s);
            }
        counts all;
        for (const auto& [value, sessions] : of_value)
            for (const auto& s : sessions) all[{s.begin, s.end, value}] = s.count;
        return all;
    }

    /// What windows that slide with the events come to: a window up to each moment at which a
    /// record was in time, of those that were in time for it. Where records may be late by
    /// `allowed`, as if the watermark were so much behind.
    counts expected_sliding(std::int64_t size, std::int64_t allowed = 0)
    {
        std::map<std::string, std::vector<record>> of_value;
        for (auto r : log()) {
            updates += r.time + 1 <= r.watermark ? 1 : 0;
            if (r.watermark != INT64_MIN) r.watermark -= allowed;
            of_value[r.value].push_back(r);
            late += r.time + size <= r.watermark ? 1 : 0;
        }
        counts all;
        for (const auto& [value, records] : of_value)
            for (const auto& event : records) {
                if (event.time + 1 <= event.watermark) continue;
                all[{event.time + 1 - size, event.time + 1, value}]
                    = std::count_if(records.begin(), records.end(), [&](const record& r) {
                          return r.time <= event.time && r.time > event.time - size
                              && event.time + 1 > r.watermark;
                      });
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

    /// Records that count nowhere; those that were late for a window and count in it all the same;
    /// windows without records between others.
    std::size_t late = 0, updates = 0, gaps = 0;
    std::size_t results_read = 0;

private:
    kafka_cluster& cluster_;
    std::string kind_;
    std::int64_t bound_ms_;
    std::string topic_, results_, group_ = fresh_name("group");
    std::int64_t written_ = 0, closing_ms_ = 0;
};
