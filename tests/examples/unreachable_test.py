"""Brokers that are not there."""
import re
import signal
import socket
import time
import unittest

from programs import GRACE, PHONE_COUNT, PHONE_PRODUCER, Program, TestCase

BOTH = (("phone_count", PHONE_COUNT), ("phone_producer", PHONE_PRODUCER))


class Silent:
    """A port that takes connections and never says a word."""

    def __enter__(self) -> str:
        self.listener = socket.create_server(("127.0.0.1", 0))
        return "127.0.0.1:%d" % self.listener.getsockname()[1]

    def __exit__(self, *_):
        self.listener.close()


def closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return "127.0.0.1:%d" % listener.getsockname()[1]


class Unreachable(TestCase):
    def check(self, name: str, program: str, address: str, why: str):
        with self.subTest(program=name, address=address), \
                Program(program, "--brokers", address, "--wait", "6s") as process:
            begin = time.monotonic()
            said = rf"^{name}: can't reach {re.escape(address)}, trying for 6s: .*{why}.*\n"
            process.err.wait_for(said, timeout=5)
            self.assertEqual(1, process.wait())
            self.assertGreaterEqual(time.monotonic() - begin, 5.5)
            self.assertEqual("", process.out.text)
            self.assertEqual(2, len(process.err.lines), process.err.text)
            given_up = rf"^{name}: no broker reached at {re.escape(address)} within 6s: .*{why}"
            self.assertRegex(process.err.lines[1], given_up)

    def test_a_closed_port_is_said_at_once_and_given_up_in_the_end(self):
        for name, program in BOTH:
            self.check(name, program, closed_port(), "Connection refused")

    def test_a_port_that_is_silent_is_said_within_five_seconds(self):
        for name, program in BOTH:
            with Silent() as address:
                self.check(name, program, address, "")

    def test_a_name_that_is_none_is_said(self):
        for name, program in BOTH:
            self.check(name, program, "no-such-host.invalid:9092", "resolve")

    def test_a_stop_ends_the_wait(self):
        for name, program in BOTH:
            with Program(program, "--brokers", closed_port()) as process:
                process.err.wait_for("Connection refused.*\n")
                process.signal(signal.SIGINT)
                self.assertEqual(0, process.wait(GRACE))


if __name__ == "__main__":
    unittest.main()
