#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution/executor.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/require.hpp>

#include <memory>
#include <type_traits>
#include <utility>

namespace corostream::detail {

namespace asio = boost::asio;

/// An executor on top of another that can be cut: from then on it drops what it is to run, and with
/// that the frames of the coroutines that were to go on. So a coroutine that outlives what it was
/// started for frees all it has, and runs nothing of the user's any more.
class leash {
public:
    // no constructor from an executor alone: Asio would take it for a conversion
    static leash on(asio::any_io_executor inner)
    {
        return leash(std::move(inner), std::make_shared<bool>(false));
    }

    /// The executor at the bottom, which can't be cut.
    static asio::any_io_executor beneath(asio::any_io_executor executor)
    {
        while (const auto* l = executor.target<leash>()) {
            auto inner = l->inner_;
            executor = std::move(inner);
        }
        return executor;
    }

    /// What was started on it, or on a copy of it, never goes on. On the executor's thread.
    void cut() { *cut_ = true; }

    template <class F>
    void execute(F&& f) const
    {
        inner_.execute(held<std::decay_t<F>>(std::forward<F>(f), cut_));
    }

    template <class Property>
        requires asio::can_query<const asio::any_io_executor&, Property>::value
    auto query(const Property& p) const
        -> typename asio::query_result<const asio::any_io_executor&, Property>::type
    {
        return asio::query(inner_, p);
    }
    template <class Property>
        requires asio::can_require<const asio::any_io_executor&, Property>::value
    leash require(const Property& p) const
    {
        return leash(asio::require(inner_, p), cut_);
    }
    template <class Property>
        requires asio::can_prefer<const asio::any_io_executor&, Property>::value
    leash prefer(const Property& p) const
    {
        return leash(asio::prefer(inner_, p), cut_);
    }

    friend bool operator==(const leash& a, const leash& b) noexcept
    {
        return a.cut_ == b.cut_ && a.inner_ == b.inner_;
    }
    friend bool operator!=(const leash& a, const leash& b) noexcept { return !(a == b); }

private:
    template <class F>
    class held {
    public:
        template <class G>
        held(G&& f, std::shared_ptr<bool> cut)
            : f_(std::forward<G>(f))
            , cut_(std::move(cut))
        {
        }
        void operator()()
        {
            if (!*cut_) std::move(f_)();
        }

    private:
        F f_;
        std::shared_ptr<bool> cut_;
    };

    leash(asio::any_io_executor inner, std::shared_ptr<bool> cut)
        : inner_(std::move(inner))
        , cut_(std::move(cut))
    {
    }

    asio::any_io_executor inner_;
    std::shared_ptr<bool> cut_;
};

} // namespace corostream::detail
