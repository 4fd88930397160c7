#pragma once

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

/// What a job took, and what it counted.
struct cost {
    double seconds = 0, cpu_seconds = 0, megabytes = 0; ///< the most memory it had at once
    std::int64_t records = 0;
};

/// Runs `f`, which returns what it counted, in a process of its own, so that no run finds the
/// other's threads or memory. `f` is given a function to call when its work is done: closing is not
/// in its seconds, but in its CPU-seconds.
template <class F>
cost in_child(F f)
{
    int ends[2];
    if (pipe(ends) != 0) throw std::system_error(errno, std::system_category(), "pipe");
    std::fflush(stdout);
    const auto child = fork();
    if (child < 0) throw std::system_error(errno, std::system_category(), "fork");
    if (child == 0) {
        cost r;
        int status = 0;
        try {
            const auto begin = std::chrono::steady_clock::now();
            r.records = f([&] {
                const auto took = std::chrono::steady_clock::now() - begin;
                r.seconds = std::chrono::duration<double>(took).count();
            });
        } catch (const std::exception& e) {
            std::fprintf(stderr, "%s\n", e.what());
            status = 1;
        }
        if (write(ends[1], &r, sizeof r) != sizeof r) status = 1;
        std::fflush(stdout);
        _exit(status);
    }
    close(ends[1]);
    cost r;
    const auto got = read(ends[0], &r, sizeof r);
    close(ends[0]);
    int status = 0;
    rusage used{};
    wait4(child, &status, 0, &used);
    if (got != sizeof r || status != 0) throw std::runtime_error("a run failed");
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    r.cpu_seconds = seconds(used.ru_utime) + seconds(used.ru_stime);
    r.megabytes = static_cast<double>(used.ru_maxrss) / 1024;
    return r;
}
