"""phone_count and phone_producer with a real Kafka: groups, lists, errors, a broker that dies."""
import json
import os
import re
import signal
import time
import unittest
import uuid
from collections import Counter

from own_kafka import OwnKafka
from programs import GRACE, PHONE_COUNT, PHONE_PRODUCER, Program, TestCase, run

BROKERS = os.environ.get("CORO_KAFKA", "")


def fresh(name: str) -> str:
    return f"{name}-{uuid.uuid4().hex[:8]}"


def counts(text: str) -> Counter:
    total = Counter()
    for line in text.splitlines():
        for row in json.loads(line)["counts"]:
            total[row["phone"]] += row["count"]
    return total


class RealKafka(TestCase):
    def setUp(self):
        self.assertTrue(BROKERS, "CORO_KAFKA names no broker")
        self.topic = fresh("phones")

    def produce(self, *options: str, stdin: bytes = b"", topic: str = ""):
        return run(PHONE_PRODUCER, "--brokers", BROKERS, "--topic", topic or self.topic, "--rate", "0", *options, stdin=stdin)

    def counter(self, *options: str) -> Program:
        return Program(PHONE_COUNT, "--brokers", BROKERS, "--topic", self.topic, "--format", "json",
                       *(() if "--window" in options else ("--window", "1s")), *options)

    def test_list_shows_the_topic_to_its_end(self):
        names = [f"phone {i}" for i in range(500)]
        self.assertEqual(0, self.produce("--stdin", stdin="\n".join(names).encode()).returncode)
        shown = run(PHONE_COUNT, "--list", "--brokers", BROKERS, "--topic", self.topic)
        self.assertEqual((0, b""), (shown.returncode, shown.stderr))
        self.assertEqual(sorted(names), sorted(shown.stdout.decode().splitlines()))
        as_json = run(PHONE_COUNT, "--list", "--brokers", BROKERS, "--topic", self.topic, "--format", "json")
        messages = [json.loads(line) for line in as_json.stdout.splitlines()]
        where = {(m["partition"], m["offset"]) for m in messages}
        self.assertEqual(500, len(where))
        self.assertEqual({None}, {m["key"] for m in messages})
        self.assertTrue(all(m["time_ms"] > 1_700_000_000_000 for m in messages))

    def test_a_stop_commits_and_the_group_goes_on_after_it(self):
        self.assertEqual(0, self.produce("--stdin", stdin=b"first\nfirst\n").returncode)
        with self.counter("--group", self.topic) as first:
            first.out.wait_for(r"first")
            first.signal(signal.SIGINT)
            self.assertEqual(0, first.wait(GRACE), first.err.text)
        self.assertEqual(Counter({"first": 2}), counts(first.out.text))
        self.assertEqual(0, self.produce("--stdin", stdin=b"second\n").returncode)
        with self.counter("--group", self.topic, "--windows", "1") as second:
            self.assertEqual(0, second.wait(), second.err.text)
        self.assertEqual(Counter({"second": 1}), counts(second.out.text))

    def test_an_open_window_is_counted_again(self):
        with self.counter("--group", self.topic, "--window", "1h", "--wait-topic") as first:
            self.assertEqual(0, self.produce("--stdin", stdin=b"open\n").returncode)
            self.wait_for_status(first, r"1 held for .*, oldest window from \d{4}-")
            first.signal(signal.SIGTERM)
            self.assertEqual(0, first.wait(GRACE), first.err.text)
        self.assertEqual("", first.out.text)
        self.assertIn("phone_count: 1 record in an open window will be counted again\n", first.err.text)
        with self.counter("--group", self.topic, "--windows", "1") as second:
            self.assertEqual(0, second.wait(), second.err.text)
        self.assertEqual(Counter({"open": 1}), counts(second.out.text))

    def wait_for_status(self, program: Program, pattern: str):
        """Asks by SIGUSR1 until the answer fits."""
        for _ in range(100):
            program.signal(signal.SIGUSR1)
            time.sleep(0.1)
            if re.search(pattern, program.err.text):
                return
        self.fail(program.err.text)

    def test_status_is_said_every_so_often(self):
        self.assertEqual(0, self.produce("--stdin", stdin=b"a\nb\nc\n").returncode)
        with self.counter("--group", self.topic, "--status", "100ms", "--set", "auto.offset.reset=earliest") as counter:
            where = rf"^phone_count: {self.topic} \[\d\]: position \d, counted to (\d), committed \1, log end \1, 0 to read, 0 held$"
            counter.err.wait_for(where)
            counter.signal(signal.SIGTERM)
            self.assertEqual(0, counter.wait(GRACE), counter.err.text)

    def test_members_of_a_group_share_the_phones(self):
        self.assertEqual(0, self.produce("--stdin", stdin=b"warm up\n").returncode)
        with self.counter("--group", self.topic, "--set", "session.timeout.ms=6000") as one, \
                self.counter("--group", self.topic, "--set", "session.timeout.ms=6000") as other:
            wanted = Counter({"warm up": 1})
            for _ in range(5):
                names = [f"phone {n}" for n in range(200)]
                self.assertEqual(0, self.produce("--stdin", stdin="\n".join(names).encode()).returncode)
                wanted.update(names)
            last = run(PHONE_PRODUCER, "--brokers", BROKERS, "--topic", self.topic, "--rate", "0", "--stdin", "--key", "name",
                       stdin="\n".join(f"last {i}" for i in range(20)).encode())
            self.assertEqual(0, last.returncode)
            wanted.update(f"last {i}" for i in range(20))
            # both partitions have a last phone: when all of them are shown, all that came before is
            for i in range(20):
                pattern = re.compile(f'"last {i}"'.encode())
                self.wait_until(lambda: pattern.search(one.out.bytes) or pattern.search(other.out.bytes))
            for member in (one, other):
                member.signal()
                self.assertEqual(0, member.wait(GRACE), member.err.text)
        self.assertEqual(wanted, counts(one.out.text) + counts(other.out.text))

    def test_a_stop_while_another_member_holds_up_the_group(self):
        for strategy in ("range", "cooperative-sticky"):
            with self.subTest(strategy=strategy):
                self.topic = fresh("phones")
                self.assertEqual(0, self.produce("--stdin", stdin=b"warm up\n").returncode)
                options = ("--group", self.topic, "--set", f"partition.assignment.strategy={strategy}")
                with self.counter(*options) as frozen:
                    frozen.out.wait_for(r"warm up")
                    frozen.signal(signal.SIGSTOP)
                    with self.counter(*options) as joining:
                        time.sleep(2)  # it asks to join, and gets no answer
                        joining.signal()
                        self.assertEqual(0, joining.wait(GRACE), joining.err.text)
                        self.assertOneLine(joining.err.text, "phone_count", "leaving the group")

    def wait_until(self, condition, timeout: float = 30.0):
        until = time.monotonic() + timeout
        while not condition():
            self.assertLess(time.monotonic(), until, "waited for too long")
            time.sleep(0.01)

    def test_a_missing_topic_is_an_error_and_is_not_created(self):
        for options in ((), ("--list",)):
            shown = run(PHONE_COUNT, "--brokers", BROKERS, "--topic", self.topic, *options)
            self.assertEqual(1, shown.returncode)
            self.assertOneLine(shown.stderr, "phone_count", self.topic, "Unknown topic")
        again = run(PHONE_COUNT, "--list", "--brokers", BROKERS, "--topic", self.topic)
        self.assertEqual(1, again.returncode, "reading has created the topic")

    def test_a_missing_topic_can_be_waited_for(self):
        with self.counter("--wait-topic", "--group", self.topic, "--windows", "1") as counter:
            self.assertEqual(0, self.produce("--stdin", stdin=b"at last\n").returncode)
            self.assertEqual(0, counter.wait(), counter.err.text)
        self.assertEqual(Counter({"at last": 1}), counts(counter.out.text))

    def test_tls_to_a_port_without_it_ends_with_the_cause(self):
        for program in (PHONE_COUNT, PHONE_PRODUCER):
            with self.subTest(program=program), \
                    Program(program, "--brokers", BROKERS, "--topic", self.topic, "--wait", "5s",
                            "--set", "security.protocol=ssl", "--set", "ssl.key.password=s3cret") as refused:
                self.assertEqual(1, refused.wait())
                self.assertIn("SSL", refused.err.text)
                self.assertNotIn("s3cret", refused.err.text + refused.out.text)


