"""--help, --version and everything that is wrong on a command line."""
import os
import subprocess
import tempfile
import unittest

from programs import PHONE_COUNT, PHONE_PRODUCER, Program, TestCase, run

BOTH = (("phone_count", PHONE_COUNT), ("phone_producer", PHONE_PRODUCER))
TO_KAFKA = ("--brokers", "127.0.0.1:1", "--wait", "100ms")


class Information(TestCase):
    def test_help_has_examples_and_fits_a_terminal(self):
        for name, program in BOTH:
            for option in ("--help", "-h"):
                with self.subTest(program=name, option=option):
                    shown = run(program, option)
                    self.assertEqual((0, b""), (shown.returncode, shown.stderr))
                    text = shown.stdout.decode()
                    self.assertIn(f"Usage: {name} ", text)
                    self.assertIn("Examples:\n", text)
                    self.assertIn("Exit codes: ", text)
                    self.assertEqual([], [line for line in text.split("\n") if len(line) > 100])

    def test_version(self):
        for name, program in BOTH:
            shown = run(program, "--version")
            self.assertEqual((0, b""), (shown.returncode, shown.stderr))
            self.assertRegex(shown.stdout.decode(), rf"\A{name} \d+\.\d+\.\d+\n\Z")

    def test_help_that_cannot_be_written_is_a_failure(self):
        for name, program in BOTH:
            with open("/dev/full", "wb") as full, Program(program, "--help", stdout=full) as process:
                self.assertEqual(1, process.wait())
                self.assertOneLine(process.err.text, name, "standard output", "No space left on device")

    def test_a_closed_standard_output_is_a_failure_and_no_other_file(self):
        for name, program in BOTH:
            shown = subprocess.run(["sh", "-c", f'"{program}" --help >&-'], capture_output=True, check=False)
            self.assertEqual(1, shown.returncode)
            self.assertOneLine(shown.stderr, name, "standard output", "Bad file descriptor")


