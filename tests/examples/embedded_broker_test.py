"""phone_count with its own broker, alone and with other programs that join it."""
import base64
import json
import re
import time
import unittest
from collections import Counter
from datetime import datetime, timezone

import event_time_oracle as oracle
from programs import PHONE_COUNT, PHONE_PRODUCER, EmbeddedBroker, Program, TestCase, run

WINDOW = r"^\[(\S+), (\S+)\)$"
HOSTILE = [b"Huwai P30", b"", b"\x1b[2J\x1b]0;title\x07", b"a\x00b", b"\xff\xfe", b"half \xe2\x98",
           b"\xe2\x80\xaereversed", b"quote\" back\\slash", b"\x7f\xc2\x85", "☎ Übertelefon 小米".encode(),
           b"carriage\r", b"tab\t", b"(null)"]
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]")


def moment(text: str) -> float:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc).timestamp()


def phone_of(row: dict) -> bytes:
    return base64.b64decode(row["phone_base64"]) if "phone_base64" in row else row["phone"].encode()


class Alone(TestCase):
    def test_windows_count_what_was_delivered(self):
        with Program(PHONE_COUNT, "--windows", "3", "--window", "2s") as process:
            self.assertEqual(0, process.wait())
        delivered = Counter(re.findall(r"^Test \[\d\] at offset \d+: (.*)$", process.err.text, re.M))
        windows, counted = [], Counter()
        for line in process.out.lines:
            if begins := re.match(WINDOW, line):
                windows.append((moment(begins[1]), moment(begins[2])))
            else:
                phone, count = re.fullmatch(r"\((.+), (\d+)\)", line).groups()
                counted[phone] += int(count)
        self.assertEqual(3, len(windows))
        self.assertEqual([2.0] * 3, [end - begin for begin, end in windows])
        self.assertEqual([0.0] * 3, [begin % 2 for begin, _ in windows], "aligned to the epoch")
        self.assertEqual(windows, sorted(set(windows)))
        self.assertGreaterEqual(counted.total(), 8)
        self.assertLessEqual(counted, delivered)

    def test_json_has_a_window_a_line(self):
        with Program(PHONE_COUNT, "--windows", "2", "--window", "1s", "--format", "json") as process:
            self.assertEqual(0, process.wait())
        windows = [json.loads(line) for line in process.out.lines]
        self.assertEqual(2, len(windows))
        for window in windows:
            self.assertEqual(["begin", "begin_ms", "end", "end_ms", "counts"], list(window))
            self.assertEqual(moment(window["begin"]) * 1000, window["begin_ms"])
            self.assertEqual(window["begin_ms"] + 1000, window["end_ms"])
            for row in window["counts"]:
                self.assertEqual(["phone", "count"], list(row))
                self.assertGreaterEqual(row["count"], 1)

    def test_bars_in_a_pipe_are_drawn_one_below_the_other(self):
        with Program(PHONE_COUNT, "--windows", "2", "--window", "1s", "--format", "bars") as process:
            self.assertEqual(0, process.wait())
        self.assertNotIn("\x1b", process.out.text)
        self.assertEqual(2, len(re.findall(WINDOW, process.out.text, re.M)))
        self.assertRegex(process.out.text, r"█ \d+\n")

    def test_a_list_without_brokers_has_fifteen_phones(self):
        shown = run(PHONE_COUNT, "--list")
        self.assertEqual(0, shown.returncode)
        self.assertEqual(15, len(shown.stdout.decode().splitlines()))
        self.assertOneLine(shown.stderr, "phone_count", "--brokers")


