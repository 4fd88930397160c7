#include "contract_case.hpp"

#include <corostream/operators/count.hpp>
#include <corostream/operators/count_by.hpp>
#include <corostream/operators/filter.hpp>
#include <corostream/operators/map.hpp>
#include <corostream/operators/reduce_by_key.hpp>
#include <corostream/time/window.hpp>

#include <utility>
#include <vector>

// inline, so that the lambdas have a name for the linker: g++ 12 warns of coroutines over those
// without one
inline std::vector<contract_case> window_cases_inline()
{
    const auto pairs = [](fuse f) {
        return cs::map([f](move_only v) {
            const auto key = f(v) % 3;
            return std::pair<int, move_only>(key, std::move(v));
        });
    };
    const auto larger = [] {
        return cs::reduce_by_key([](move_only a, move_only b) {
            return fuse()(a) < fuse()(b) ? std::move(b) : std::move(a);
        });
    };
    const auto below_six
        = [](fuse f) { return cs::filter([f](const move_only& v) { return f(v) < 6; }); };
    return {
        {"reduce_by_key", over([=](fuse f) { return cs::window(4s) | pairs(f) | larger(); }),
            {"[0) 1:4 2:5 0:6"}, true},
        {"count_by", over([=](fuse f) {
             return cs::window(4s) | cs::count_by([f](const move_only& v) { return f(v) / 4; });
         }),
            {"[0) 0:3 1:3"}, true},
        {"count", over([=](fuse f) { return cs::window(4s) | below_six(f) | cs::count(); }),
            {"[0) 5"}, true},
        {"composed_window", over([=](fuse f) {
             return below_six(f) | cs::window(4s) | (below_six(f) | pairs(f)) | larger();
         }),
            {"[0) 1:4 2:5 0:3"}, true},
    };
}

std::vector<contract_case> window_cases() { return window_cases_inline(); }
