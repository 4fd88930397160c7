#pragma once

#include <phone_producer/phone_names.hpp>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace phone_producer {

/// Names picked from a list at random, without end. The same seed and list make the same names
/// anywhere.
class random_phones : public phone_names {
public:
    /// `phones` is not empty.
    random_phones(std::vector<std::string> phones, std::uint64_t seed);

    boost::asio::awaitable<std::optional<std::string_view>> next() override;

    /// The next name, at once.
    std::string_view pick();

private:
    std::vector<std::string> phones_;
    std::mt19937_64 random_;
};

/// The list that comes with the program.
std::vector<std::string> built_in_phones();

/// A name a line. Throws `std::system_error` if the file can't be read, `support::failure` if
/// nothing is in it.
std::vector<std::string> read_phones(const std::string& path);

} // namespace phone_producer
