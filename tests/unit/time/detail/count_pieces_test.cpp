#include <corostream/time/detail/count_pieces.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

using corostream::log_place;
using corostream::detail::count_sizes;
using corostream::detail::endless_pieces;
using corostream::detail::sized_pieces;

/// What is in it, and how it came to be.
struct text_piece {
    std::optional<std::string> value;
};
struct text_merger {
    static void merge(text_piece& into, text_piece&& from)
    {
        into.value = into.value ? *into.value + *from.value : std::move(from.value);
    }
};

/// A letter an element, which is at 0, 1, 2...
template <class Pieces>
class letters {
public:
    explicit letters(const count_sizes& sizes)
        : sizes_(sizes)
    {
    }

    /// The windows that it fills.
    std::vector<std::string> add(char letter)
    {
        auto& piece = pieces.next(sizes_, {next_++}, [this] {
            held.push_back(next_ - 1);
            return static_cast<std::uint32_t>(next_ - 1);
        });
        piece.value = piece.value.value_or("") + letter;
        std::vector<std::string> full;
        if (pieces.count(sizes_)) full.push_back(take());
        return full;
    }
    std::vector<std::string> add_all(const std::string& text)
    {
        std::vector<std::string> all;
        for (const char letter : text)
            for (auto& full : add(letter)) all.push_back(std::move(full));
        return all;
    }
    /// As "first held:what is in it:through".
    std::string take()
    {
        text_merger merger;
        auto w = pieces.take(sizes_, merger);
        return std::to_string(w.first) + ':' + *w.of.value + ':' + std::to_string(w.through.offset);
    }

    Pieces pieces;
    std::vector<std::int64_t> held;

private:
    count_sizes sizes_;
    std::int64_t next_ = 0;
};
using sized = letters<sized_pieces<text_piece>>;
using texts = std::vector<std::string>;

TEST(CountPieces, OfOnePaneAreTheWindow)
{
    sized s({3, 3, 3});
    EXPECT_EQ(s.add_all("abcdefg"), (texts{"0:abc:2", "3:def:5"}));
    EXPECT_EQ(s.held, (std::vector<std::int64_t>{0, 3, 6}));
    s.pieces.finish();
    EXPECT_FALSE(s.pieces.empty());
    EXPECT_EQ(s.take(), "6:g:6");
    EXPECT_TRUE(s.pieces.empty());
}

TEST(CountPieces, OfSeveralPanesAreAWindowEachHop)
{
    sized s({4, 2, 2});
    EXPECT_EQ(s.add_all("abcdefg"), (texts{"0:abcd:1", "2:cdef:3"}));
    s.pieces.finish();
    texts rest;
    while (!s.pieces.empty()) rest.push_back(s.take());
    EXPECT_EQ(rest, (texts{"4:efg:5", "6:g:6"}));
    EXPECT_EQ(s.held, (std::vector<std::int64_t>{0, 2, 4, 6}));
}

TEST(CountPieces, TakeLittleForAPane)
{
    struct all_there_is { // but what goes into it, in the order of its size
        text_piece open;
        std::int64_t count;
        void* rest;
        corostream::time_point end;
        log_place last;
        std::uint32_t first;
    };
    static_assert(sizeof(sized_pieces<text_piece>) <= sizeof(all_there_is));
}

TEST(CountPieces, BeginWithAHopWhenTheyAreCleared)
{
    const auto cleared = [](sized& s, const count_sizes& sizes) {
        std::vector<std::uint32_t> released;
        s.pieces.clear(sizes, [&](std::uint32_t first) { released.push_back(first); });
        EXPECT_TRUE(s.pieces.empty());
        return released;
    };
    using numbers = std::vector<std::uint32_t>;
    const count_sizes tumbling{3, 3, 3}, hopping{4, 2, 2};
    sized a(tumbling), b(hopping);
    EXPECT_EQ(a.add_all("ab"), texts());
    EXPECT_EQ(cleared(a, tumbling), (numbers{0}));
    EXPECT_EQ(a.add_all("cde"), texts{"2:cde:4"});
    EXPECT_EQ(cleared(a, tumbling), numbers());
    EXPECT_EQ(b.add_all("abc"), texts());
    EXPECT_EQ(cleared(b, hopping), (numbers{2, 0}));
    EXPECT_EQ(b.add_all("defg"), texts{"3:defg:4"});
}

/// Whatever the sizes, a window has the elements that it is to have, in order, held by the first.
TEST(CountPieces, AgreeWithTheTextThatTheyCut)
{
    for (std::int64_t size = 1; size <= 12; ++size)
        for (std::int64_t hop = 1; hop <= size; ++hop)
            for (std::size_t length = 1; length <= 30; ++length) {
                SCOPED_TRACE(std::to_string(size) + ' ' + std::to_string(hop) + ' '
                             + std::to_string(length));
                std::string text;
                while (text.size() < length) text += static_cast<char>('a' + text.size());
                sized s({size, hop, std::gcd(size, hop)});
                auto all = s.add_all(text);
                s.pieces.finish();
                while (!s.pieces.empty()) all.push_back(s.take());
                texts expected;
                const auto count = static_cast<std::int64_t>(length);
                for (std::int64_t i = 0; i < count; i += hop)
                    expected.push_back(
                        std::to_string(i) + ':'
                        + text.substr(static_cast<std::size_t>(i), static_cast<std::size_t>(size))
                        + ':' + std::to_string(std::min(i + hop, count) - 1));
                ASSERT_EQ(all, expected);
            }
}

TEST(CountPieces, OfAnEndlessWindowStay)
{
    letters<endless_pieces<text_piece>> s({2, 2, 2});
    EXPECT_EQ(s.add_all("abcde"), (texts{"0:ab:1", "0:abcd:3"}));
    EXPECT_EQ(s.held, (std::vector<std::int64_t>{0}));
}

} // namespace
