// phone_count: counts the phones that a Kafka topic names, in windows of time; --help says how.
#include <corostream/corostream.hpp>
#include <corostream/kafka/consumer.hpp>
#include <phone_count/job.hpp>
#include <phone_count/other_counts.hpp>
#include <phone_count/phone_of.hpp>

namespace asio = boost::asio;
namespace cs = corostream;

namespace {

/// The job: from the messages of a topic to a count of each phone in each window.
asio::awaitable<void> count_phones(cs::kafka::consumer& phones, const phone_count::options& options,
    phone_count::results& results)
{
    auto counts = phones.messages()
                | cs::window(options.window.size)
                | cs::count_by(phone_count::phone_of)
                | cs::take(options.windows);

    while (auto window = co_await counts.next()) co_await results.show(*window);
}

/// Event time takes a line more in that pipeline: see count_by_event_time.hpp. The kind of windows
/// is part of a pipeline's type, so the other kinds are compiled beside this one.
phone_count::counting* job_for(const phone_count::options& options)
{
    using namespace phone_count;
    const auto& w = options.window;
    if (w.late == late_kind::allow) return count_by_event_time_again;
    if (w.time == time_kind::event) return count_by_event_time;
    return w.kind == window_kind::tumbling ? count_phones : count_by_arrival;
}

} // namespace

int main(int argc, char** argv)
{
    support::program program("phone_count");
    return program.run([&] {
        const auto options = phone_count::read_options(argc, argv);
        return phone_count::run_job(program, options, job_for(options));
    });
}
