"""An output that nobody reads any more ends the programs, and is no failure."""
import os
import subprocess
import unittest

from programs import GRACE, PHONE_COUNT, PHONE_PRODUCER, EmbeddedBroker, Program, TestCase


def in_shell(pipeline: str, **values: str) -> subprocess.CompletedProcess:
    """The exit codes of a pipeline are the last line of its standard output."""
    return subprocess.run(["bash", "-c", pipeline + '; echo "${PIPESTATUS[@]}"'], env=os.environ | values,
                          capture_output=True, text=True, timeout=60, check=False)


class ClosedPipe(TestCase):
    @classmethod
    def setUpClass(cls):
        cls.broker = cls.enterClassContext(EmbeddedBroker("--window", "1h"))
        with Program(PHONE_PRODUCER, "--brokers", cls.broker.address, "--topic", "many", "--rate", "0",
                     "--count", "20000") as producer:
            assert producer.wait() == 0, producer.err.text

    def test_of_a_list(self):
        for options in ("", "--format json"):
            shown = in_shell(f'"$PHONE_COUNT" --list --brokers {self.broker.address} --topic many {options} | head -1')
            line, codes = shown.stdout.splitlines()
            self.assertEqual(("0 0", ""), (codes, shown.stderr))
            self.assertTrue(line)

    def test_of_a_list_without_a_broker(self):
        shown = in_shell('"$PHONE_COUNT" --list | head -1')
        self.assertEqual("0 0", shown.stdout.splitlines()[1])
        self.assertOneLine(shown.stderr, "phone_count", "--brokers")

    def test_of_windows(self):
        shown = in_shell('"$PHONE_COUNT" --window 500ms 2>/dev/null | head -1')
        line, codes = shown.stdout.splitlines()
        self.assertRegex(line, r"^\[")
        self.assertEqual(("0 0", ""), (codes, shown.stderr))

    def test_of_deliveries(self):
        for rate in ("100", "0"):
            shown = in_shell(f'"$PHONE_PRODUCER" --brokers {self.broker.address} --topic piped --rate {rate} | head -1')
            line, codes = shown.stdout.splitlines()
            self.assertRegex(line, r"^piped \[\d\] at offset \d+: ")
            self.assertEqual("0 0", codes)
            self.assertRegex(shown.stderr, r"\Aphone_producer: sent (\d+), delivered \1, failed 0, .*\n\Z")

    def test_of_help(self):
        self.assertEqual("0 0", in_shell('"$PHONE_COUNT" --help | true').stdout.strip())

    def test_a_full_disk_is_a_failure(self):
        for command in ((PHONE_COUNT, "--list"), (PHONE_PRODUCER, "--rate", "100")):
            with open("/dev/full", "wb") as full, \
                    Program(*command, "--brokers", self.broker.address, "--topic", "many", stdout=full) as process:
                self.assertEqual(1, process.wait(GRACE * 2))
                self.assertIn("standard output: No space left on device", process.err.lines[-1])


if __name__ == "__main__":
    unittest.main()