class UsageErrors(TestCase):
    def check(self, name: str, program: str, arguments: tuple, *parts: str):
        with self.subTest(program=name, arguments=arguments):
            shown = run(program, *arguments)
            self.assertEqual((2, b""), (shown.returncode, shown.stdout), shown.stderr)
            self.assertOneLine(shown.stderr, name, *parts)

    def test_both_programs(self):
        for name, program in BOTH:
            for arguments, *parts in [
                (("--wait", "0s"), "--wait", "'0s'"),
                (("--wait", "-5s"), "--wait", "'-5s'"),
                (("--wait", "11y"), "--wait", "'11y'"),
                (("--wait", "4000d"), "--wait", "'4000d'"),
                (("--wait",), "--wait"),
                (("--topic", "no spaces"), "--topic", "'no spaces'"),
                (("--topic", ""), "--topic", "''"),
                (("--set", "linger.ms"), "--set", "'linger.ms'"),
                (("--set", "no.such.property=5"), "no.such.property", "5"),
                (("--set", "socket.timeout.ms=soon"), "socket.timeout.ms", "soon"),
                (("--nonsense",), "--nonsense"),
                (("--topi", "Test"), "--topi"),
                (("stray\x1b[2J",), r"'stray\x1b[2J'"),
            ]:
                self.check(name, program, (*TO_KAFKA[:2], *arguments), *parts)
            self.check(name, program, ("--brokers", "localhost:99999"), "--brokers", "'localhost:99999'")
            self.check(name, program, ("--brokers", ""), "--brokers", "''")

    def test_phone_count(self):
        for arguments, *parts in [
            (("--window", "0s"), "--window", "'0s'"),
            (("--window", "-4s"), "--window", "'-4s'"),
            (("--window", "4"), "--window", "'4'"),
            (("--window", "4000d"), "--window", "'4000d'"),
            (("--windows", "0"), "--windows", "'0'"),
            (("--windows", "-1"), "--windows", "'-1'"),
            (("--windows", "many"), "--windows", "'many'"),
            (("--from", "start"), "--from", "'start'"),
            (("--format", "xml"), "--format", "'xml'"),
            (("--list", "--format", "bars"), "--format", "'bars'"),
            (("--group", ""), "--group", "''"),
            (("--time", "noon"), "--time", "'noon'"),
            (("--hop", "1s", "--session", "2s"), "--hop 1s", "--session 2s"),
            (("--hop", "1s", "--cumulate", "2s"), "--hop 1s", "--cumulate 2s"),
            (("--cumulate", "1s", "--session", "2s"), "--cumulate 1s", "--session 2s"),
            (("--window", "4s", "--session", "2s"), "--window 4s", "--session 2s"),
            (("--hop", "5s"), "--hop", "'5s'", "4s"),
            (("--window", "10s", "--cumulate", "3s"), "--cumulate", "'3s'", "10s"),
            (("--session", "0s"), "--session", "'0s'"),
            (("--bound", "2s"), "--bound 2s", "--time event"),
            (("--idle", "2s"), "--idle 2s", "--time event"),
            (("--late", "show"), "--late show", "--time event"),
            (("--max-future", "1h"), "--max-future 1h", "--time event"),
            (("--until", "end"), "--until end", "--time event"),
            (("--time", "event", "--bound", "soon"), "--bound", "'soon'"),
            (("--time", "event", "--idle", "0s"), "--idle", "'0s'"),
            (("--time", "event", "--late", "keep"), "--late", "'keep'"),
            (("--time", "event", "--late", "allow=0s"), "--late", "'0s'"),
            (("--time", "event", "--max-future", "never"), "--max-future", "'never'"),
            (("--time", "event", "--until", "noon"), "--until", "'noon'"),
            (("--to", "no spaces"), "--to", "'no spaces'"),
            (("--to", "Test"), "--to", "'Test'"),
            (("--list", "--to", "x"), "--list", "--to"),
            (("--to\x1b", "x"), r"\x1b"),
            (("--set", "no.such.property=5"), "no.such.property", "5"),  # without --brokers too
        ]:
            self.check("phone_count", PHONE_COUNT, arguments, *parts)

    def test_phone_producer(self):
        self.check("phone_producer", PHONE_PRODUCER, (), "--brokers")
        for arguments, *parts in [
            (("--rate", "-1"), "--rate", "'-1'"),
            (("--rate", "nan"), "--rate", "'nan'"),
            (("--rate", "1e300"), "--rate", "'1e300'"),
            (("--event-rate", "0"), "--event-rate", "'0'"),
            (("--event-rate", "nan"), "--event-rate", "'nan'"),
            (("--event-rate", "1", "--start", "2026-02-30T12:00:00Z"), "--start", "'2026-02-30T12:00:00Z'"),
            (("--start", "2026-11-22T12:00:00Z"), "--start", "--event-rate"),
            (("--disorder", "5"), "--disorder", "'5'"),
            (("--disorder", "-5s"), "--disorder", "'-5s'"),
            (("--disorder", "1us"), "--disorder", "'1us'"),
            (("--count", "0"), "--count", "'0'"),
            (("--count", "1e9"), "--count", "'1e9'"),
            (("--seed", "-1"), "--seed", "'-1'"),
            (("--key", "color"), "--key", "'color'"),
            (("--stdin", "--phones", "x"), "--stdin", "--phones"),
        ]:
            self.check("phone_producer", PHONE_PRODUCER, (*TO_KAFKA, *arguments), *parts)

    def test_a_secret_is_never_shown(self):
        for name, program in BOTH:
            shown = run(program, *TO_KAFKA, "--set", "ssl.key.password=sesame",
                        "--set", "enable.ssl.certificate.verification=sesame?")
            self.assertEqual(2, shown.returncode)
            self.assertOneLine(shown.stderr, name, "enable.ssl.certificate.verification", "sesame?")
            shown = run(program, *TO_KAFKA, "--set", "sasl.password=sesame",
                        "--set", "security.protocol=sasl_plaintext", "--set", "sasl.mechanism=none such")
            self.assertNotIn(b"sesame", shown.stderr)


class Files(TestCase):
    def test_a_file_of_phones_that_cannot_be_used_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            empty = os.path.join(folder, "empty")
            with open(empty, "wb"):
                pass
            for path, why in [("/no/such/file", "No such file or directory"), (empty, "no phones"),
                              (folder, "Is a directory")]:
                shown = run(PHONE_PRODUCER, *TO_KAFKA, "--phones", path)
                self.assertEqual((1, b""), (shown.returncode, shown.stdout))
                self.assertOneLine(shown.stderr, "phone_producer", path, why)


if __name__ == "__main__":
    unittest.main()
