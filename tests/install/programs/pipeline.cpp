#include <corostream/version.hpp>

#include <cstdio>

int narrowed(long value) { return value; } // a warning of the library's own build, not of this one

int main()
{
    std::printf("2 4 %d\n", narrowed(corostream::version.empty() ? 0L : 6L));
}
