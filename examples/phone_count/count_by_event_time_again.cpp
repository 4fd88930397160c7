#include <corostream/time/cumulative.hpp>
#include <corostream/time/hopping.hpp>
#include <corostream/time/session.hpp>
#include <corostream/time/tumbling.hpp>
#include <corostream/time/window.hpp>
#include <phone_count/count_by_event_time.hpp>
#include <phone_count/other_counts.hpp>

namespace phone_count {

namespace cs = corostream;

boost::asio::awaitable<void> count_by_event_time_again(
    cs::kafka::consumer& phones, const options& o, results& out)
{
    const auto count = [&](auto windows) {
        return count_in_event_time(
            phones, cs::window(windows).allowed(o.window.allowed), o, out);
    };
    const auto& w = o.window;
    switch (w.kind) {
    case window_kind::hopping: return count(cs::hopping(w.size, w.step));
    case window_kind::cumulative: return count(cs::cumulative(w.step, w.size));
    case window_kind::session: return count(cs::session(w.size));
    case window_kind::tumbling: break;
    }
    return count(cs::tumbling(w.size));
}

} // namespace phone_count
