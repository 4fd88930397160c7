#include "contract_case.hpp"

#include <corostream/operators/aggregate.hpp>
#include <corostream/operators/by_key.hpp>
#include <corostream/operators/count.hpp>
#include <corostream/operators/count_by.hpp>
#include <corostream/operators/distinct.hpp>
#include <corostream/operators/filter.hpp>
#include <corostream/operators/first.hpp>
#include <corostream/operators/last.hpp>
#include <corostream/operators/map.hpp>
#include <corostream/operators/max.hpp>
#include <corostream/operators/mean.hpp>
#include <corostream/operators/min.hpp>
#include <corostream/operators/reduce.hpp>
#include <corostream/operators/reduce_by_key.hpp>
#include <corostream/operators/together.hpp>
#include <corostream/operators/top.hpp>
#include <corostream/operators/variance.hpp>
#include <corostream/time/elements.hpp>
#include <corostream/time/event_time.hpp>
#include <corostream/time/hopping.hpp>
#include <corostream/time/session.hpp>
#include <corostream/time/sliding.hpp>
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
    const auto third = [](fuse f) { return [f](const move_only& v) { return f(v) / 3; }; };
    return {
        {"reduce_by_key", over([=](fuse f) { return cs::window(4s) | pairs(f) | larger(); }),
            {"[0) 1:4 2:5 0:6"}, true},
        {"count_by", over([=](fuse f) {
             return cs::window(4s) | cs::count_by([f](const move_only& v) { return f(v) / 4; });
         }),
            {"[0) 0:3 1:3"}, true},
        {"count", over([=](fuse f) { return cs::window(4s) | below_six(f) | cs::count(); }),
            {"[0) 5"}, true},
        {"reduce", over([=](fuse f) {
             return cs::window(4s) | below_six(f) | cs::reduce([](move_only a, move_only b) {
                 return move_only(a.number() + b.number());
             });
         }),
            {"[0) 15"}, true},
        {"min", over([](fuse f) { return cs::window(4s) | cs::min(f); }), {"[0) 1"}, true},
        {"max", over([](fuse f) { return cs::window(4s) | cs::max(f); }), {"[0) 6"}, true},
        {"mean", over([](fuse f) { return cs::window(4s) | cs::mean(f); }), {"[0) 3.5"}, true},
        {"variance", over([](fuse f) { return cs::window(4s) | cs::variance(f); }),
            {"[0) 6 3.5 2.916667"}, true},
        {"first", over([=](fuse f) { return cs::window(4s) | below_six(f) | cs::first(); }),
            {"[0) 1"}, true},
        {"last", over([=](fuse f) { return cs::window(4s) | below_six(f) | cs::last(); }),
            {"[0) 5"}, true},
        {"top", over([=](fuse f) { return cs::window(4s) | below_six(f) | cs::top(2, fuse()); }),
            {"[0) 5 4"}, true},
        {"distinct", over([](fuse f) {
             return cs::window(4s) | cs::distinct([f](const move_only& v) { return f(v) / 2; });
         }),
            {"[0) 0 1 2 3"}, true},
        {"by_key", over([](fuse f) {
             return cs::window(4s)
                  | cs::by_key([f](const move_only& v) { return f(v) % 3; }, cs::last());
         }),
            {"[0) 1:4 2:5 0:6"}, true},
        {"aggregate", over([](fuse f) {
             return cs::window(4s)
                  | cs::aggregate(
                      0, [f](int& sum, const move_only& v) { sum += f(v); },
                      [](int& sum, int more) { sum += more; });
         }),
            {"[0) 21"}, true},
        {"together",
            over([](fuse f) { return cs::window(4s) | cs::together(cs::count(), cs::max(f)); }),
            {"[0) 6,6"}, true},
        {"composed_window", over([=](fuse f) {
             return below_six(f) | cs::window(4s) | (below_six(f) | pairs(f)) | larger();
         }),
            {"[0) 1:4 2:5 0:3"}, true},
        {"event_time_tumbling", over([=](fuse f) {
             const auto when = [f](const move_only& v) { f(v); return at(0s); };
             return cs::event_time(when, 0s) | cs::window(4s) | pairs(fuse()) | larger();
         }),
            {"[0) 1:4 2:5 0:6"}, true, false, 0s},
        {"event_time_hopping", over([=](fuse f) {
             return cs::event_time(0s) | cs::window(cs::hopping(4s, 2s)) | cs::count_by(third(f));
         }),
            {"[-2) 0:2 1:3 2:1", "[0) 0:2 1:3 2:1"}, true, false, -2s},
        {"event_time_session", over([=](fuse f) {
             return cs::event_time(0s) | cs::window(cs::session(4s)) | pairs(f) | larger();
         }),
            {"[0) 1:4 2:5 0:6"}, true, false, 0s},
        {"event_time_sliding", over([=](fuse f) {
             // up to 1 us after 0 s, so it begins at -4 s
             return cs::event_time(0s) | cs::window(cs::sliding(4s + 1us))
                  | cs::count_by(third(f));
         }),
            {"[-4) 0:2 1:3 2:1"}, true, false, -4s},
        {"event_time_elements", over([=](fuse f) {
             return cs::event_time(0s) | cs::window(cs::elements(2)) | cs::count_by(third(f));
         }),
            {"[0) 0:2", "[0) 1:2", "[0) 1:1", "[0) 2:1"}, true, false, 0s},
    };
}

std::vector<contract_case> window_cases() { return window_cases_inline(); }
