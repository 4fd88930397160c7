#include "contract_case.hpp"

#include <corostream/operators/filter.hpp>
#include <corostream/operators/flat_map.hpp>
#include <corostream/operators/map.hpp>
#include <corostream/operators/merge.hpp>
#include <corostream/operators/observe.hpp>
#include <corostream/operators/take.hpp>
#include <corostream/operators/tap.hpp>

#include <optional>
#include <utility>
#include <vector>

/// A merge of one stream, whose partitions keep their numbers.
struct merged : cs::closure {
    template <cs::stream Up>
    auto operator()(Up up) &&
    {
        return cs::merge(cs::pipeline<Up>(std::move(up)));
    }
};

// inline, so that the lambdas have a name for the linker: g++ 12 warns of coroutines over those
// without one
inline std::vector<contract_case> element_wise_cases_inline()
{
    const auto moved = [](fuse f) { return cs::map([f](move_only v) { f(v); return v; }); };
    const auto odd
        = [](fuse f) { return cs::filter([f](const move_only& v) { return f(v) % 2 != 0; }); };
    const auto none_or_two = [](fuse f) {
        return cs::flat_map([f](move_only v) {
            std::vector<move_only> some;
            if (f(v) % 3 == 0) {
                some.push_back(std::move(v));
                some.push_back(move_only(0));
            }
            return some;
        });
    };
    const auto some = [](fuse f) {
        return cs::flat_map([f](move_only v) {
            return f(v) > 4 ? std::optional<move_only>(std::move(v)) : std::nullopt;
        });
    };
    const auto look = [](fuse f) { return cs::tap([f](const move_only& v) { f(v); }); };
    struct hooks {
        fuse f;
        void on_element(const move_only& v, const cs::element&) { f(v); }
    };
    const auto watch = [](fuse f) { return cs::observe(hooks{f}); };
    return {
        {"map", over(moved), {"1", "2", "3", "4", "5", "6"}},
        {"filter", over(odd), {"1", "3", "5"}},
        {"flat_map_range", over(none_or_two), {"3", "0", "6", "0"}},
        {"flat_map_optional", over(some), {"5", "6"}},
        {"tap", over(look), {"1", "2", "3", "4", "5", "6"}},
        {"observe", over(watch), {"1", "2", "3", "4", "5", "6"}},
        {"take", over([look](fuse f) { return look(f) | cs::take(4); }), {"1", "2", "3", "4"},
            false, true},
        {"merge", over([look](fuse f) { return look(f) | merged(); }),
            {"1", "2", "3", "4", "5", "6"}},
        {"merge_above", over([look](fuse f) { return merged() | look(f); }),
            {"1", "2", "3", "4", "5", "6"}},
        {"merge_taken", over([look](fuse f) { return merged() | (look(f) | cs::take(4)); }),
            {"1", "2", "3", "4"}, false, true},
        {"merge_merged", over([look](fuse f) { return look(f) | (merged() | merged()); }),
            {"1", "2", "3", "4", "5", "6"}},
        {"composed", over([=](fuse f) { return (look(f) | odd(f)) | (moved(f) | cs::take(9)); }),
            {"1", "3", "5"}},
    };
}

std::vector<contract_case> element_wise_cases() { return element_wise_cases_inline(); }
