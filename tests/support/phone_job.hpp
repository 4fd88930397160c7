#pragma once

// The job this project began from, as data: fifteen messages and the four-second windows they fall
// into. Every message is at least 0.4 s away from a boundary, so that a real broker's latency moves
// none into another window.

#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace phone_job {

using namespace std::chrono_literals;

inline constexpr auto window_size = 4s;

struct message {
    std::chrono::milliseconds at; // after the begin of the first window
    std::string_view phone;
};

inline constexpr std::array<message, 15> messages{{
    {500ms, "Huwai P30"},
    {2200ms, "Samsung galaxy 9"},

    {4500ms, "Samsung galaxy 9"},
    {5000ms, "Apple iphone 11"},
    {6100ms, "Samsung galaxy 9"},
    {7400ms, "Apple iphone 11"},

    {8600ms, "Apple iphone 11"},
    {9000ms, "Huwai P30"},
    {9000ms, "Huwai P30"},
    {11000ms, "Samsung galaxy 9"},

    // nothing from 12 to 16

    {16600ms, "Nokia 3310"},
    {17000ms, "Apple iphone 11"},
    {17500ms, "Nokia 3310"},
    {19000ms, "Nokia 3310"},

    {21500ms, "Huwai P30"},
}};

struct expected_window {
    std::chrono::seconds begin; // after the begin of the first window
    std::vector<std::pair<std::string, int>> rows;

    friend bool operator==(const expected_window&, const expected_window&) = default;
};

/// What the windows hold, keys in the order in which they were first seen in them.
inline std::vector<expected_window> windows()
{
    return {
        {0s, {{"Huwai P30", 1}, {"Samsung galaxy 9", 1}}},
        {4s, {{"Samsung galaxy 9", 2}, {"Apple iphone 11", 2}}},
        {8s, {{"Apple iphone 11", 1}, {"Huwai P30", 2}, {"Samsung galaxy 9", 1}}},
        {16s, {{"Nokia 3310", 3}, {"Apple iphone 11", 1}}},
        {20s, {{"Huwai P30", 1}}},
    };
}

} // namespace phone_job
