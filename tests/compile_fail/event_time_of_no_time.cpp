// expect: event_time\(projection, bound\): projection yields neither a std::chrono::sys_time nor
#include <corostream/corostream.hpp>

#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

struct order {
    double price;
};

auto timed = cs::from_range(std::vector<order>(2)) | cs::event_time(&order::price, 5s);
