// What open windows of event time take: bytes asked for besides key and value for each key in each
// window, and how often memory is asked for while windows come and go.

#include "timed_records.hpp"

#include <corostream/operators/count_by.hpp>
#include <corostream/time/cumulative.hpp>
#include <corostream/time/elements.hpp>
#include <corostream/time/event_time.hpp>
#include <corostream/time/global.hpp>
#include <corostream/time/hopping.hpp>
#include <corostream/time/session.hpp>
#include <corostream/time/sliding.hpp>
#include <corostream/time/tumbling.hpp>
#include <corostream/time/window.hpp>

#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <functional>
#include <iomanip>
#include <iostream>
#include <malloc.h>
#include <new>
#include <optional>

namespace cs = corostream;
using namespace std::chrono_literals;

namespace {

std::size_t allocations = 0, in_use = 0; // by operator new; in bytes that can be used

} // namespace

[[gnu::noinline]] void* operator new(std::size_t size)
{
    void* at = std::malloc(size);
    if (!at) throw std::bad_alloc();
    ++allocations;
    in_use += malloc_usable_size(at);
    return at;
}
[[gnu::noinline]] void operator delete(void* at) noexcept
{
    in_use -= malloc_usable_size(at);
    std::free(at);
}
void operator delete(void* at, std::size_t) noexcept { operator delete(at); }

namespace {

constexpr std::size_t key_and_value = sizeof(std::pair<std::string, std::int64_t>);

/// Notes what is in use when the input is over, before the windows that are open then are emitted.
class measured_source : public timed_source {
public:
    measured_source(const timed_records& in, std::size_t* at_end)
        : timed_source(in)
        , at_end_(at_end)
    {
    }
    template <class Sink>
    cs::asio::awaitable<cs::pumped> pump(Sink sink, cs::time_point until)
    {
        const auto got = co_await timed_source::pump(sink, until);
        if (cs::is_over(got)) *at_end_ = in_use;
        co_return got;
    }
    measured_source& source() { return *this; }

private:
    std::size_t* at_end_;
};

/// Every key once in each of so many spans of time, which are `apart`. What is late by no more than
/// `bound` is waited for.
template <class Windows>
void open_pairs(const char* name, Windows windows, std::size_t times, std::size_t keys,
    cs::duration apart, cs::duration bound)
{
    const auto a_second = static_cast<std::int64_t>(keys) * 1'000'000 / apart.count();
    const timed_records in(
        {.keys = keys, .a_second = a_second, .records = times * keys, .in_turn = true});
    std::size_t at_end = 0, rows = 0;
    const auto before = in_use;
    {
        cs::asio::io_context io(1);
        cs::run(io.get_executor(),
            cs::pipeline<measured_source>(measured_source(in, &at_end))
                | cs::event_time(bound)
                | cs::window(windows) | cs::count_by(std::identity())
                | cs::for_each([&](const auto& window) { rows += at_end ? window.size() : 0; }),
            [](std::exception_ptr error) {
                if (error) std::rethrow_exception(error);
            });
        io.run();
    }
    const auto bytes = static_cast<double>(at_end - before) / static_cast<double>(rows);
    const auto besides = bytes - static_cast<double>(key_and_value);
    std::cout << name << ": " << rows << " pairs, " << besides
              << " bytes each besides key and value\n";
}

/// Nothing is emitted before the end.
template <class Windows>
void open_pairs(const char* name, Windows windows, std::size_t times, std::size_t keys,
    cs::duration apart)
{
    open_pairs(name, windows, times, keys, apart, apart * static_cast<std::int64_t>(times + 1));
}

void steady(std::size_t keys, std::size_t partitions)
{
    const timed_records in({.keys = keys, .partitions = partitions, .disorder = 1s});
    const auto before = allocations;
    std::size_t windows = 0;
    read_through(in, cs::event_time(1s) | cs::window(4s) | cs::count_by(std::identity()),
        [&](const auto&) { ++windows; });
    const auto asked = static_cast<double>(allocations - before);
    std::cout << keys << " keys, " << partitions
              << " partitions: " << asked / static_cast<double>(windows)
              << " allocations a tumbling window, " << asked / static_cast<double>(in.records)
              << " an element\n";
}

} // namespace

int main()
{
    std::cout << std::setprecision(3);
    open_pairs("tumbling, 1 window", cs::tumbling(1h), 1, 1'000'000, 100s);
    open_pairs("tumbling, 10 windows", cs::tumbling(100s), 10, 100'000, 100s);
    open_pairs("session", cs::session(10s), 1, 1'000'000, 100s);
    open_pairs("session, 10 a key", cs::session(10s), 10, 100'000, 100s);
    open_pairs("sliding", cs::sliding(10s), 1, 1'000'000, 100s);
    open_pairs("sliding, 10 a key", cs::sliding(10s), 10, 100'000, 100s);
    open_pairs("hopping, 10 a key", cs::hopping(1000s, 100s), 1, 100'000, 100s);
    open_pairs("cumulative, 10 a key", cs::cumulative(100s, 1000s), 1, 100'000, 100s);
    open_pairs("elements(10)", cs::elements(10), 1, 1'000'000, 100s);
    open_pairs("elements(20, 2), 10 a key", cs::elements(20, 2), 20, 50'000, 100s);
    open_pairs("elements(20, 1), 10 a key", cs::elements(20, 1), 10, 100'000, 100s);
    open_pairs("elements(20, 1), 19 a key, others told", cs::elements(20, 1), 40, 51'200, 100s, 0s);
    open_pairs("elements(20, 2), 9 a key, others told", cs::elements(20, 2), 40, 102'400, 100s, 0s);
    open_pairs("global, every(10)", cs::global(cs::every(10)), 1, 1'000'000, 100s);
    open_pairs("global, every(10 s)", cs::global(cs::every(10s)), 1, 1'000'000, 100s);
    steady(1'000, 1);
    steady(1'000, 2);
    steady(10'000, 1);
}
