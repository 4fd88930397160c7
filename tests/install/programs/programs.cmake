# No C++ standard is chosen here: corostream's targets bring the one they need, and no warnings.
set(CMAKE_COMPILE_WARNING_AS_ERROR ON)
enable_testing()

add_executable(pipeline ../programs/pipeline.cpp)
target_link_libraries(pipeline PRIVATE corostream::corostream)
add_test(NAME pipeline COMMAND pipeline)
set_tests_properties(pipeline PROPERTIES PASS_REGULAR_EXPRESSION "^2 4 6 0\\.1")

add_executable(kafka ../programs/kafka.cpp)
target_link_libraries(kafka PRIVATE corostream::kafka)
add_test(NAME kafka COMMAND kafka)
