#pragma once

#include <array>
#include <csignal>
#include <fcntl.h>
#include <string>
#include <unistd.h>

/// A pipe to write to and read back from; a read takes what is there and doesn't wait.
class test_pipe {
public:
    test_pipe()
    {
        std::signal(SIGPIPE, SIG_IGN);
        if (::pipe(ends_.data()) != 0) ends_ = {-1, -1};
        ::fcntl(ends_[0], F_SETFL, O_NONBLOCK);
    }
    test_pipe(const test_pipe&) = delete;
    test_pipe& operator=(const test_pipe&) = delete;
    ~test_pipe()
    {
        close_reader();
        close_writer();
    }

    int reader() const { return ends_[0]; }
    int writer() const { return ends_[1]; }
    void close_reader() { close(ends_[0]); }
    void close_writer() { close(ends_[1]); }

    std::string read()
    {
        std::array<char, 4096> bytes{};
        // NOLINTNEXTLINE(clang-analyzer-unix.BlockInCriticalSection): it is non-blocking
        const auto size = ::read(ends_[0], bytes.data(), bytes.size());
        return {bytes.data(), static_cast<std::size_t>(size > 0 ? size : 0)};
    }

private:
    static void close(int& end)
    {
        if (end >= 0) ::close(end);
        end = -1;
    }

    std::array<int, 2> ends_{};
};
