#include <corostream/core/escape.hpp>
#include <phone_producer/random_phones.hpp>
#include <support/failure.hpp>

#include <cerrno>
#include <fstream>
#include <system_error>
#include <utility>

namespace phone_producer {

random_phones::random_phones(std::vector<std::string> phones, std::uint64_t seed)
    : phones_(std::move(phones))
    , random_(seed)
{
}

boost::asio::awaitable<std::optional<std::string_view>> random_phones::next() { co_return pick(); }

// No std::uniform_int_distribution: what it makes of the same numbers differs from library to
// library.
std::string_view random_phones::pick() { return phones_[random_() % phones_.size()]; }

std::vector<std::string> built_in_phones()
{
    return {"Huwai P30", "Samsung galaxy 9", "Apple iphone 11", "Nokia 3310", "Google Pixel 4",
        "OnePlus 7T", "Xiaomi Mi 9", "Sony Xperia 5", "Motorola Razr", "LG G8 ThinQ", "Oppo Reno 2",
        "HTC U12", "Asus ZenFone 6", "Fairphone 3", "BlackBerry KEY2"};
}

std::vector<std::string> read_phones(const std::string& path)
{
    const auto name = corostream::escape(path);
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    std::vector<std::string> phones;
    for (std::string line; std::getline(file, line);) phones.push_back(std::move(line));
    if (file.bad() || !file.eof()) throw std::system_error(errno, std::generic_category(), name);
    if (phones.empty()) throw support::failure(name + ": no phones in it");
    return phones;
}

} // namespace phone_producer
