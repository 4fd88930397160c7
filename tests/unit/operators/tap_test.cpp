#include <corostream/operators/tap.hpp>
#include <support/counted.hpp>
#include <support/instant_source.hpp>

#include <gtest/gtest.h>

namespace cs = corostream;

namespace {

TEST(Tap, SeesEachElementWithItsTimeAndOffsetAndPassesItOn)
{
    std::vector<std::int64_t> seen;
    const auto out
        = push_all(instantly(std::vector{7, 8}) | cs::tap([&](const int& v, const cs::element& e) {
              seen.insert(seen.end(), {v, e.offset, e.time.time_since_epoch().count()});
          }));
    EXPECT_EQ(seen, (std::vector<std::int64_t>{7, 0, 100, 8, 1, 101}));
    EXPECT_EQ(out.values, (std::vector{7, 8}));
    EXPECT_EQ(out.offsets, (std::vector<std::int64_t>{0, 1}));
}

TEST(Tap, IgnoresWhatTheFunctionReturns)
{
    EXPECT_EQ(
        push_all(instantly(std::vector{7, 8}) | cs::tap([](int) { return false; })).values.size(),
        2U);
}

TEST(Tap, LooksWithoutCopying)
{
    std::vector<counted> in;
    in.emplace_back(1);
    counted::copies = 0;
    int sum = 0;
    push_all(instantly(std::move(in)) | cs::tap([&](const counted& v) { sum += v.number(); }));
    EXPECT_EQ(sum, 1);
    EXPECT_EQ(counted::copies, 0);
}

} // namespace
