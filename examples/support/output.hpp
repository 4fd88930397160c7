#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <exception>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

namespace support {

/// Whoever read our output has gone, as `head` does when it has enough. No failure.
class closed_pipe : public std::runtime_error {
public:
    closed_pipe();
};

/// Standard output, or another open file: buffered while there is something to do, flushed whenever
/// the event loop gets to wait, so that a reader sees each result as it comes and a fast program
/// isn't slowed down.
class output {
public:
    output(const boost::asio::any_io_executor& executor, int file, std::string name);
    output(const output&) = delete;
    output& operator=(const output&) = delete;
    ~output() = default;

    /// Called once, on the executor, when writing has failed: the time to stop making output.
    void on_failure(std::function<void()> f) { on_failure_ = std::move(f); }

    /// Appends `text`. A failure shows up in `flush()`, and drops all output from then on.
    void write(std::string_view text);

    /// Writes out what is there. Throws `closed_pipe`, or `std::system_error` that names the
    /// output.
    void flush();

    int file() const { return file_; }

private:
    void flush_some() noexcept;
    void flush_soon();

    boost::asio::any_io_executor executor_;
    int file_;
    std::string name_;
    std::string buffer_;
    std::error_code failure_;
    std::function<void()> on_failure_;
    bool flush_is_due_ = false;
};

/// Writes all of `text`, waiting for a slow reader; after a signal to stop, no longer than a
/// second.
std::error_code write_fully(int file, std::string_view text);

} // namespace support
