#pragma once

// Names with a time each, out of order by up to `disorder`, as a loop by hand and a pipeline read
// them: a batch of each partition in turn. A few records are read again and again, later each time.

#include <corostream/core/cursor.hpp>
#include <corostream/core/pipeline.hpp>
#include <corostream/core/run.hpp>
#include <corostream/core/stream.hpp>
#include <corostream/sinks/for_each.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct timed_records {
    static constexpr std::size_t batch_size = 1024, in_a_cycle = 1'024'000;

    struct record {
        std::string_view name;
        corostream::time_point time;
    };
    struct options {
        std::size_t keys;
        std::size_t partitions = 1;
        std::int64_t a_second = 20'000; ///< of event time, all partitions
        corostream::duration disorder{};
        std::size_t records = 5 * in_a_cycle; ///< of all partitions, whole batches
        bool in_turn = false; ///< each key comes once before one comes again
    };

    explicit timed_records(const options& o)
        : partitions(o.partitions)
        , records(o.records)
        , cycle(time_of(in_a_cycle, o))
    {
        for (std::size_t i = 0; i < o.keys; ++i) names.push_back("phone-" + std::to_string(i));
        std::uint64_t random = 42;
        const auto count = std::min(records, in_a_cycle);
        for (std::size_t i = 0; i < count; ++i) {
            random ^= random << 13U, random ^= random >> 7U, random ^= random << 17U;
            const auto draw = static_cast<std::int64_t>(random >> 32U);
            const auto late_by = draw % (o.disorder.count() + 1);
            const auto key = (o.in_turn ? i : random) % o.keys;
            partitions[i % o.partitions].push_back(
                {names[key], corostream::time_point(time_of(i + in_a_cycle, o) // after the epoch
                                                    - corostream::duration(late_by))});
        }
    }
    static corostream::duration time_of(std::size_t record, const options& o)
    {
        return corostream::duration(static_cast<std::int64_t>(record) * 1'000'000 / o.a_second);
    }

    std::vector<std::string> names;
    std::vector<std::vector<record>> partitions;
    std::size_t records;
    corostream::duration cycle; ///< how much later it is when they are read again
};

/// Goes through the records as a consumer does.
class timed_reader {
public:
    explicit timed_reader(const timed_records& from)
        : from_(&from)
        , offsets_(from.partitions.size())
    {
    }

    struct batch {
        const timed_records::record *begin, *end;
        corostream::duration later; ///< to be added to the times
        std::size_t partition;
    };

    bool next(batch& b)
    {
        if (read_ == from_->records) return false;
        const auto p = turn_++ % offsets_.size();
        const auto& all = from_->partitions[p];
        const auto at = static_cast<std::size_t>(offsets_[p]) % all.size();
        const auto count = std::min(timed_records::batch_size, all.size() - at);
        const auto cycles = offsets_[p] / static_cast<std::int64_t>(all.size());
        b = {all.data() + at, all.data() + at + count, cycles * from_->cycle, p};
        offsets_[p] += static_cast<std::int64_t>(count);
        read_ += count;
        return true;
    }
    const std::vector<std::int64_t>& offsets() const { return offsets_; }

private:
    const timed_records* from_;
    std::vector<std::int64_t> offsets_; // the next of each partition
    std::size_t turn_ = 0, read_ = 0;
};

/// The same input as a source, which tells how far its partitions are as a Kafka consumer does.
class timed_source {
public:
    using value_type = std::string_view;

    explicit timed_source(const timed_records& in)
        : reader_(in)
    {
    }

    template <class Sink>
    corostream::asio::awaitable<corostream::pumped> pump(Sink sink, corostream::time_point)
    {
        timed_reader::batch b{};
        if (!reader_.next(b)) co_return corostream::pumped::end;
        deliver(sink, b);
        co_return corostream::pumped::items;
    }

    timed_source& source() { return *this; }
    void standings(std::vector<corostream::partition_standing>& into) const
    {
        for (std::size_t p = 0; p < reader_.offsets().size(); ++p)
            into.push_back({.partition = static_cast<corostream::partition_id>(p)});
    }
    void snapshot(corostream::cursor& into) const
    {
        into.positions.clear();
        for (std::size_t p = 0; p < reader_.offsets().size(); ++p)
            into.positions.push_back(
                {static_cast<corostream::partition_id>(p), reader_.offsets()[p]});
    }
    static void acknowledge(const corostream::cursor&) {}
    static std::int64_t hold(corostream::partition_id) { return corostream::nothing_held; }

private:
    template <class Sink>
    [[gnu::noinline]] void deliver(Sink sink, const timed_reader::batch& from)
    {
        const auto next = reader_.offsets()[from.partition];
        corostream::batch b{.partition = static_cast<corostream::partition_id>(from.partition),
            .next_offset = next};
        sink.begin(b);
        auto offset = next - (from.end - from.begin);
        for (auto* at = from.begin; at != from.end; ++at)
            if (!sink.push(std::string_view(at->name),
                    corostream::element{at->time + from.later, offset++}))
                break;
        sink.end(b);
    }

    timed_reader reader_;
};

/// Reads all of it through `closures` and calls `each` with every result.
template <class Closures, class Each>
void read_through(const timed_records& in, Closures closures, Each each)
{
    namespace cs = corostream;
    cs::asio::io_context io(1);
    cs::run(io.get_executor(),
        cs::pipeline<timed_source>(timed_source(in)) | std::move(closures) | cs::for_each(each),
        [](std::exception_ptr error) {
            if (error) std::rethrow_exception(error);
        });
    io.run();
}
