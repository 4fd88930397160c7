// expect: event_time\(projection, bound\): projection is not callable with the stream's value_type
#include <corostream/corostream.hpp>

#include <string>
#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

auto timed = cs::from_range(std::vector{1, 2})
           | cs::event_time([](const std::string&) { return std::chrono::sys_seconds(); }, 1s);
