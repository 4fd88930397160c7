#pragma once

#include <corostream/core/cursor.hpp>
#include <corostream/core/stream.hpp>
#include <corostream/core/wakeup.hpp>
#include <corostream/kafka/consumer_options.hpp>
#include <corostream/kafka/detail/client.hpp>
#include <corostream/kafka/detail/committer.hpp>
#include <corostream/kafka/detail/partition_reader.hpp>
#include <corostream/kafka/offsets.hpp>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <exception>
#include <utility>
#include <vector>

namespace corostream::kafka::detail {

/// What a consumer, the stage that reads it and the tasks that serve it share. All of them run on
/// one executor.
struct consumer_state {
    consumer_state(const asio::any_io_executor& executor, consumer_options chosen)
        : options(std::move(chosen))
        , link(executor, RD_KAFKA_CONSUMER, defaults(options), options.properties(),
              options.handlers(), options.authentication_timeout())
        , numbering(options.topics())
        , data(executor)
        , work(executor)
        , done(executor)
        , proofs(executor)
        , commits(link, progress, numbering)
        , reader(group_watch::is_cooperative(rd_kafka_conf(link.handle())))
    {
        rd_kafka_poll_set_consumer(link.handle()); // everything but data now comes by one queue
        control = watched_queue(rd_kafka_queue_get_consumer(link.handle()), link.signal());
    }

    consumer_options options;
    client link;
    partition_numbering numbering;
    offsets progress;
    /// for the stage that reads, the task that manages, and whoever closes
    wakeup data, work, done;
    wakeup proofs; ///< for the task that proves that partitions have been read to their end
    watched_queue control;
    committer commits;
    partition_reader reader;
    std::deque<event_handle> rebalances;  ///< held until they are worked off
    std::vector<partition_id> revoked;    ///< taken away, and the stages not yet told
    time_point close_deadline = never;
    bool reading = false;  ///< a pipeline is there to acknowledge what it is given
    bool assigned = false; ///< partitions were given at least once
    bool draining = false; ///< somebody waits for acknowledgements
    bool stopping = false; ///< the stream is to end
    bool closing = false;  ///< the consumer is to leave
    bool managed = true;   ///< the managing task runs
    bool left = true;      ///< the group, if any, let us go
    bool over = false;
    bool timed = false;  ///< the pipeline goes by event time
    bool proved = false; ///< there is a proof that the pipeline has not been told of
    time_point proof_due = never; ///< when the next one is wanted
    std::exception_ptr close_failure; ///< what went wrong with leaving

    time_point now() const { return link.clock().now(); }

    /// True when a bounded read has come to the end of every partition it was given.
    bool finished() const
    {
        return options.bounded() && assigned && rebalances.empty()
            && std::all_of(reader.partitions().begin(), reader.partitions().end(),
                [](const auto& p) { return p->finished; });
    }

    /// A pump came out as `got`.
    corostream::pumped pumped(corostream::pumped got)
    {
        progress.pumped();
        return got;
    }

    void acknowledge(const cursor& c)
    {
        progress.acknowledge(c, now());
        if (draining) work.notify();
    }

    void stop()
    {
        stopping = true;
        data.notify();
    }

    /// Ends the stream with `e`.
    void fail(const error& e)
    {
        link.report(e);
        if (!link.failure()) link.fail(e);
        wake();
    }

    /// Lets everyone who waits look again.
    void wake()
    {
        data.notify();
        work.notify();
        proofs.notify();
    }

    /// The pipeline wants a proof that partitions have been read to their end, not before `due`.
    void want_proof(time_point due)
    {
        const bool sooner = due < proof_due;
        proof_due = due;
        if (sooner) proofs.notify();
    }

    /// Takes what is on the queues of control, and wakes who waits for it.
    void drain()
    {
        client::drain(control.get(), [this](event_handle event) {
            if (rd_kafka_event_type(event.get()) != RD_KAFKA_EVENT_REBALANCE) {
                link.handle(event.get());
                return;
            }
            link.group().assigned();
            rebalances.push_back(std::move(event));
        });
        commits.drain();
        link.drain_log();
        reader.ready_all();
        data.notify();
        work.notify();
    }

    /// Ends the tasks.
    void finish()
    {
        stopping = over = true;
        link.end();
        rebalances.clear();
        link.signal().cancel();
        wake();
        done.notify();
    }

    /// Lets go of everything of librdkafka's; who gets the handle destroys it where that may block.
    client_handle release()
    {
        reader.finish();
        commits.close();
        control = {};
        return link.release();
    }

private:
    static config defaults(const consumer_options& o)
    {
        const auto reset = o.start() == start_at::committed ? "error"
                         : o.start() == start_at::earliest  ? "earliest"
                                                            : "latest";
        config safe{
            {"client.id", "corostream"},
            {"enable.auto.commit", "false"},
            {"enable.auto.offset.store", "false"},
            {"allow.auto.create.topics", "false"},
            {"check.crcs", "true"},
            // by a heartbeat a member hears that others come and go, and until all have, none reads
            // what is to change hands, nor commits
            {"heartbeat.interval.ms", "1000"},
            // 16 MB a partition: a second and more of small records, and little enough to state
            {"queued.min.messages", "100000"},
            {"queued.max.messages.kbytes", "16384"},
            {"auto.offset.reset", reset},
            {"enable.partition.eof", "true"}, // for a bounded read, and to tell who is idle
        };
        // never joined, but librdkafka wants one
        if (!o.in_group()) safe.set("group.id", "corostream-without-group");
        return safe;
    }
};

} // namespace corostream::kafka::detail
