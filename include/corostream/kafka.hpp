#pragma once

// Kafka, on top of <corostream/corostream.hpp>: needs librdkafka.

#include <corostream/corostream.hpp>
#include <corostream/kafka/config.hpp>
#include <corostream/kafka/consumer.hpp>
#include <corostream/kafka/consumer_options.hpp>
#include <corostream/kafka/dead_letter.hpp>
#include <corostream/kafka/error.hpp>
#include <corostream/kafka/events.hpp>
#include <corostream/kafka/message.hpp>
#include <corostream/kafka/offsets.hpp>
#include <corostream/kafka/partition_status.hpp>
#include <corostream/kafka/producer.hpp>
#include <corostream/kafka/producer_options.hpp>
#include <corostream/kafka/rebalance.hpp>
#include <corostream/kafka/record.hpp>
#include <corostream/kafka/sink.hpp>
#include <corostream/kafka/source.hpp>
#include <corostream/kafka/topic_partition.hpp>
