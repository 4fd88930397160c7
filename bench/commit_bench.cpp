// What commits cost: the phone count in a group that commits every second, and ten times a second,
// against one that does not, in turn, each in a process of its own.
//
//     commit_bench HOST:PORT [RECORDS] [RUNS]
//
// The topic `bench-RECORDS` is made and filled when it is not there.

#include "in_child.hpp"
#include "median.hpp"
#include "phone_topic.hpp"

#include <corostream/kafka.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace asio = boost::asio;
namespace cs = corostream;
using namespace std::chrono_literals;

namespace {

asio::awaitable<void> count_phones(cs::kafka::consumer_options options, std::int64_t records,
    std::function<void()> done, std::int64_t* total)
{
    cs::kafka::consumer phones(co_await asio::this_coro::executor, options);
    {
        // short windows, so that there is something to commit
        auto counts
            = phones.messages() | cs::window(50ms) | cs::count_by(&cs::kafka::message::value);
        while (*total < records) {
            const auto window = co_await counts.next();
            for (const auto& [phone, count] : *window) *total += count;
        }
    }
    done();
    co_await phones.close();
}

cost run(const std::string& brokers, const std::string& topic, std::int64_t records,
    cs::duration interval)
{
    auto options = cs::kafka::consumer_options(brokers, topic);
    options.group(fresh_group()).commit_interval(interval);
    const auto result = in_child([&](const auto& done) {
        std::int64_t total = 0;
        run_to_end(count_phones(options, records, done, &total));
        return total;
    });
    if (result.records != records) throw std::runtime_error("counted something else");
    return result;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 2) {
        std::fprintf(stderr, "usage: commit_bench HOST:PORT [RECORDS] [RUNS]\n");
        return 2;
    }
    const std::string brokers = argv[1];
    const std::int64_t records = argc > 2 ? std::atoll(argv[2]) : 5'000'000;
    const int runs = argc > 3 ? std::atoi(argv[3]) : 7;
    const auto topic = "bench-" + std::to_string(records);
    try {
        in_child([&](const auto&) { return fill_phone_topic(brokers, topic, records); });
        std::vector<double> every_second, often;
        for (int i = 0; i < runs; ++i) {
            const auto none = run(brokers, topic, records, 24h);
            every_second.push_back(none.seconds / run(brokers, topic, records, 1s).seconds);
            often.push_back(none.seconds / run(brokers, topic, records, 100ms).seconds);
            std::printf("none %.2f M/s, every second %.3f x, every 100 ms %.3f x\n",
                static_cast<double>(records) / 1e6 / none.seconds, every_second.back(),
                often.back());
        }
        std::printf("median of %d: records/s with a commit a second %.3f x, with ten %.3f x\n",
            runs, median(every_second), median(often));
    } catch (const std::exception& e) {
        std::fprintf(stderr, "commit_bench: %s\n", e.what());
        return 1;
    }
}
