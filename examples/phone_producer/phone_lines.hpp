#pragma once

#include <phone_producer/phone_names.hpp>
#include <support/readiness.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <string>

namespace phone_producer {

/// Names from an open file as they come, one a line; the bytes of a line are taken as they are.
class phone_lines : public phone_names {
public:
    /// Reads `file`, called `name` in errors, and leaves it open.
    phone_lines(const boost::asio::any_io_executor& executor, int file, std::string name);

    /// Throws `std::system_error` if the file can't be read.
    boost::asio::awaitable<std::optional<std::string_view>> next() override;

private:
    boost::asio::awaitable<void> read_more();

    support::readiness ready_;
    int file_;
    std::string name_;
    std::string buffer_;
    std::size_t line_ = 0; ///< where the next line begins
    std::size_t searched_ = 0; ///< up to where there is no end of it
    bool end_ = false;
};

} // namespace phone_producer