class BrokenBroker(TestCase):
    def test_a_broker_that_is_killed_and_comes_back_loses_nothing(self):
        with OwnKafka() as kafka, \
                Program(PHONE_COUNT, "--brokers", kafka.address, "--topic", "Test", "--wait-topic", "--format", "json",
                        "--window", "1s", "--set", "session.timeout.ms=6000") as counter, \
                Program(PHONE_PRODUCER, "--brokers", kafka.address, "--topic", "Test", "--rate", "200", "--count", "3000",
                        "--seed", "7") as producer:
            producer.out.wait_for(r"^Test .*\n", count=500)
            kafka.call("kill", "1")
            producer.err.wait_for(r"Connection refused|Disconnected|unreachable|can't reach|down")
            kafka.call("boot", "1")
            self.assertEqual(0, producer.wait(60), producer.err.text)
            sent = Counter(re.findall(r"^Test \[\d\] at offset \d+: (.*)\n", producer.out.text, re.M))
            self.assertEqual(3000, sent.total())
            last = run(PHONE_PRODUCER, "--brokers", kafka.address, "--topic", "Test", "--rate", "0", "--stdin", "--key", "name",
                       stdin="\n".join(f"last {i}" for i in range(20)).encode())
            self.assertEqual(0, last.returncode, last.stderr)
            for i in range(20):
                counter.out.wait_for(rf'"last {i}"', timeout=60)
            counter.signal()
            self.assertEqual(0, counter.wait(GRACE), counter.err.text)
            counted = counts(counter.out.text)
            sent.update(f"last {i}" for i in range(20))
            # at least once: what was counted and not committed when the broker went may be counted again
            self.assertEqual(set(sent), set(counted))
            self.assertEqual({}, {phone: n for phone, n in sent.items() if counted[phone] < n})


if __name__ == "__main__":
    unittest.main()
