# Only where corostream itself is developed: a project that uses corostream sees none of this.
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_CXX_EXTENSIONS OFF)

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "The kind of build" FORCE)
endif()

if(NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
    find_program(CCACHE ccache)
    if(CCACHE)
        # Without these two ccache refuses to work with precompiled headers.
        set(CMAKE_CXX_COMPILER_LAUNCHER
            "${CMAKE_COMMAND}" -E env CCACHE_SLOPPINESS=pch_defines,time_macros "${CCACHE}")
    endif()
endif()

# Each header compiles alone: the target all_verify_interface_header_sets, which ctest builds.
set_target_properties(corostream PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
if(TARGET corostream_kafka)
    set_target_properties(corostream_kafka PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
endif()
