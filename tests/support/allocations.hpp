#pragma once

#include <cstddef>

/// How often this program has asked for memory, by whatever function. Defined where a test program
/// needs it.
std::size_t allocations();
