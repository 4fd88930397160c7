#pragma once

#include <corostream/core/pipeline.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>

#include <concepts>
#include <type_traits>
#include <utility>

namespace corostream {

/// A pipeline with its terminal: all that is left is to run it, once.
template <class J>
concept job = std::move_constructible<J> && requires(J& j) {
    typename J::result_type;
    { j.run() } -> std::same_as<asio::awaitable<typename J::result_type>>;
};

/// A job whose terminal is done with an element when `push` returns: `for_each`, `collect` and the
/// like. `Terminal` has `result_type`, `sink()` and `result()`.
template <stream Stage, class Terminal>
class synchronous_job {
public:
    using result_type = typename Terminal::result_type;

    synchronous_job(Stage stage, Terminal terminal)
        : stage_(std::move(stage))
        , terminal_(std::move(terminal))
    {
    }

    /// Pumps to the end and yields the terminal's result; after each batch its input is
    /// acknowledged.
    asio::awaitable<result_type> run() &
    {
        const let_go_at_end<Stage> guard(stage_);
        for (auto got = pumped::items; !is_over(got);) {
            got = co_await stage_.pump(terminal_.sink(), never);
            take_snapshot(stage_, cursor_);
            stage_.source().acknowledge(cursor_);
        }
        co_return terminal_.result();
    }

private:
    Stage stage_;
    Terminal terminal_;
    cursor cursor_;
};

/// Runs a job: `co_await run(job)` completes when the stream is over, with the terminal's result.
///
/// Errors: what ended the stream is thrown, once: user code's exception (inside `element_error`,
/// which names partition and offset, if it came from an element of a source), the source's error,
/// or `boost::system::system_error` with `operation_aborted` when cancelled. What was not processed
/// to the end is not acknowledged. Cancellation: at any wait, the types that the awaiting coroutine
/// takes. Run a job once; it must have a name, and outlive the run.
template <class Job>
    requires job<std::remove_cvref_t<Job>> || is_pipeline<std::remove_cvref_t<Job>>
auto run(Job&& j)
{
    static_assert(std::is_lvalue_reference_v<Job>,
        "corostream: name the job before you await it, as in auto j = source | for_each(f); "
        "co_await run(j);");
    static_assert(!is_pipeline<std::remove_cvref_t<Job>>,
        "corostream: run(...) needs a terminal at the end of the pipeline, such as for_each(f) "
        "or collect()");
    if constexpr (std::is_lvalue_reference_v<Job> && job<std::remove_cvref_t<Job>>) return j.run();
}

namespace detail {

template <job Job>
asio::awaitable<typename Job::result_type> run_owned(Job j)
{
    // a coroutine takes terminal only
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    co_return co_await j.run();
}

} // namespace detail

/// Runs a job on `executor` and owns it until it ends. `token` is any Asio completion token for
/// `void(std::exception_ptr)` or `void(std::exception_ptr, result)`; its cancellation slot cancels
/// the pipeline, with any type (emit only on the executor). The executor must not run handlers of
/// one pipeline at the same time: an `io_context` with one thread, or a strand.
template <class Job, class CompletionToken>
    requires job<Job> || is_pipeline<Job>
auto run(const asio::any_io_executor& executor, Job j, CompletionToken&& token)
{
    static_assert(!is_pipeline<Job>,
        "corostream: run(...) needs a terminal at the end of the pipeline, such as for_each(f) "
        "or collect()");
    if constexpr (job<Job>)
        return asio::co_spawn(
            executor, detail::run_owned(std::move(j)), std::forward<CompletionToken>(token));
}

} // namespace corostream
