#pragma once

#include <corostream/core/time.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <functional>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace corostream {

/// When a sink that failed is tried again, and for how long: after 100 ms, then twice as long each
/// time up to 10 s, for a minute in all, unless said otherwise. Each wait is up to a fifth shorter
/// or longer, so that many processes do not come back at once (exponential backoff with jitter, as
/// Kafka's clients have it: KIP-580).
///
/// Any exception counts but `std::logic_error`, which would come again, and `std::bad_alloc`.
class retry {
public:
    /// Waits `first` before the second attempt, and `most` at the most. Throws
    /// `std::invalid_argument` unless `0 < first <= most`.
    template <class Rep1, class Period1, class Rep2, class Period2>
    retry& delays(
        std::chrono::duration<Rep1, Period1> first, std::chrono::duration<Rep2, Period2> most)
    {
        first_ = to_duration(first);
        most_ = to_duration(most);
        if (first_ <= duration::zero() || most_ < first_)
            throw std::invalid_argument("retry: delays from " + std::to_string(first_.count())
                                        + " us to " + std::to_string(most_.count())
                                        + " us: they have to be positive and in order");
        return *this;
    }

    /// Gives up when an element has failed for so long; with `duration::max()` never.
    template <class Rep, class Period>
    retry& give_up_after(std::chrono::duration<Rep, Period> limit)
    {
        limit_ = to_duration(limit);
        return *this;
    }

    /// Tries again only what `transient` returns true for.
    retry& when(std::function<bool(const std::exception_ptr&)> transient)
    {
        transient_ = std::move(transient);
        return *this;
    }

    /// Tries again only after an `Error`.
    template <class Error>
    retry& only()
    {
        return when([](const std::exception_ptr& failure) {
            try {
                std::rethrow_exception(failure);
            } catch (const Error&) {
                return true;
            } catch (...) {
                return false;
            }
        });
    }

    /// Calls `told(failure, failures, delay)` before each wait: how often the element has failed,
    /// and how long the wait is. It must not throw.
    retry& on_retry(std::function<void(const std::exception_ptr&, int, duration)> told)
    {
        told_ = std::move(told);
        return *this;
    }

    /// Whether it is any use to try again.
    bool covers(const std::exception_ptr& failure) const { return transient_(failure); }

    /// How long to wait after so many failures, the first of them `since` ago; nothing to give up.
    /// `random` is in [0, 1).
    std::optional<duration> delay(int failures, duration since, double random) const
    {
        if (since >= limit_) return std::nullopt;
        auto wait = first_;
        for (int i = 1; i < failures && wait < most_; ++i)
            wait = wait > most_ / 2 ? most_ : 2 * wait;
        wait = to_duration(std::chrono::duration<double, duration::period>(wait)
                           * (0.8 + 0.4 * random));
        // never beyond the most, and a last attempt when time is up
        return std::min({wait, most_, limit_ - since});
    }

    /// Tells whoever wants to know.
    void tell(const std::exception_ptr& failure, int failures, duration delay) const
    {
        if (told_) told_(failure, failures, delay);
    }

private:
    static bool may_pass(const std::exception_ptr& failure)
    {
        try {
            std::rethrow_exception(failure);
        } catch (const std::logic_error&) {
            return false;
        } catch (const std::bad_alloc&) {
            return false;
        } catch (...) {
            return true;
        }
    }

    duration first_ = std::chrono::milliseconds(100), most_ = std::chrono::seconds(10),
             limit_ = std::chrono::minutes(1);
    std::function<bool(const std::exception_ptr&)> transient_ = may_pass;
    std::function<void(const std::exception_ptr&, int, duration)> told_;
};

} // namespace corostream
