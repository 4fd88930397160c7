#include <corostream/version.hpp>

#include <librdkafka/rdkafka.h>

int main()
{
    return rd_kafka_version() >= 0x02000200 ? 0 : 1;
}
