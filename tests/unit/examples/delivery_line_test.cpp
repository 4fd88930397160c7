#include <phone_producer/delivery_line.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace {

std::string line(std::int32_t partition, std::int64_t offset, std::string_view phone)
{
    std::string text;
    phone_producer::append_delivery(text, "Test", partition, offset, phone);
    return text;
}

TEST(DeliveryLine, tells_topic_partition_offset_and_name)
{
    EXPECT_EQ(line(0, 5, "Huwai P30"), "Test [0] at offset 5: Huwai P30");
    EXPECT_EQ(line(31, std::numeric_limits<std::int64_t>::max(), "\x1b]0;x\a"),
        R"(Test [31] at offset 9223372036854775807: \x1b]0;x\x07)");
    EXPECT_EQ(line(0, 0, ""), "Test [0] at offset 0: \"\"");
}

} // namespace
