#pragma once

// All of corostream but Kafka: needs Boost only. <corostream/kafka.hpp> adds Kafka, and needs
// librdkafka.

#include <corostream/core/clock.hpp>
#include <corostream/core/closure.hpp>
#include <corostream/core/error.hpp>
#include <corostream/core/escape.hpp>
#include <corostream/core/hooks.hpp>
#include <corostream/core/mailbox.hpp>
#include <corostream/core/run.hpp>
#include <corostream/operators/count.hpp>
#include <corostream/operators/count_by.hpp>
#include <corostream/operators/filter.hpp>
#include <corostream/operators/flat_map.hpp>
#include <corostream/operators/map.hpp>
#include <corostream/operators/observe.hpp>
#include <corostream/operators/reduce_by_key.hpp>
#include <corostream/operators/take.hpp>
#include <corostream/operators/tap.hpp>
#include <corostream/sinks/collect.hpp>
#include <corostream/sinks/fold.hpp>
#include <corostream/sinks/for_each.hpp>
#include <corostream/sinks/retry.hpp>
#include <corostream/sources/from_range.hpp>
#include <corostream/sources/generate.hpp>
#include <corostream/sources/ticks.hpp>
#include <corostream/time/cumulative.hpp>
#include <corostream/time/elements.hpp>
#include <corostream/time/event_time.hpp>
#include <corostream/time/global.hpp>
#include <corostream/time/hopping.hpp>
#include <corostream/time/session.hpp>
#include <corostream/time/sliding.hpp>
#include <corostream/time/tumbling.hpp>
#include <corostream/time/window.hpp>
#include <corostream/version.hpp>
