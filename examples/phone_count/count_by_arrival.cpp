#include <corostream/kafka/consumer.hpp>
#include <corostream/operators/count_by.hpp>
#include <corostream/operators/take.hpp>
#include <corostream/time/cumulative.hpp>
#include <corostream/time/hopping.hpp>
#include <corostream/time/session.hpp>
#include <corostream/time/window.hpp>
#include <phone_count/other_counts.hpp>
#include <phone_count/phone_of.hpp>

namespace phone_count {

namespace asio = boost::asio;
namespace cs = corostream;

namespace {

template <class Windows>
asio::awaitable<void> count(
    cs::kafka::consumer& phones, Windows windows, const options& o, results& out)
{
    auto counts = phones.messages()
                | cs::window(windows)
                | cs::count_by(phone_of)
                | cs::take(o.windows);

    while (auto window = co_await counts.next()) co_await out.show(*window);
}

} // namespace

asio::awaitable<void> count_by_arrival(cs::kafka::consumer& phones, const options& o, results& out)
{
    const auto& w = o.window;
    switch (w.kind) {
    case window_kind::session: return count(phones, cs::session(w.size), o, out);
    case window_kind::cumulative: return count(phones, cs::cumulative(w.step, w.size), o, out);
    case window_kind::hopping:
    case window_kind::tumbling: break; // counted in main.cpp, but also hopping ones
    }
    return count(phones, cs::hopping(w.size, w.step), o, out);
}

} // namespace phone_count
