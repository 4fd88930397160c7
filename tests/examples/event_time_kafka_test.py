"""phone_count by event time on a real Kafka: an hour of records in four partitions, against a plain oracle."""
import json
import re
import signal
import time
import unittest
from collections import Counter, defaultdict

import event_time_oracle as oracle
from own_kafka import OwnKafka
from programs import PHONE_COUNT, PHONE_PRODUCER, Program, TestCase, run

RECORDS = 20_000
SECOND = 1000
MINUTE = 60 * SECOND
KINDS = [(("--window", "1m"), oracle.tumbling(MINUTE)),
         (("--window", "5m", "--hop", "30s"), oracle.hopping(5 * MINUTE, 30 * SECOND)),
         (("--window", "50s", "--hop", "15s"), oracle.hopping(50 * SECOND, 15 * SECOND)),
         (("--window", "10m", "--cumulate", "1m"), oracle.cumulative(MINUTE, 10 * MINUTE))]


class EventTime(TestCase):
    @classmethod
    def setUpClass(cls):
        cls.kafka = cls.enterClassContext(OwnKafka("num.partitions=4"))
        made = run(PHONE_PRODUCER, "--brokers", cls.kafka.address, "--topic", "hour", "--rate", "0",
                   "--count", str(RECORDS), "--event-rate", "5.56", "--start", "2020-02-29T12:00:00Z",
                   "--disorder", "5s", "--seed", "1", "--set", "sticky.partitioning.linger.ms=0")
        assert made.returncode == 0, made.stderr
        cls.listed = cls.list("hour")
        assert len(cls.listed.splitlines()) == RECORDS

    @classmethod
    def list(cls, topic: str) -> bytes:
        shown = run(PHONE_COUNT, "--brokers", cls.kafka.address, "--topic", topic, "--list", "--format", "json")
        assert (shown.returncode, shown.stderr) == (0, b""), shown
        return shown.stdout

    def count(self, *options: str, said: bytes = b"") -> bytes:
        shown = run(PHONE_COUNT, "--brokers", self.kafka.address, "--topic", "hour", "--time", "event",
                    "--until", "end", "--format", "json", *options)
        self.assertEqual((0, said), (shown.returncode, shown.stderr))
        return shown.stdout

    def test_the_records_are_spread_and_out_of_order(self):
        records = oracle.records(self.listed, 0)
        self.assertEqual({0, 1, 2, 3}, {r.partition for r in records})
        self.assertGreater(sum(r.time < r.watermark for r in records), RECORDS / 10)

    def test_windows_of_each_kind_are_those_of_the_oracle_in_every_run(self):
        records = oracle.records(self.listed, 5 * SECOND)
        for options, windows in KINDS:
            with self.subTest(options=options):
                expected, late = oracle.count(records, windows)
                self.assertEqual([], late)
                first = self.count(*options, "--bound", "5s")
                self.assertEqual((expected, []), oracle.printed(first))
                self.assertEqual(first, self.count(*options, "--bound", "5s"))

    def test_sessions_are_those_of_the_oracle_in_every_run(self):
        records = oracle.records(self.listed, 5 * SECOND)
        self.assertFalse([r for r in records if r.time + 2 * SECOND <= r.watermark])
        expected = oracle.count_sessions(records, 2 * SECOND)
        self.assertGreater(len(expected), 1000)
        first = self.count("--session", "2s", "--bound", "5s")
        self.assertEqual((expected, []), oracle.printed(first))
        self.assertEqual(first, self.count("--session", "2s", "--bound", "5s"))

    def test_late_records_are_dropped_and_counted(self):
        records = oracle.records(self.listed, SECOND)
        for options, windows in [(("--window", "2s"), oracle.tumbling(2 * SECOND)),
                                 (("--window", "3s", "--hop", "1s"), oracle.hopping(3 * SECOND, SECOND)),
                                 (("--window", "4s", "--cumulate", "1s"), oracle.cumulative(SECOND, 4 * SECOND))]:
            with self.subTest(options=options):
                expected, late = oracle.count(records, windows)
                self.assertGreater(len(late), 100)
                said = b"phone_count: %d records came too late for their windows, and are not counted\n" % len(late)
                shown = self.count(*options, "--bound", "1s", said=said)
                self.assertEqual((expected, []), oracle.printed(shown))

    def test_late_records_are_shown(self):
        expected, late = oracle.count(oracle.records(self.listed, SECOND), oracle.tumbling(2 * SECOND))
        said = b"phone_count: %d records came too late for their windows, and are not counted\n" % len(late)
        options = ("--window", "2s", "--late", "show")
        shown = self.count(*options, said=said)
        told = [{"late": True, "partition": r.partition, "offset": r.offset, "time_ms": r.time, "phone": r.phone}
                for r in late]
        self.assertEqual((expected, told), oracle.printed(shown))
        self.assertEqual(shown, self.count(*options, said=said))

    def test_windows_come_again_while_late_records_are_allowed(self):
        windows = oracle.tumbling(2 * SECOND)
        expected, late = oracle.count(oracle.records(self.listed, SECOND), windows, allowed=10 * SECOND)
        self.assertEqual([], late)
        shown = self.count("--window", "2s", "--late", "allow=10s")
        last, times = {}, Counter()
        for line in map(json.loads, shown.splitlines()):
            window = (line["begin_ms"], line["end_ms"])
            if window in last:
                self.assertIs(True, line.get("update"), "what was shown before is marked")
            last[window] = {row["phone"]: row["count"] for row in line["counts"]}
            times[window] += 1
        self.assertEqual({(begin, end): dict(rows) for begin, end, rows in expected}, last)
        self.assertGreater(sum(n > 1 for n in times.values()), 100)

    def test_sessions_that_late_records_change_are_taken_back(self):
        records = oracle.records(self.listed, SECOND)
        self.assertGreater(sum(r.time + 2 * SECOND <= r.watermark for r in records), 100)
        expected = oracle.count_sessions(records, 2 * SECOND)
        options = ("--session", "2s", "--late", "allow=10s", "--to", "sessions")
        shown = self.count(*options)
        last, taken_back = {}, 0
        for line in map(json.loads, shown.splitlines()):
            for row in line["counts"]:
                session = (line["begin_ms"], line["end_ms"], row["phone"])
                if line.get("retracted"):
                    self.assertEqual(last.pop(session), row["count"], "it is taken back as it was")
                    taken_back += 1
                else:
                    self.assertTrue(line.get("update") or session not in last)
                    last[session] = row["count"]
        self.assertEqual({(begin, end, phone): n for begin, end, rows in expected for phone, n in rows}, last)
        self.assertGreater(taken_back, 100)
        self.assertEqual(shown, self.count(*options))

        written = {}
        for m in sorted(map(json.loads, self.list("sessions").splitlines()), key=lambda m: (m["partition"], m["offset"])):
            begin, n = m["phone"].split(",")
            written[m["key"], int(begin)] = int(n)
        self.assertEqual({(phone, begin): n for (begin, _, phone), n in last.items()},
                         {session: n for session, n in written.items() if n})

    def test_results_go_to_a_topic(self):
        shown, _ = oracle.printed(self.count("--window", "10m", "--bound", "5s", "--to", "results"))
        written = defaultdict(list)
        for m in sorted(map(json.loads, self.list("results").splitlines()), key=lambda m: (m["partition"], m["offset"])):
            written[m["key"]].append(m["phone"])
        expected = defaultdict(list)
        for begin, _, rows in shown:
            for phone, n in rows:
                expected[phone].append(f"{begin},{n}")
        self.assertEqual(expected, written, "of each phone in order of its windows, as they are of one partition")

    def test_a_group_that_is_killed_writes_each_count_all_the_same(self):
        options = ("--window", "10s", "--bound", "5s", "--to", "killed", "--group", "killed", "--from", "earliest",
                   "--set", "group.instance.id=one")
        for seconds in (0, 0.5, 1.5, 0.2):  # a commit comes each second
            with Program(PHONE_COUNT, "--brokers", self.kafka.address, "--topic", "hour", "--time", "event",
                         "--format", "json", *options) as counter:
                counter.out.wait_for(r"counts")
                time.sleep(seconds)
                counter.signal(signal.SIGKILL)
                counter.wait()
        self.count(*options)
        last = {}
        for m in sorted(map(json.loads, self.list("killed").splitlines()), key=lambda m: (m["partition"], m["offset"])):
            begin, n = m["phone"].split(",")
            last[m["key"], int(begin)] = int(n)
        expected, _ = oracle.count(oracle.records(self.listed, 5 * SECOND), oracle.tumbling(10 * SECOND))
        self.assertEqual({(phone, begin): n for begin, _, rows in expected for phone, n in rows}, last)

    def test_a_group_commits_and_goes_on_where_it_left_off(self):
        first = self.count("--window", "10m", "--bound", "5s", "--group", "again", "--from", "earliest")
        self.assertEqual(RECORDS, sum(n for _, _, rows in oracle.printed(first)[0] for _, n in rows))
        self.assertEqual(b"", self.count("--window", "10m", "--bound", "5s", "--group", "again"))

    def test_a_table_marks_late_records_as_well(self):
        shown = run(PHONE_COUNT, "--brokers", self.kafka.address, "--topic", "hour", "--time", "event", "--until", "end",
                    "--window", "2s", "--late", "show")
        _, late = oracle.count(oracle.records(self.listed, SECOND), oracle.tumbling(2 * SECOND))
        told = re.findall(r"^late \((.+), 2020-02-29T1\d:\d\d:\d\d(?:\.\d{3})?Z\)$", shown.stdout.decode(), re.M)
        self.assertEqual([r.phone for r in late], told)


if __name__ == "__main__":
    unittest.main()
