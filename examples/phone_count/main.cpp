// phone_count: counts the phones that a Kafka topic names, in windows of time; --help says how.
#include <corostream/corostream.hpp>
#include <corostream/kafka/consumer.hpp>
#include <phone_count/job.hpp>
#include <phone_count/phone_of.hpp>
#include <phone_count/window_printer.hpp>

namespace asio = boost::asio;
namespace cs = corostream;

/// The job: from the messages of a topic to a count of each phone in each window.
asio::awaitable<void> count_phones(cs::kafka::consumer& phones, const phone_count::options& options,
    phone_count::window_printer& printer)
{
    auto counts = phones.messages()
                | cs::window(options.window)
                | cs::count_by(phone_count::phone_of)
                | cs::take(options.windows);

    while (auto window = co_await counts.next()) {
        printer.begin_window(window->begin_time(), window->end_time());
        for (const auto& [phone, count] : *window) printer.row(phone, count);
        printer.end_window();
    }
}

int main(int argc, char** argv)
{
    support::program program("phone_count");
    return program.run([&] {
        return phone_count::run_job(program, phone_count::read_options(argc, argv), count_phones);
    });
}
