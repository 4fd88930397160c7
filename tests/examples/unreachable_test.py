"""Brokers that are not there."""
import contextlib
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
    def check(self, address: str, why: str):
        begin = time.monotonic()
        with contextlib.ExitStack() as stack:
            running = [(name, stack.enter_context(Program(program, "--brokers", address, "--wait", "4s")))
                       for name, program in BOTH]
            for name, process in running:
                said = rf"^{name}: can't reach {re.escape(address)}, trying for 4s: .*{why}.*\n"
                process.err.wait_for(said, timeout=5)
            for name, process in running:
                self.assertEqual(1, process.wait())
                self.assertEqual("", process.out.text)
                self.assertEqual(2, len(process.err.lines), process.err.text)
                given_up = rf"^{name}: no broker reached at {re.escape(address)} within 4s: .*{why}"
                self.assertRegex(process.err.lines[1], given_up)
        self.assertGreaterEqual(time.monotonic() - begin, 3.9)

    def test_a_closed_port_is_said_at_once_and_given_up_in_the_end(self):
        self.check(closed_port(), "Connection refused")

    def test_a_port_that_is_silent_is_said_within_five_seconds(self):
        with Silent() as address:
            self.check(address, "")

    def test_a_name_that_is_none_is_said(self):
        self.check("no-such-host.invalid:9092", "resolve")

    def test_a_stop_ends_the_wait(self):
        for name, program in BOTH:
            with Program(program, "--brokers", closed_port()) as process:
                process.err.wait_for("Connection refused.*\n")
                process.signal(signal.SIGINT)
                self.assertEqual(0, process.wait(GRACE), process.err.text)


if __name__ == "__main__":
    unittest.main()
