#pragma once

#include <corostream/core/closure.hpp>
#include <corostream/kafka/detail/produced_batches.hpp>
#include <corostream/kafka/message.hpp>
#include <corostream/kafka/producer.hpp>

#include <boost/asio/awaitable.hpp>

#include <concepts>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corostream::kafka {

/// A record whose processing threw.
struct poison_record {
    std::string_view topic;
    std::int32_t partition;
    std::int64_t offset;
    std::string_view cause; ///< the exception's text
};

namespace detail {

/// The records of one pump that have to go to the dead-letter topic.
class dead_letters {
public:
    dead_letters(
        producer_handle to, std::string topic, std::function<void(const poison_record&)> told)
        : producer_(std::move(to))
        , topic_(std::move(topic))
        , told_(std::move(told))
        , reports_(std::make_shared<produced_batches>())
    {
        producer_->handlers.push_back(reports_); // reports may come when this is gone
    }
    dead_letters(const dead_letters&) = delete;
    dead_letters& operator=(const dead_letters&) = delete;
    ~dead_letters()
    {
        if (!reports_->in_flight()) producer_->handlers.remove(reports_);
    }

    /// Copies what would be sent of `m`, which whoever processes it may take apart.
    void keep(const message& m)
    {
        has_key_ = m.has_key();
        has_value_ = m.has_value();
        key_.assign(m.key());
        value_.assign(m.value());
        headers_.clear();
        for (const auto& h : m.headers())
            headers_.emplace_back(
                h.name, h.value ? std::optional(std::string(*h.value)) : std::nullopt);
        topic_of_.assign(m.topic());
        partition_ = m.partition();
        time_ = m.time();
    }

    /// What was kept last threw `cause`.
    void add(const char* cause, std::int64_t offset)
    {
        auto& l = letters_.emplace_back();
        if (has_key_) l.record.key = key_;
        if (has_value_) l.record.value = value_;
        l.record.headers = headers_;
        l.record.time = time_;
        l.cause = cause;
        l.from = {topic_of_, std::to_string(partition_), std::to_string(offset)};
        if (told_) told_({topic_of_, partition_, offset, l.cause});
    }

    /// Sends them, and waits until all have been delivered.
    asio::awaitable<void> deliver()
    {
        if (letters_.empty()) co_return;
        auto* done = reports_->open();
        for (const auto& l : letters_) {
            auto r = record_of(l);
            co_await enqueue(producer_, std::move(r), done);
            reports_->produced();
        }
        letters_.clear();
        reports_->seal();
        while (reports_->in_flight()) co_await producer_->moved.wait();
        if (reports_->failed()) throw error(*reports_->failed());
    }

private:
    struct letter {
        owned_message record{};
        std::string cause;
        struct {
            std::string topic, partition, offset;
        } from;
    };

    record record_of(const letter& l) const
    {
        record r = l.record.value ? record(topic_, *l.record.value) : record(topic_, std::nullopt);
        if (l.record.key) r.key(*l.record.key);
        if (l.record.time > time_point()) r.timestamp(l.record.time);
        for (const auto& [name, value] : l.record.headers)
            r.header(name, value ? std::optional<std::string_view>(*value) : std::nullopt);
        r.header("corostream.cause", l.cause);
        r.header("corostream.topic", l.from.topic);
        r.header("corostream.partition", l.from.partition);
        r.header("corostream.offset", l.from.offset);
        return r;
    }

    producer_handle producer_;
    std::string topic_;
    std::function<void(const poison_record&)> told_;
    std::shared_ptr<produced_batches> reports_;
    std::vector<letter> letters_;
    // the record at hand, in buffers that are used again
    bool has_key_ = false, has_value_ = false;
    std::string key_, value_, topic_of_;
    std::vector<std::pair<std::string, std::optional<std::string>>> headers_;
    std::int32_t partition_ = -1;
    time_point time_{};
};

template <stream Up>
class dead_letter_stage : public stage_over<Up> {
public:
    using value_type = message;

    dead_letter_stage(Up up, std::unique_ptr<dead_letters> letters)
        : stage_over<Up>(std::move(up))
        , letters_(std::move(letters))
    {
    }

    template <class Sink>
    asio::awaitable<pumped> pump(Sink next, time_point until)
    {
        const auto got
            = co_await this->up_.pump(sink<Sink>{{next}, letters_.get()}, until);
        co_await letters_->deliver(); // before the records' offsets can be acknowledged
        co_return got;
    }

private:
    template <class Next>
    struct sink : forwarding_sink<Next> {
        dead_letters* letters;
        bool push(message&& m, const element& e)
        {
            letters->keep(m);
            try {
                return this->next.push(std::move(m), e);
            } catch (const std::bad_alloc&) { // nobody's fault but ours
                throw;
            } catch (const std::exception& x) {
                letters->add(x.what(), e.offset);
            } catch (...) {
                letters->add("an exception without a text", e.offset);
            }
            return true;
        }
    };

    std::unique_ptr<dead_letters> letters_;
};

class dead_letter_closure : public closure {
public:
    dead_letter_closure(
        producer_handle to, std::string topic, std::function<void(const poison_record&)> told)
        : letters_(
              std::make_unique<dead_letters>(std::move(to), std::move(topic), std::move(told)))
    {
    }

    template <stream Up>
    auto operator()(Up up) &&
    {
        constexpr bool messages = std::same_as<typename Up::value_type, message>;
        static_assert(messages,
            "corostream: dead_letter(producer, topic): the elements before it are no messages; "
            "put it right after messages(): it guards what follows it");
        if constexpr (messages)
            return dead_letter_stage<Up>(std::move(up), std::move(letters_));
    }

private:
    std::unique_ptr<dead_letters> letters_;
};

} // namespace detail

/// Guards what follows it: a message for which a user's function throws goes to `topic`, and the
/// stream goes on without it. Stands where the elements are messages still, as in
/// `records.messages() | dead_letter(to, "phones.dead") | map(parse) | window(4s) | ...`.
///
/// The record sent has the message's key, value, time and headers, and besides the headers
/// `corostream.cause` (the exception's text), `corostream.topic`, `corostream.partition` and
/// `corostream.offset`. It has been delivered before the message can be acknowledged, so none is
/// lost; after a crash one may be there twice. `told`, if given, is called with each, to count or
/// log them; it must not throw.
///
/// A function that throws is to leave an aggregate's value as it was. `std::bad_alloc` is passed
/// on. Errors: a record that cannot be delivered ends the stream with its `kafka::error`. `to` must
/// outlive the pipeline. Completes and is cancelled with the stream before it. Cost: a copy of key
/// and value an element, into buffers that are used again; a pump with letters waits for their
/// delivery.
inline auto dead_letter(
    producer& to, std::string topic, std::function<void(const poison_record&)> told = {})
{
    return detail::dead_letter_closure(to.state(), std::move(topic), std::move(told));
}

} // namespace corostream::kafka
