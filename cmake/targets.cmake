# What the examples, tests and benchmarks link; never exported.

# corostream_dev: the warnings that the project's own code is held to.
add_library(corostream_dev INTERFACE)
target_compile_options(corostream_dev INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast
    -Wimplicit-fallthrough)

# corostream_allocator: librdkafka allocates a lot, and these halve its time.
add_library(corostream_allocator INTERFACE)
if(COROSTREAM_FAST_MALLOC)
    find_library(COROSTREAM_MALLOC NAMES jemalloc mimalloc)
    if(COROSTREAM_MALLOC)
        # A program that never calls malloc itself must keep the library all the same.
        target_link_options(corostream_allocator INTERFACE LINKER:--no-as-needed)
        target_link_libraries(corostream_allocator INTERFACE "${COROSTREAM_MALLOC}")
    endif()
endif()
