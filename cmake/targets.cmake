# What the examples, tests and benchmarks link; never exported.

# corostream_dev: the warnings that the project's own code is held to, and Asio.
add_library(corostream_dev INTERFACE)
target_compile_options(corostream_dev INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast
    -Wimplicit-fallthrough
    # g++ 12 sees the frames of Asio's coroutines freed by another function than made them, which is wrong.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-mismatched-new-delete>)

# corostream_asio: Asio's own code compiled once, and not in every source, which takes a fifth off each.
# Users have it from the headers, or do the same.
add_library(corostream_asio STATIC "${CMAKE_CURRENT_LIST_DIR}/asio.cpp")
target_link_libraries(corostream_asio PUBLIC corostream)
target_compile_definitions(corostream_asio PUBLIC BOOST_ASIO_SEPARATE_COMPILATION)
target_link_libraries(corostream_dev INTERFACE corostream_asio)

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
