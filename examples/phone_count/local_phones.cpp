#include <phone_count/local_phones.hpp>
#include <phone_producer/delivery_line.hpp>
#include <support/escaped.hpp>

#include <boost/asio/co_spawn.hpp>

#include <chrono>
#include <random>
#include <utility>

namespace phone_count {

namespace asio = boost::asio;
namespace kafka = corostream::kafka;

local_phones::local_phones(support::program& program, std::string topic)
    : program_(&program)
    , topic_(std::move(topic))
    , broker_(topic_)
    , names_(phone_producer::built_in_phones(), std::random_device()())
    , producer_(program.executor(), kafka::producer_options(brokers()))
    , ended_(program.executor())
{
}

void local_phones::start()
{
    program_->errors().say("embedded broker at " + brokers() + ", topic " + topic_
                           + "; other programs can join: phone_producer --brokers " + brokers());
    publisher_.emplace(program_->executor(), phone_producer::publication(topic_), *this);
    sending_ = true;
    asio::co_spawn(program_->executor(), publisher_->run(&producer_, &names_, stop_.get_token()),
        [this](std::exception_ptr failure) {
            sending_ = false;
            failure_ = std::move(failure);
            ended_.notify();
        });
}

asio::awaitable<void> local_phones::finish()
{
    stop_.request_stop();
    while (sending_) co_await ended_.wait();
    if (failure_) std::rethrow_exception(failure_);
    co_await producer_.close(std::chrono::seconds(1));
}

asio::awaitable<void> local_phones::fill()
{
    program_->errors().say("no --brokers, so this reads fifteen phones on an embedded broker");
    phone_producer::publication what(topic_);
    what.rate = 0;
    what.count = 15;
    publisher_.emplace(program_->executor(), what, *this);
    co_await publisher_->run(&producer_, &names_, stop_.get_token());
}

void local_phones::delivered(const kafka::delivery& to, std::string_view phone)
{
    if (!sending_) return; // from fill()
    std::string line;
    phone_producer::append_delivery(line, to.topic, to.partition, to.offset, phone);
    program_->errors().print(line);
}

void local_phones::failed(std::string_view phone, const kafka::error& why)
{
    program_->errors().say(std::string(why.what()) + ": " + support::brief(phone));
}

} // namespace phone_count
