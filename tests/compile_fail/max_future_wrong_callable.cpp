// expect: event_time\(\.\.\.\)\.max_future\(d, f\): f is not callable with the stream's value_type
#include <corostream/corostream.hpp>

#include <string>
#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

auto timed = cs::from_range(std::vector{1, 2})
           | cs::event_time(1s).max_future(1h, [](const std::string&) {});
