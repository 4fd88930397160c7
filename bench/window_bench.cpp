// window(4s) | count_by against loops written by hand, with boost::unordered_flat_map and its own
// hash (the reference), with the same table and our hash, and with std::unordered_map. 5,000,000
// names in batches of 1024, 80,000 to a window; from one partition, and from two in turn.

#include "side_by_side.hpp"
#include "string_tables.hpp"

#include <corostream/core/run.hpp>
#include <corostream/operators/count_by.hpp>
#include <corostream/operators/map.hpp>
#include <corostream/operators/reduce_by_key.hpp>
#include <corostream/time/window.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <cstdlib>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cs = corostream;
namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t records = 5'000'000, batch_size = 1024, a_millisecond = 20;

struct input {
    std::vector<std::string> names;
    std::vector<std::vector<std::string_view>> partitions;

    input(std::size_t keys, std::size_t partition_count)
        : partitions(partition_count)
    {
        if (keys == 0 || partition_count == 0) throw std::invalid_argument("no keys or partitions");
        for (std::size_t i = 0; i < keys; ++i) names.push_back("phone-" + std::to_string(i));
        std::uint64_t random = 42;
        for (std::size_t i = 0; i < records; ++i) {
            random ^= random << 13U, random ^= random >> 7U, random ^= random << 17U;
            partitions[i % partition_count].push_back(names[random % keys]);
        }
    }
};

/// Goes through the input as a consumer does: a batch of each partition in turn, time moving on
/// with the records.
class reader {
public:
    explicit reader(const input& from)
        : from_(&from)
        , at_(from.partitions.size())
    {
    }

    struct batch {
        const std::string_view *begin, *end;
        std::size_t partition;
        cs::time_point arrival;
    };

    bool next(batch& b)
    {
        const auto p = turn_++ % at_.size();
        const auto& all = from_->partitions[p];
        const auto count = std::min(batch_size, all.size() - at_[p]);
        b = {all.data() + at_[p], all.data() + at_[p] + count, p,
            cs::time_point(std::chrono::milliseconds(read_ / a_millisecond))};
        at_[p] += count;
        read_ += count;
        return count > 0;
    }
    std::int64_t offset(std::size_t p) const { return static_cast<std::int64_t>(at_[p]); }

private:
    const input* from_;
    std::vector<std::size_t> at_;
    std::size_t turn_ = 0, read_ = 0;
};

struct totals {
    std::size_t windows = 0, rows = 0;
    std::int64_t count = 0;
    friend bool operator==(const totals&, const totals&) = default;
};

/// The loop by hand: one table that is cleared after each window.
template <class Table>
totals by_hand(const input& in)
{
    totals seen;
    Table counts;
    const auto emit = [&] {
        ++seen.windows;
        for (const auto& [name, count] : counts) ++seen.rows, seen.count += count;
        counts.clear();
    };
    reader r(in);
    cs::time_point window_end = cs::time_point(4s);
    for (reader::batch b{}; r.next(b);) {
        for (; b.arrival >= window_end; window_end += 4s) emit();
        for (; b.begin != b.end; ++b.begin) {
            const auto known = counts.find(*b.begin);
            if (known != counts.end()) ++known->second;
            else counts.emplace(*b.begin, 1);
        }
    }
    emit();
    return seen;
}

/// The same input as a source; it moves the clock on.
class record_source : public cs::replayable_source {
    struct moved_by_records final : cs::time_source {
        cs::time_point time{};
        cs::time_point now() const override { return time; }
        void arm(asio::steady_timer&, cs::time_point) override { std::abort(); } // it never waits
        void disarm(asio::steady_timer&) override {}
    };

public:
    using value_type = std::string_view;

    record_source(const input& in, asio::io_context& io)
        : reader_(in)
        , time_(std::make_unique<moved_by_records>())
    {
        cs::clock::of(io.get_executor()).use(time_.get());
    }

    template <class Sink>
    asio::awaitable<cs::pumped> pump(Sink sink, cs::time_point until)
    {
        if (!have_ && !reader_.next(batch_)) co_return cs::pumped::end;
        have_ = true;
        if (batch_.arrival >= until) { // as on the real clock: the window fires before it comes
            time_->time = until;
            co_return cs::pumped::timeout;
        }
        time_->time = batch_.arrival;
        have_ = false;
        deliver(sink);
        co_return cs::pumped::items;
    }

    record_source& source() { return *this; }

private:
    template <class Sink>
    [[gnu::noinline]] void deliver(Sink sink) // not in a coroutine, as in core/deliver.hpp
    {
        const auto next = reader_.offset(batch_.partition);
        cs::batch b{.partition = static_cast<cs::partition_id>(batch_.partition),
            .arrival = batch_.arrival,
            .next_offset = next};
        sink.begin(b);
        auto offset = next - (batch_.end - batch_.begin);
        for (auto* at = batch_.begin; at != batch_.end; ++at)
            if (!sink.push(std::string_view(*at), cs::element{batch_.arrival, offset++})) break;
        sink.end(b);
    }

    reader reader_;
    reader::batch batch_{};
    bool have_ = false;
    std::unique_ptr<moved_by_records> time_;
};

template <class Pipeline>
asio::awaitable<void> read(Pipeline counts, totals* seen)
{
    while (auto window = co_await counts.next()) {
        ++seen->windows;
        for (const auto& [name, count] : *window) ++seen->rows, seen->count += count;
    }
}

template <class Closure>
totals with_corostream(const input& in, Closure count)
{
    totals seen;
    asio::io_context io(1);
    auto source = cs::pipeline<record_source>(record_source(in, io));
    asio::co_spawn(
        io, read(std::move(source) | cs::window(4s) | count, &seen), [](std::exception_ptr error) {
            if (error) std::abort();
        });
    io.run();
    return seen;
}

void windowed_count(benchmark::State& state)
{
    const input in(
        static_cast<std::size_t>(state.range(0)), static_cast<std::size_t>(state.range(1)));
    side_by_side run(state, records);
    for ([[maybe_unused]] auto _ : state) {
        const auto expected
            = run.measure("flat_map", [&] { return by_hand<flat_map<std::int64_t>>(in); });
        const auto our_hash = run.measure(
            "flat_map_our_hash", [&] { return by_hand<flat_map_our_hash<std::int64_t>>(in); });
        const auto standard = run.measure(
            "unordered_map", [&] { return by_hand<unordered_map<std::int64_t>>(in); });
        const auto reduce = run.measure("map_reduce_by_key", [&] {
            return with_corostream(in, cs::map([](std::string_view v) {
                return std::pair(v, std::int64_t{1});
            }) | cs::reduce_by_key(std::plus()));
        });
        const auto ours = run.measure(
            "count_by", [&] { return with_corostream(in, cs::count_by(std::identity())); });
        for (const auto& seen : {our_hash, standard, reduce, ours})
            if (seen != expected)
                state.SkipWithError("different counts");
    }
}

BENCHMARK(windowed_count)
    ->ArgNames({"keys", "partitions"})
    ->ArgsProduct({{10, 1'000, 100'000}, {1, 2}})
    ->UseManualTime()
    ->Iterations(7)
    ->Unit(benchmark::kMillisecond);

} // namespace
