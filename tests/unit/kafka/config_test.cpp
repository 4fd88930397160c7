#include <corostream/kafka/config.hpp>
#include <corostream/kafka/consumer.hpp>
#include <corostream/kafka/producer.hpp>

#include <boost/asio/io_context.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace {

namespace kafka = corostream::kafka;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string refused(const kafka::config& config)
{
    const kafka::detail::conf_handle conf(rd_kafka_conf_new());
    try {
        config.apply(conf.get());
    } catch (const kafka::config_error& e) {
        return e.what();
    }
    return "taken";
}

TEST(Config, NamesAnUnknownPropertyAndItsValue)
{
    EXPECT_EQ(refused({{"lingering.ms", "5"}}), "unknown property lingering.ms (value 5)");
    try {
        kafka::config({{"nonsense", "x"}})
            .apply(kafka::detail::conf_handle(rd_kafka_conf_new()).get());
        FAIL();
    } catch (const kafka::config_error& e) {
        EXPECT_EQ(e.key(), "nonsense");
    }
}

TEST(Config, NamesAPropertyThatDoesNotTakeItsValue)
{
    EXPECT_THAT(refused({{"session.timeout.ms", "soon"}}),
        AllOf(HasSubstr("session.timeout.ms"), HasSubstr("soon")));
    EXPECT_THAT(refused({{"acks", "-7"}}), AllOf(HasSubstr("acks"), HasSubstr("-7")));
    EXPECT_THAT(refused({{"security.protocol", "telepathy"}}), HasSubstr("telepathy"));
}

TEST(Config, TakesWhatLibrdkafkaTakesAndTheLastValueCounts)
{
    EXPECT_EQ(refused({{"linger.ms", "5"}, {"client.id", "c"}, {"linger.ms", "7"}}), "taken");
    const kafka::detail::conf_handle conf(rd_kafka_conf_new());
    kafka::config({{"client.id", "first"}}).set("client.id", "last").apply(conf.get());
    std::array<char, 64> value{};
    std::size_t size = value.size();
    rd_kafka_conf_get(conf.get(), "client.id", value.data(), &size);
    EXPECT_STREQ(value.data(), "last");
}

TEST(Config, EscapesWhatItShows)
{
    EXPECT_THAT(refused({{"linger.ms", "\x1b[31m"}}),
        AllOf(Not(HasSubstr("\x1b")), HasSubstr("\\x1b[31m")));
}

class Secret : public testing::TestWithParam<const char*> {};

TEST_P(Secret, IsNeverShown)
{
    const std::string key = GetParam(), value = "s3cr3t-value";
    EXPECT_TRUE(kafka::config::is_secret(key));
    const auto shown
        = refused({{key, value}, {"linger.ms", "no"}}) + refused({{key + ".typo", value}});
    EXPECT_THAT(shown, Not(HasSubstr(value)));
    const kafka::config config{{key, value}};
    EXPECT_EQ(
        config.redact("user had s3cr3t-value, s3cr3t-values3cr3t-value"), "user had ***, ******");
}

INSTANTIATE_TEST_SUITE_P(All, Secret,
    testing::Values("sasl.password", "ssl.key.password", "ssl.keystore.password", "ssl.key.pem",
        "sasl.username", "sasl.oauthbearer.client.secret", "sasl.oauthbearer.config"));

TEST(Config, ShowsWhatIsNoSecret)
{
    for (const auto* key : {"client.id", "bootstrap.servers", "group.id", "ssl.ca.location"})
        EXPECT_FALSE(kafka::config::is_secret(key)) << key;
    EXPECT_EQ(kafka::config({{"client.id", "me"}}).redact("me and you"), "me and you");
    EXPECT_EQ(kafka::config({{"sasl.password", ""}}).redact("nothing to hide"), "nothing to hide");
}

TEST(Config, OfAClientIsCheckedWhenItIsMade)
{
    boost::asio::io_context io;
    const auto executor = io.get_executor();
    auto what = [](auto make) -> std::string {
        try {
            make();
        } catch (const kafka::config_error& e) {
            return e.what();
        }
        return "made";
    };
    EXPECT_THAT(what([&] {
        kafka::consumer(executor, kafka::consumer_options("h:1", "t").set("no.such", "1"));
    }),
        HasSubstr("no.such"));
    EXPECT_THAT(what([&] {
        kafka::producer(executor, kafka::producer_options("h:1").set("no.such", "1"));
    }),
        HasSubstr("no.such"));
    EXPECT_THAT(what([&] { kafka::consumer(executor, kafka::consumer_options("h:1", "")); }),
        HasSubstr("topic"));
    EXPECT_THAT(
        what([&] { kafka::consumer(executor, kafka::consumer_options("h:1", "^pattern.*")); }),
        HasSubstr("pattern"));
    EXPECT_THAT(what([&] {
        kafka::consumer(executor, kafka::consumer_options("h:1", std::vector<std::string>{}));
    }),
        HasSubstr("topic"));
    // values that only librdkafka as a whole refuses
    EXPECT_THAT(what([&] {
        kafka::consumer(executor, kafka::consumer_options("h:1", "t")
                                      .set("security.protocol", "sasl_plaintext")
                                      .set("sasl.mechanisms", "PLAIN")
                                      .set("sasl.password", "s3cr3t-value")
                                      .set("session.timeout.ms", "6000")
                                      .set("max.poll.interval.ms", "1000"));
    }),
        AllOf(HasSubstr("max.poll.interval.ms"), Not(HasSubstr("s3cr3t"))));
}

} // namespace
