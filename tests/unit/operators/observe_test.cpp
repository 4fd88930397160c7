#include <corostream/operators/observe.hpp>
#include <corostream/testing/scripted_source.hpp>
#include <support/virtual_run.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

using cs::testing::script;

struct every_hook {
    std::vector<std::string>* log;
    void on_begin(const cs::batch& b) { log->push_back("begin " + std::to_string(b.partition)); }
    void on_element(const int& v, const cs::element& e)
    {
        log->push_back(std::to_string(v) + " at " + std::to_string(e.offset));
    }
    void on_end(const cs::batch& b) { log->push_back("end " + std::to_string(b.next_offset)); }
    void on_revoke(cs::partition_id p) { log->push_back("revoke " + std::to_string(p)); }
    void on_pumped(cs::pumped p)
    {
        log->push_back("pumped " + std::to_string(static_cast<int>(p)));
    }
    void on_error(const std::exception_ptr& e) { log->push_back("error " + cs::what_of(e)); }
};

TEST(Observe, CallsEveryHookInOrder)
{
    virtual_run run;
    std::vector<std::string> log;
    script<int> input;
    input.batch(3, 10, {7, 8})
        .revoke(3)
        .batch(0, 5, {9})
        .fail(std::make_exception_ptr(std::runtime_error("gone")));
    auto seen = input.stream() | cs::observe(every_hook{&log});
    while (log.empty() || !log.back().starts_with("error")) {
        try {
            run.finish(seen.next());
        } catch (const std::runtime_error& e) {
            EXPECT_STREQ(e.what(), "gone");
        }
    }
    EXPECT_EQ(log, (std::vector<std::string>{"begin 3", "7 at 10", "8 at 11", "end 12", "pumped 0",
                       "revoke 3", "begin 0", "9 at 5", "end 6", "pumped 0", "error gone"}));
    run.finish(seen.next());
    EXPECT_EQ(log.back(), "error gone");
    EXPECT_EQ(log.size(), 11U);
}

TEST(Observe, NeedsOnlyOneHook)
{
    struct ends {
        std::vector<cs::pumped>* seen;
        void on_pumped(cs::pumped p) { seen->push_back(p); }
    };
    virtual_run run;
    std::vector<cs::pumped> outcomes;
    script<int> input;
    auto seen = input.batch(0, 0, {1}).stop().stream() | cs::observe(ends{&outcomes});
    EXPECT_EQ(run.finish(seen.next()), 1);
    EXPECT_EQ(run.finish(seen.next()), std::nullopt);
    EXPECT_EQ(outcomes, (std::vector{cs::pumped::items, cs::pumped::stop}));
}

TEST(Observe, AnExceptionFromAHookEndsTheStream)
{
    struct refuses {
        void on_begin(const cs::batch&) { throw std::domain_error("no"); }
    };
    virtual_run run;
    script<int> input;
    auto seen = input.batch(0, 0, {1}).stream() | cs::observe(refuses());
    EXPECT_THROW(run.finish(seen.next()), std::domain_error);
    EXPECT_EQ(run.finish(seen.next()), std::nullopt);
}

} // namespace
