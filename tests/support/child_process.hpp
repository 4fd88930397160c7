#pragma once

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

/// A program of its own, to be killed, frozen and stopped. What it prints on standard output is
/// kept; its standard error is ours. Killed if it still runs at the end.
class child_process {
public:
    explicit child_process(std::vector<std::string> command)
    {
        std::array<int, 2> ends{};
        if (pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe");
        output_ = ends[0];
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
        std::vector<char*> arguments;
        for (auto& argument : command) arguments.push_back(argument.data());
        arguments.push_back(nullptr);
        const int error
            = posix_spawn(&id_, arguments[0], &actions, nullptr, arguments.data(), environ);
        posix_spawn_file_actions_destroy(&actions);
        ::close(ends[1]);
        if (error != 0) throw std::system_error(error, std::generic_category(), command[0]);
    }
    child_process(child_process&& other) noexcept
        : id_(std::exchange(other.id_, 0))
        , output_(std::exchange(other.output_, -1))
        , printed_(std::move(other.printed_))
    {
    }
    child_process& operator=(child_process&& other) noexcept
    {
        std::swap(id_, other.id_);
        std::swap(output_, other.output_);
        std::swap(printed_, other.printed_);
        return *this;
    }
    child_process(const child_process&) = delete;
    child_process& operator=(const child_process&) = delete;
    ~child_process()
    {
        if (id_ > 0) {
            send(SIGKILL);
            ::waitpid(id_, nullptr, 0);
        }
        if (output_ >= 0) ::close(output_);
    }

    void send(int signal) const { ::kill(id_, signal); }

    /// Kills it as `kill -9` does.
    void kill()
    {
        send(SIGKILL);
        ::waitpid(std::exchange(id_, 0), nullptr, 0);
    }

    /// Waits for its end: the exit code, or minus the signal that ended it.
    int wait(std::chrono::milliseconds limit)
    {
        const auto deadline = std::chrono::steady_clock::now() + limit;
        int status = 0;
        while (::waitpid(id_, &status, WNOHANG) == 0) {
            if (std::chrono::steady_clock::now() > deadline)
                throw std::runtime_error("the process still runs");
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
        id_ = 0;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }

    /// How often it printed `line`, once it has ended.
    int times_printed(const std::string& line)
    {
        while (printed(line, times_of(line) + 1)) {}
        return times_of(line);
    }

    /// Waits until it has printed `line` that many times; false if that takes longer than `limit`.
    bool printed(const std::string& line, int times = 1,
        std::chrono::milliseconds limit = std::chrono::seconds(30))
    {
        const auto deadline = std::chrono::steady_clock::now() + limit;
        while (times_of(line) < times) {
            pollfd ready{output_, POLLIN, 0};
            const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
                deadline - std::chrono::steady_clock::now());
            if (left.count() <= 0 || ::poll(&ready, 1, static_cast<int>(left.count())) <= 0)
                return false;
            std::array<char, 4096> part{};
            const auto got = ::read(output_, part.data(), part.size());
            if (got <= 0) return times_of(line) >= times;
            printed_.append(part.data(), static_cast<std::size_t>(got));
        }
        return true;
    }

private:
    [[noreturn]] static void fail(const char* what)
    {
        throw std::system_error(errno, std::generic_category(), what);
    }

    int times_of(const std::string& line) const
    {
        int count = 0;
        for (auto at = printed_.find(line + '\n'); at != std::string::npos;
            at = printed_.find(line + '\n', at + 1))
            ++count;
        return count;
    }

    pid_t id_ = 0;
    int output_ = -1;
    std::string printed_;
};
