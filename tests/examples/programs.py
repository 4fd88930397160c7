"""Runs the example programs as processes and watches what they print; no wait is without an end."""
import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import termios
import threading
import time
import unittest

PHONE_COUNT = os.environ["PHONE_COUNT"]
PHONE_PRODUCER = os.environ["PHONE_PRODUCER"]
DEADLINE = 30.0  # seconds; a machine that builds beside the tests is slow
GRACE = 5.0  # what a graceful stop may take


class Stream:
    """What a process prints on one file descriptor, as it comes."""

    def __init__(self, fd: int):
        self.bytes = b""
        self.closed = False
        self._fd = fd
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self):
        while True:
            try:
                got = os.read(self._fd, 65536)
            except OSError:  # EIO: the other side of a terminal has gone
                got = b""
            with self._changed:
                self.bytes += got
                self.closed = not got
                self._changed.notify_all()
            if not got:
                os.close(self._fd)
                return

    @property
    def text(self) -> str:
        return self.bytes.decode("utf-8", "surrogateescape")

    @property
    def lines(self) -> list[str]:
        return self.text.split("\n")[:-1]

    def wait_for(self, pattern: str, count: int = 1, timeout: float = DEADLINE) -> re.Match:
        """The count-th match of the pattern, as soon as it is there."""
        until = time.monotonic() + timeout
        with self._changed:
            while True:
                found = list(re.finditer(pattern, self.text, re.M))
                if len(found) >= count:
                    return found[count - 1]
                left = until - time.monotonic()
                if self.closed or left <= 0:
                    why = "the output ended" if self.closed else f"{timeout:g} s are over"
                    raise AssertionError(f"{why} without {count} x {pattern!r}:\n{self.text}")
                self._changed.wait(left)

    def finish(self):
        self._thread.join(DEADLINE)


class Program:
    """A running program. As a context it is killed at the end if it still runs."""

    def __init__(self, *command: str, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=None):
        self.process = subprocess.Popen(command, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE,
                                        env=None if env is None else os.environ | env)
        self.out = Stream(os.dup(self.process.stdout.fileno())) if self.process.stdout else None
        self.err = Stream(os.dup(self.process.stderr.fileno()))
        if self.process.stdout:
            self.process.stdout.close()
        self.process.stderr.close()

    def signal(self, number: int = signal.SIGTERM):
        self.process.send_signal(number)

    def wait(self, timeout: float = DEADLINE) -> int:
        """The exit code, once everything printed has been read."""
        try:
            code = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still runs after {timeout:g} s; said: {self.err.text}") from None
        for stream in (self.out, self.err):
            if stream:
                stream.finish()
        return code

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self.process.stdin:
            self.process.stdin.close()


class OnTerminal(Program):
    """A program whose standard streams are a pseudo-terminal: `out` is what the terminal gets."""

    def __init__(self, *command: str, columns: int = 80, rows: int = 24, kind: str = "xterm"):
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs,
                                        start_new_session=True, env=os.environ | {"TERM": kind})
        os.close(theirs)
        self.out = Stream(ours)
        self.err = self.out


def run(*command: str, stdin: bytes = b"", timeout: float = DEADLINE) -> subprocess.CompletedProcess:
    """Runs a program to its end."""
    return subprocess.run(command, input=stdin, capture_output=True, timeout=timeout, check=False)


class EmbeddedBroker(Program):
    """phone_count with its embedded broker, for other programs to join."""

    def __init__(self, *options: str):
        super().__init__(PHONE_COUNT, *options)
        self.address = self.err.wait_for(r"embedded broker at (\S+),")[1]


class TestCase(unittest.TestCase):
    maxDiff = None

    def assertOneLine(self, said: bytes | str, program: str, *parts: str):
        """Errors are one line that begins with the program's name and names what and where."""
        text = said.decode() if isinstance(said, bytes) else said
        self.assertRegex(text, rf"\A{program}: [^\n]+\n\Z")
        for part in parts:
            self.assertIn(part, text)
