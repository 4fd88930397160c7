"""SIGINT and SIGTERM: the first stops gracefully, the second at once."""
import fcntl
import os
import re
import select
import signal
import subprocess
import unittest

from programs import DEADLINE, GRACE, PHONE_COUNT, PHONE_PRODUCER, EmbeddedBroker, OnTerminal, Program, TestCase

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class PhoneCount(TestCase):
    def test_stops_gracefully_within_five_seconds(self):
        for number in SIGNALS:
            with self.subTest(signal=number), EmbeddedBroker("--window", "1s") as process:
                process.out.wait_for(r"^\[")
                process.signal(number)
                self.assertEqual(0, process.wait(GRACE))

    def test_stops_before_it_has_joined_its_group(self):
        with EmbeddedBroker() as process:
            process.signal()
            self.assertEqual(0, process.wait(GRACE))
            self.assertEqual("", process.out.text)

    def test_stops_gracefully_at_ctrl_c_on_a_terminal(self):
        with OnTerminal(PHONE_COUNT, "--window", "1s") as process:
            process.out.wait_for("█")
            os.killpg(process.process.pid, signal.SIGINT)
            self.assertEqual(0, process.wait(GRACE))


class PhoneProducer(TestCase):
    @classmethod
    def setUpClass(cls):
        cls.broker = cls.enterClassContext(EmbeddedBroker("--window", "1h"))

    def start(self, *options: str, **how):
        return Program(PHONE_PRODUCER, "--brokers", self.broker.address, *options, **how)

    def test_finishes_its_deliveries_and_tells(self):
        for number in SIGNALS:
            for rate in ("0.001", "2", "1000", "0"):
                with self.subTest(signal=number, rate=rate), \
                        self.start("--rate", rate, "--topic", "stopped") as process:
                    process.out.wait_for("at offset")
                    process.signal(number)
                    self.assertEqual(0, process.wait(GRACE))
                    told = len(process.out.lines)
                    self.assertIn(f"sent {told}, delivered {told}, failed 0", process.err.text)

    def test_stops_while_it_waits_for_its_input(self):
        with self.start("--stdin", stdin=subprocess.PIPE) as process:
            process.process.stdin.write(b"Nokia 3310\n")
            process.process.stdin.flush()
            process.out.wait_for("Nokia 3310")
            process.signal()
            self.assertEqual(0, process.wait(GRACE))
            self.assertIn("sent 1, delivered 1, failed 0", process.err.text)


class SecondSignal(TestCase):
    # Two different signals: of two that are the same the second is lost if it comes before the first was taken.
    def test_ends_phone_producer_at_once(self):
        for first, second in (SIGNALS, SIGNALS[::-1]):
            with self.subTest(first=first), EmbeddedBroker("--window", "1h") as broker, \
                    Program(PHONE_PRODUCER, "--brokers", broker.address, "--rate", "1000") as process:
                process.out.wait_for("at offset")
                broker.process.kill()  # nothing more is delivered, so a graceful stop would take its time
                broker.process.wait()
                process.err.wait_for("refused|Disconnected")
                process.signal(first)
                process.signal(second)
                self.assertEqual(130, process.wait())

    def test_is_not_needed_by_what_was_not_delivered(self):
        with EmbeddedBroker("--window", "1h") as broker, \
                Program(PHONE_PRODUCER, "--brokers", broker.address, "--rate", "1000") as process:
            process.out.wait_for("at offset")
            broker.process.kill()
            broker.process.wait()
            process.err.wait_for("refused|Disconnected")
            process.signal()
            self.assertEqual(1, process.wait(GRACE))
            summary = re.search(r"sent (\d+), delivered (\d+), failed (\d+),", process.err.text)
            sent, delivered, failed = map(int, summary.groups())
            self.assertGreater(failed, 0)
            self.assertEqual((sent, len(process.out.lines)), (delivered + failed, delivered))


class StuckReader(TestCase):
    """Nobody reads what phone_count lists, and nobody closes the pipe."""

    @classmethod
    def setUpClass(cls):
        cls.broker = cls.enterClassContext(EmbeddedBroker("--window", "1h"))
        with Program(PHONE_PRODUCER, "--brokers", cls.broker.address, "--topic", "many", "--rate", "0",
                     "--count", "20000") as producer:
            assert producer.wait() == 0, producer.err.text

    def setUp(self):
        self.reader, writer = os.pipe()
        self.addCleanup(os.close, self.reader)
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)  # full after the first write
        self.process = self.enterContext(
            Program(PHONE_COUNT, "--list", "--brokers", self.broker.address, "--topic", "many", stdout=writer))
        os.close(writer)
        self.assertTrue(select.select([self.reader], [], [], DEADLINE)[0])

    def test_one_signal_ends_the_program_and_it_tells_why(self):
        self.process.signal()
        self.assertEqual(1, self.process.wait(GRACE))
        self.assertOneLine(self.process.err.text, "phone_count", "standard output")

    def test_two_signals_end_it_at_once(self):
        self.process.signal(signal.SIGINT)
        self.process.signal(signal.SIGTERM)
        self.assertEqual(130, self.process.wait())


if __name__ == "__main__":
    unittest.main()