class Joined(TestCase):
    """Other programs at the embedded broker of one phone_count."""

    @classmethod
    def setUpClass(cls):
        cls.broker = cls.enterClassContext(EmbeddedBroker("--window", "1h"))

    @classmethod
    def tearDownClass(cls):
        cls.broker.signal()
        assert cls.broker.wait() == 0, cls.broker.err.text

    def produce(self, topic: str, *options: str, stdin: bytes = b""):
        return run(PHONE_PRODUCER, "--brokers", self.broker.address, "--topic", topic, "--rate", "0", *options,
                   stdin=stdin)

    def list(self, topic: str, *options: str):
        shown = run(PHONE_COUNT, "--list", "--brokers", self.broker.address, "--topic", topic, *options)
        self.assertEqual((0, b""), (shown.returncode, shown.stderr))
        return shown.stdout

    def test_deliveries_and_summary(self):
        made = self.produce("deliveries", "--count", "20")
        self.assertEqual(0, made.returncode, made.stderr)
        self.assertOneLine(made.stderr, "phone_producer", "sent 20, delivered 20, failed 0, ", " a second")
        told = re.findall(r"^deliveries \[(\d)\] at offset (\d+): (.+)\n", made.stdout.decode(), re.M)
        self.assertEqual(20, len(told))
        self.assertEqual(20, len(set((partition, offset) for partition, offset, _ in told)))
        listed = self.list("deliveries").decode().splitlines()
        self.assertEqual(Counter(name for _, _, name in told), Counter(listed))

    def test_a_seed_makes_the_names_repeatable(self):
        first, again, other = (self.produce("seed", "--count", "30", "--seed", seed).stdout.decode() for seed in "117")
        names = [sorted(re.findall(r": (.*)$", text, re.M)) for text in (first, again, other)]
        self.assertEqual(names[0], names[1])
        self.assertNotEqual(names[0], names[2])

    def test_a_key_keeps_each_phone_in_one_partition(self):
        self.assertEqual(0, self.produce("keyed", "--count", "60", "--key", "name").returncode)
        where = {}
        for line in self.list("keyed", "--format", "json").splitlines():
            message = json.loads(line)
            self.assertEqual(message["key"], message["phone"])
            where.setdefault(message["phone"], set()).add(message["partition"])
        self.assertEqual({1}, {len(partitions) for partitions in where.values()})
        self.assertGreater(len(set.union(*where.values())), 1)

    def test_the_rate_is_held(self):
        begin = time.monotonic()
        made = run(PHONE_PRODUCER, "--brokers", self.broker.address, "--topic", "rate", "--rate", "20", "--count", "31")
        self.assertEqual(0, made.returncode)
        self.assertGreaterEqual(time.monotonic() - begin, 1.5)

    def stamped(self, topic: str, *options: str):
        """The times in ms of a hundred records, in the order of sending."""
        made = self.produce(topic, "--stdin", *options, stdin=b"".join(b"%d\n" % i for i in range(100)))
        self.assertEqual(0, made.returncode, made.stderr)
        times = {int(m["phone"]): m["time_ms"] for m in map(json.loads, self.list(topic, "--format", "json").splitlines())}
        return [times[i] for i in range(100)]

    def test_event_times_go_on_at_their_rate_from_the_start_of_the_program(self):
        begin = int(time.time() * 1000)
        times = self.stamped("event-rate", "--event-rate", "0.01")
        end = time.time() * 1000
        self.assertTrue(begin <= times[0] <= end, (begin, times[0], end))
        self.assertEqual([times[0] + 100_000 * i for i in range(100)], times)

    def test_event_times_can_be_reproduced(self):
        start = int(moment("2026-11-22T12:00:00Z") * 1000)
        options = ("--event-rate", "1000", "--start", "2026-11-22T12:00:00Z")
        self.assertEqual([start + i for i in range(100)], self.stamped("start", *options))
        options += ("--disorder", "50ms", "--seed")
        first, again, other = (self.stamped(f"disorder-{n}", *options, seed) for n, seed in enumerate("112"))
        early = [start + i - at for i, at in enumerate(first)]
        self.assertTrue(all(0 <= ms <= 50 for ms in early), early)
        self.assertGreater(len(set(early)), 25)
        self.assertNotEqual(sorted(first), first)
        self.assertEqual(first, again)
        self.assertNotEqual(first, other)

    def test_disorder_makes_the_time_of_sending_earlier(self):
        begin = int(time.time() * 1000)
        times = self.stamped("disorder", "--disorder", "1h", "--seed", "1")
        end = time.time() * 1000
        self.assertTrue(begin - 3_600_000 <= min(times) and max(times) <= end, (begin, times, end))
        self.assertGreater(max(times) - min(times), 2_400_000)
        plain = self.stamped("no-disorder", "--disorder", "0s")
        self.assertTrue(end - 1 <= min(plain) and max(plain) <= time.time() * 1000, (end, plain))

    def make_ten_seconds(self, topic: str, *options: str):
        made = self.produce(topic, "--count", "100", "--event-rate", "10", "--start", "2020-02-29T12:00:00Z",
                            "--seed", "1", "--set", "sticky.partitioning.linger.ms=0", *options)
        self.assertEqual(0, made.returncode, made.stderr)

    def count(self, topic: str, *options: str):
        return run(PHONE_COUNT, "--brokers", self.broker.address, "--topic", topic, "--time", "event",
                   "--format", "json", *options)

    def test_a_topic_is_counted_again_by_event_time(self):
        self.make_ten_seconds("again")
        shown = [self.count("again", "--until", "end", "--window", "2s") for _ in range(2)]
        self.assertEqual([(0, b"")] * 2, [(s.returncode, s.stderr) for s in shown])
        self.assertEqual(shown[0].stdout, shown[1].stdout)
        windows, _ = oracle.printed(shown[0].stdout)
        self.assertEqual([20] * 5, [sum(n for _, n in rows) for _, _, rows in windows])

    def test_event_time_goes_on_while_windows_are_asked_for(self):
        self.make_ten_seconds("live")
        with Program(PHONE_COUNT, "--brokers", self.broker.address, "--topic", "live", "--time", "event", "--format",
                     "json", "--window", "2s", "--bound", "0s", "--idle", "500ms", "--windows", "4",
                     "--group", "live") as process:
            self.assertEqual(0, process.wait(), process.err.text)
        windows, _ = oracle.printed(process.out.bytes)
        self.assertEqual([20] * 4, [sum(n for _, n in rows) for _, _, rows in windows])

    def test_late_records_are_told(self):
        self.make_ten_seconds("late", "--disorder", "5s")
        records = oracle.records(self.list("late", "--format", "json"), 0)
        expected, late = oracle.count(records, oracle.tumbling(1000))
        self.assertGreater(len(late), 1)
        options = ("--until", "end", "--window", "1s", "--bound", "0s")
        said = f"{len(late)} records came too late for their windows, and are not counted"
        dropped = self.count("late", *options)
        self.assertOneLine(dropped.stderr, "phone_count", said)
        self.assertEqual((expected, []), oracle.printed(dropped.stdout))
        shown = self.count("late", *options, "--late", "show")
        self.assertOneLine(shown.stderr, "phone_count", said)
        windows, told = oracle.printed(shown.stdout)
        self.assertEqual(expected, windows)
        self.assertEqual([(r.partition, r.offset, r.time, r.phone) for r in late],
                         [(m["partition"], m["offset"], m["time_ms"], m["phone"]) for m in told])

    def test_what_is_too_far_ahead_is_dropped(self):
        self.make_ten_seconds("ahead")
        made = self.produce("ahead", "--count", "2", "--event-rate", "1", "--start", "2999-01-01T00:00:00Z")
        self.assertEqual(0, made.returncode, made.stderr)
        self.make_ten_seconds("ahead")
        options = ("--until", "end", "--window", "2s", "--bound", "10s")
        counted = self.count("ahead", *options, "--max-future", "1h")
        self.assertOneLine(counted.stderr, "phone_count",
                           "2 records were too far ahead of the clock, and are not counted")
        windows, _ = oracle.printed(counted.stdout)
        self.assertEqual([40] * 5, [sum(n for _, n in rows) for _, _, rows in windows])
        closed = self.count("ahead", *options)
        self.assertOneLine(closed.stderr, "phone_count", "too late")

    def test_a_window_that_is_not_delivered_is_not_shown(self):
        self.assertEqual(0, self.produce("long", "--stdin", stdin=b"x" * 2000 + b"\n").returncode)
        shown = self.count("long", "--until", "end", "--to", "results", "--set", "message.max.bytes=1000")
        self.assertEqual((1, b""), (shown.returncode, shown.stdout))
        self.assertOneLine(shown.stderr, "phone_count", "results")

    def test_hostile_bytes_are_safe_in_text(self):
        made = self.produce("text", "--stdin", stdin=b"\n".join(HOSTILE) + b"\n")
        self.assertEqual(0, made.returncode, made.stderr)
        self.assertIn(b"sent %d, delivered %d, failed 0" % (len(HOSTILE), len(HOSTILE)), made.stderr)
        listed = self.list("text").decode()
        self.assertIsNone(UNSAFE.search(listed) or UNSAFE.search(made.stdout.decode()))
        lines = ["Huwai P30", '""', r"\x1b[2J\x1b]0;title\x07", r"a\x00b", r"\xff\xfe", r"half \xe2\x98",
                 r"\xe2\x80\xaereversed", r'quote" back\\slash', r"\x7f\xc2\x85", "☎ Übertelefon 小米", r"carriage\x0d",
                 r"tab\x09", "(null)"]
        self.assertEqual(sorted(lines), sorted(listed.splitlines()))

    def test_hostile_bytes_make_valid_json(self):
        self.assertEqual(0, self.produce("json", "--stdin", "--key", "name", stdin=b"\n".join(HOSTILE)).returncode)
        listed = self.list("json", "--format", "json").decode()
        self.assertIsNone(UNSAFE.search(listed))
        messages = [json.loads(line) for line in listed.splitlines()]
        for message in messages:
            self.assertEqual(message["time_ms"] // 1000, int(moment(re.sub(r"\.\d+Z", "Z", message["time"]))))
            self.assertEqual(message["key"], message["phone"])
        self.assertEqual(sorted(HOSTILE), sorted(map(phone_of, messages)))
        not_utf8 = {message["phone"] for message in messages if "phone_base64" in message}
        self.assertEqual({"\ufffd\ufffd", "half \ufffd\ufffd"}, not_utf8)

    def test_hostile_bytes_are_counted(self):
        with Program(PHONE_COUNT, "--brokers", self.broker.address, "--topic", "counted", "--wait-topic",
                     "--group", "g", "--format", "json", "--windows", "1", "--window", "1s",
                     "--set", "fetch.wait.max.ms=10") as counter:
            self.assertEqual(0, self.produce("counted", "--stdin", stdin=b"\n".join(HOSTILE * 2)).returncode)
            self.assertEqual(0, counter.wait())
        rows = json.loads(counter.out.text)["counts"]
        self.assertEqual(set(HOSTILE), set(map(phone_of, rows)))
        self.assertEqual({2}, {row["count"] for row in rows})

    def test_names_as_large_as_a_record_may_be_and_larger(self):
        large, too_large = b"x" * 990_000, b"y" * 1_100_000
        made = self.produce("large", "--stdin", stdin=b"\n".join([b"before", large, too_large, b"after"]))
        self.assertEqual(1, made.returncode)
        failed, summary = made.stderr.decode().splitlines()
        self.assertRegex(failed, r"^phone_producer: .*large.*: y{60}\.\.\. \(1100000 bytes\)$")
        self.assertIn("sent 4, delivered 3, failed 1", summary)
        self.assertEqual(sorted([b"before", large, b"after"]), sorted(self.list("large").splitlines()))


if __name__ == "__main__":
    unittest.main()
