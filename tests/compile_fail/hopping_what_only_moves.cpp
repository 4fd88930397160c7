// expect: what an aggregate has of such a window is copied
#include <corostream/corostream.hpp>

#include <memory>
#include <vector>

namespace cs = corostream;
using namespace std::chrono_literals;

auto firsts = cs::from_range(std::vector<std::unique_ptr<int>>()) | cs::event_time(1s)
            | cs::window(cs::hopping(4s, 1s)) | cs::first();
