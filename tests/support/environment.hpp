#pragma once

#include <cstdlib>
#include <iostream>
#include <random>
#include <string>

/// A variable of the environment as a number.
inline unsigned number_from_environment(const char* name, unsigned otherwise)
{
    const char* text = std::getenv(name); // NOLINT(concurrency-mt-unsafe): nothing changes it
    return text && *text ? static_cast<unsigned>(std::stoul(text)) : otherwise;
}

/// Random numbers of a run that can be repeated: the variable `name` sets the seed, which is
/// printed.
inline std::mt19937 random_from_environment(const char* name)
{
    const auto seed = number_from_environment(name, std::random_device()());
    std::cout << name << '=' << seed << '\n'
              << std::flush;
    return std::mt19937(seed);
}
