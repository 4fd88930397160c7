#pragma once

#include <corostream/kafka/message.hpp>

#include <optional>
#include <string_view>

namespace phone_count {

/// What a message is counted under: its value; for a tombstone, which has none, a mark that no
/// value can be mistaken for. A view, so that counting copies a name only when it is new.
std::string_view phone_of(const corostream::kafka::message& m);

/// The name behind what `phone_of` returned; nothing for a tombstone.
std::optional<std::string_view> name_of(std::string_view phone);

/// The mark of a tombstone: random bytes, other ones in each process.
std::string_view tombstone();

} // namespace phone_count
