#pragma once

#include <corostream/core/cursor.hpp>
#include <corostream/kafka/detail/short_numbers.hpp>

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace corostream::kafka::detail {

/// How a resume point is kept beside a committed offset, in the group's metadata: "corostream 1 "
/// and watermark, emitted (microseconds after the epoch) and seen, with a blank between them. Cuts
/// follow after another blank: for each twice the distance of its offset from that of the one
/// before, and one more if its number is not 0 and follows. After one more blank come the records
/// that were refused in the same way, with the difference of their time from that of the one
/// before, and after another those before which time was raised. Branches are last, each as its
/// offset and the same in brackets. First what the clock has decided, then the cuts and then the
/// branches are left out where they would make it longer than what a broker takes as it comes
/// (`offset.metadata.max.bytes`, 4096).
inline constexpr std::string_view resume_mark = "corostream 1 ";
inline constexpr std::size_t longest_resume = 4'000;

/// How much of it.
struct resume_parts {
    bool cuts, by_clock, branches = true;
};

inline void append_cuts(std::string& to, const std::vector<log_place>& cuts)
{
    std::int64_t before = 0;
    for (const auto& cut : cuts) {
        const auto distance
            = static_cast<std::uint64_t>(cut.offset) - static_cast<std::uint64_t>(before);
        append_short(to, 2 * distance + (cut.number > 0));
        if (cut.number > 0) append_short(to, static_cast<std::uint64_t>(cut.number));
        before = cut.offset;
    }
}

inline void append_places(std::string& to, const std::vector<timed_place>& places)
{
    const auto count_of = [](const timed_place& at) {
        return static_cast<std::uint64_t>(at.time.time_since_epoch().count());
    };
    timed_place before{};
    for (const auto& at : places) {
        const auto distance
            = static_cast<std::uint64_t>(at.offset) - static_cast<std::uint64_t>(before.offset);
        const auto later = static_cast<std::int64_t>(count_of(at) - count_of(before));
        append_short(to, 2 * distance + (later != 0));
        if (later != 0) append_signed(to, later);
        before = at;
    }
}

inline void append_resume(std::string& to, const resume_point& at, resume_parts parts)
{
    const auto number = [](std::int64_t n) { return std::to_string(n); };
    to += number(at.watermark.time_since_epoch().count()) + ' '
        + number(at.emitted.time_since_epoch().count()) + ' ' + number(at.seen);
    to += ' ';
    if (parts.cuts) append_cuts(to, at.cuts);
    to += ' ';
    if (parts.by_clock) append_places(to, at.refused);
    to += ' ';
    if (parts.by_clock) append_places(to, at.raised);
    while (to.ends_with(' ')) to.pop_back(); // what is last is not empty
    if (!parts.branches) return;
    for (const auto& b : at.branches) {
        to += " (" + number(b.offset) + ' ';
        append_resume(to, b.resume, parts);
        to += ')';
    }
}

inline std::string to_text(const resume_point& at)
{
    std::string text;
    for (const auto parts : {resume_parts{true, true}, resume_parts{true, false},
             resume_parts{false, false}, resume_parts{false, false, false}}) {
        text = resume_mark;
        append_resume(text, at, parts);
        if (text.size() <= longest_resume) break;
    }
    return text;
}

/// Takes such a text from its front, piece by piece; nothing of what is not ours.
class resume_reader {
public:
    explicit resume_reader(std::string_view text)
        : left_(text)
    {
    }

    bool is_at_end() const { return left_.empty(); }
    bool take(std::string_view what)
    {
        if (!left_.starts_with(what)) return false;
        left_.remove_prefix(what.size());
        return true;
    }

    std::optional<resume_point> take_resume()
    {
        const auto watermark = take_number();
        const auto emitted = take(" ") ? take_number() : std::nullopt;
        const auto seen = take(" ") ? take_number() : std::nullopt;
        if (!watermark || !emitted || !seen) return std::nullopt;
        resume_point r{time_point(duration(*watermark)), time_point(duration(*emitted)), *seen};
        if (!is_at_branch() && take(" ")) {
            auto cuts = take_cuts();
            if (!cuts) return std::nullopt;
            r.cuts = *std::move(cuts);
            bool is_whole = !r.cuts.empty(); // what is last is not empty
            for (auto* places : {&r.refused, &r.raised}) {
                if (is_at_branch() || !take(" ")) break;
                auto taken = take_places();
                if (!taken) return std::nullopt;
                *places = *std::move(taken);
                is_whole = !places->empty();
            }
            if (!is_whole) return std::nullopt;
        }
        while (take(" (")) {
            const auto offset = take_number();
            auto of_branch = offset && take(" ") ? take_resume() : std::nullopt;
            if (!of_branch || !take(")")) return std::nullopt;
            r.branches.push_back({*offset, *std::move(of_branch)});
        }
        return r;
    }

private:
    bool is_at_branch() const { return left_.starts_with(" ("); }

    std::optional<std::int64_t> take_number()
    {
        std::int64_t n = 0;
        const auto [end, failed] = std::from_chars(left_.data(), left_.data() + left_.size(), n);
        if (failed != std::errc()) return std::nullopt;
        left_.remove_prefix(static_cast<std::size_t>(end - left_.data()));
        return n;
    }
    /// What comes before the next blank or bracket.
    std::string_view take_word()
    {
        const auto word = left_.substr(0, left_.find_first_of(" )"));
        left_.remove_prefix(word.size());
        return word;
    }

    std::optional<std::vector<log_place>> take_cuts()
    {
        std::vector<log_place> cuts;
        auto text = take_word();
        for (std::uint64_t offset = 0; !text.empty();) {
            const auto distance = take_short(text);
            if (!distance) return std::nullopt;
            const auto number = *distance % 2 ? take_short(text) : 0;
            if (!number) return std::nullopt;
            offset += *distance / 2;
            cuts.push_back(
                {static_cast<std::int64_t>(offset), static_cast<std::int64_t>(*number)});
        }
        return cuts;
    }
    std::optional<std::vector<timed_place>> take_places()
    {
        std::vector<timed_place> places;
        auto text = take_word();
        for (std::uint64_t offset = 0, time = 0; !text.empty();) {
            const auto distance = take_short(text);
            if (!distance) return std::nullopt;
            const auto later = *distance % 2 ? take_signed(text) : 0;
            if (!later) return std::nullopt;
            offset += *distance / 2;
            time += static_cast<std::uint64_t>(*later);
            places.push_back({static_cast<std::int64_t>(offset),
                time_point(duration(static_cast<std::int64_t>(time)))});
        }
        return places;
    }

    std::string_view left_;
};

/// Nothing if it is not ours.
inline std::optional<resume_point> resume_from(std::string_view text)
{
    resume_reader reader(text);
    if (text.size() > longest_resume || !reader.take(resume_mark)) return std::nullopt;
    auto r = reader.take_resume();
    return reader.is_at_end() ? r : std::nullopt;
}

} // namespace corostream::kafka::detail
