#include <phone_producer/event_times.hpp>

#include <algorithm>

namespace phone_producer {

using std::chrono::floor;
using std::chrono::milliseconds;

// Numbers of its own: those that pick the names stay as they are, and have nothing to do with
// which records are late.
event_times::event_times(milliseconds disorder, std::uint64_t seed)
    : shifts_(static_cast<std::uint64_t>(disorder.count()) + 1)
    , random_(std::mt19937_64(seed)())
{
}

event_times::event_times(
    corostream::time_point start, double rate, milliseconds disorder, std::uint64_t seed)
    : event_times(disorder, seed)
{
    start_ = floor<milliseconds>(start);
    rate_ = rate;
}

corostream::time_point event_times::stamp(std::uint64_t i, corostream::time_point now)
{
    auto time = floor<milliseconds>(now);
    if (rate_ > 0) {
        const auto most = static_cast<double>((last - start_).count());
        const auto since = std::min(static_cast<double>(i) * 1e3 / rate_, most);
        time = start_ + milliseconds(static_cast<std::int64_t>(since));
    }
    // no std::uniform_int_distribution, as in random_phones
    return time - milliseconds(random_() % shifts_);
}

} // namespace phone_producer
