#include <phone_count/list_messages.hpp>
#include <support/escaped.hpp>
#include <support/json_text.hpp>
#include <support/time_text.hpp>

#include <boost/json/object.hpp>

#include <optional>
#include <string_view>

namespace phone_count {

namespace {

std::optional<std::string_view> if_there(bool there, std::string_view bytes)
{
    return there ? std::optional(bytes) : std::nullopt;
}

} // namespace

boost::asio::awaitable<void> list_messages(
    corostream::kafka::consumer& phones, format how, support::output& out)
{
    auto messages = phones.messages();
    while (auto message = co_await messages.next()) out.write(message_line(*message, how));
    out.flush();
}

std::string message_line(const corostream::kafka::message& m, format how)
{
    if (how == format::json) {
        boost::json::object line;
        line["partition"] = m.partition();
        line["offset"] = m.offset();
        line["time"] = support::iso_time(m.time());
        line["time_ms"] = support::epoch_ms(m.time());
        support::add_bytes(line, "key", if_there(m.has_key(), m.key()));
        support::add_bytes(line, "phone", if_there(m.has_value(), m.value()));
        return support::json_line(line);
    }
    std::string line;
    support::append_value(line, m.value(), !m.has_value());
    return line += '\n';
}

} // namespace phone_count
