#include <phone_producer/pace.hpp>
#include <phone_producer/publisher.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>

namespace phone_producer {

namespace asio = boost::asio;
namespace kafka = corostream::kafka;

publisher::publisher(
    const asio::any_io_executor& executor, publication what, delivery_report& report)
    : executor_(executor)
    , what_(std::move(what))
    , report_(&report)
    , settled_(executor)
{
}

asio::awaitable<void> publisher::run(
    kafka::producer* producer, phone_names* phones, std::stop_token stop)
{
    if (stop.stop_requested()) co_return;
    asio::cancellation_signal
        cancel; // whatever send_all() waits for: its turn, a name, room in the queue
    std::optional<std::stop_callback<std::function<void()>>> on_stop;
    on_stop.emplace(stop, [&cancel] { cancel.emit(asio::cancellation_type::terminal); });
    std::exception_ptr failure;
    try {
        auto token = asio::bind_cancellation_slot(cancel.slot(), asio::use_awaitable);
        co_await asio::co_spawn(executor_, send_all(producer, phones), token);
    } catch (const kafka::error&) {
        throw; // no delivery can be hoped for
    } catch (const boost::system::system_error& e) {
        if (e.code() != asio::error::operation_aborted) throw;
    } catch (...) { // of the names
        failure = std::current_exception();
    }
    on_stop.emplace(stop, [this] { settled_.notify(); });
    co_await wait_for_deliveries(stop);
    if (failure) std::rethrow_exception(failure);
}

asio::awaitable<void> publisher::send_all(kafka::producer* producer, phone_names* phones)
{
    pace pace(executor_, what_.rate);
    while (sent_ < what_.count) {
        co_await pace.turn();
        const auto phone = co_await phones->next();
        if (!phone) break;
        co_await send(producer, *phone);
    }
}

asio::awaitable<void> publisher::send(kafka::producer* producer, std::string_view phone)
{
    auto& s = take_slot();
    s.phone = phone;
    kafka::record record(what_.topic, s.phone);
    if (what_.key_by_name) record.key(s.phone);
    if (what_.times) record.timestamp(what_.times->stamp(sent_, settled_.clock().now()));
    ++sent_;
    try {
        co_await producer->enqueue(record, &s.done);
    } catch (const kafka::error& e) { // this record only, such as one that is too large
        if (e.severity() == kafka::severity::fatal) throw;
        settle(s, nullptr, &e);
    } catch (...) {
        --sent_;
        free_.push_back(&s);
        throw;
    }
}

asio::awaitable<void> publisher::wait_for_deliveries(std::stop_token stop)
{
    auto until = corostream::never;
    while (in_flight() > 0) {
        const auto now = settled_.clock().now();
        if (stop.stop_requested()) until = std::min(until, now + grace);
        if (now >= until) co_return;
        co_await settled_.wait(until);
    }
}

publisher::slot& publisher::take_slot()
{
    if (free_.empty()) {
        auto& s = slots_.emplace_back();
        // two pointers: std::function keeps them without an allocation
        s.done = [this, &s](
                     const kafka::delivery& to, const kafka::error* why) { settle(s, &to, why); };
        free_.reserve(slots_.size());
        return s;
    }
    auto& s = *free_.back();
    free_.pop_back();
    return s;
}

void publisher::settle(slot& s, const kafka::delivery* to, const kafka::error* why)
{
    if (why) {
        report_->failed(s.phone, *why);
    } else {
        ++delivered_;
        report_->delivered(*to, s.phone);
    }
    free_.push_back(&s);
    if (in_flight() == 0) settled_.notify();
}

} // namespace phone_producer
