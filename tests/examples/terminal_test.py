"""What a person sees: bars and a progress bar, drawn in place on a pseudo-terminal."""
import re
import unittest

from programs import PHONE_COUNT, PHONE_PRODUCER, EmbeddedBroker, OnTerminal, TestCase

DRAWN_AGAIN = r"\x1b\[(\d+)A\r\x1b\[J"


class Screen:
    """The lines of a terminal that has been told to go up, clear and print: nothing else is expected."""

    def __init__(self, text: str):
        self.lines, rest = [], text.replace("\r\n", "\n")
        for printed, up in re.findall(rf"([^\x1b]*)(?:{DRAWN_AGAIN})?", rest):
            if printed:
                assert printed.endswith("\n"), printed
                self.lines += printed[:-1].split("\n")
            if up:
                assert int(up) <= len(self.lines), "above the top"
                del self.lines[len(self.lines) - int(up):]


class Bars(TestCase):
    def test_are_the_default_and_drawn_in_place_below_the_deliveries(self):
        with OnTerminal(PHONE_COUNT, "--windows", "3", "--window", "1s", columns=60) as process:
            self.assertEqual(0, process.wait())
        screen = Screen(process.out.text).lines
        titles = [i for i, line in enumerate(screen) if line.startswith("[")]
        self.assertEqual(1, len(titles), screen)
        above, bars = screen[:titles[0]], screen[titles[0] + 1:]
        self.assertRegex(above[0], "^phone_count: embedded broker at ")
        for line in above[1:]:
            self.assertRegex(line, r"^Test \[\d\] at offset \d+: ")
        self.assertGreaterEqual(len(bars), 1)
        for line in [screen[titles[0]], *bars]:
            self.assertLess(len(line), 60)
        counts = [int(re.fullmatch(r"\S.* [▏▎▍▌▋▊▉█]+ (\d+)", line)[1]) for line in bars]
        self.assertEqual(counts, sorted(counts, reverse=True))

    def test_fit_a_small_terminal(self):
        with OnTerminal(PHONE_COUNT, "--windows", "1", "--window", "4s", columns=30, rows=4) as process:
            self.assertEqual(0, process.wait())
        screen = Screen(process.out.text).lines
        bars = screen[[line.startswith("[") for line in screen].index(True):]
        self.assertLessEqual(len(bars), 3)
        self.assertLess(max(map(len, bars)), 30)

    def test_another_format_can_be_asked_for(self):
        with OnTerminal(PHONE_COUNT, "--windows", "1", "--window", "1s", "--format", "table") as process:
            self.assertEqual(0, process.wait())
        self.assertNotIn("\x1b", process.out.text)
        self.assertRegex(process.out.text, r"\(.+, \d+\)\r\n")

    def test_a_terminal_whose_cursor_cannot_move_gets_a_table(self):
        with OnTerminal(PHONE_COUNT, "--windows", "1", "--window", "1s", kind="dumb") as process:
            self.assertEqual(0, process.wait())
        self.assertNotIn("\x1b", process.out.text)


class Progress(TestCase):
    @classmethod
    def setUpClass(cls):
        cls.broker = cls.enterClassContext(EmbeddedBroker("--window", "1h"))

    def produce(self, *options: str, columns: int = 80):
        with OnTerminal(PHONE_PRODUCER, "--brokers", self.broker.address, "--topic", "terminal", *options,
                        columns=columns) as process:
            self.assertEqual(0, process.wait())
        return process.out.text

    def test_with_a_count_there_is_a_bar_with_rate_and_time_left(self):
        text = self.produce("--count", "10", "--rate", "10")
        self.assertGreaterEqual(len(re.findall(DRAWN_AGAIN, text)), 3)
        self.assertRegex(text, r"\[#+ *\] +\d\d %  \d of 10  [\d.]+ a second  \d s left")
        bar, summary = Screen(text).lines
        self.assertRegex(bar, r"^\[#+\] 100 %  10 of 10  [\d.]+ a second$")
        self.assertRegex(summary, r"^phone_producer: sent 10, delivered 10, failed 0, [\d.]+ a second$")

    def test_verbose_brings_the_lines_back_above_it(self):
        *lines, bar, summary = Screen(self.produce("--count", "10", "--rate", "100", "--verbose")).lines
        self.assertEqual(10, len(lines))
        for line in lines:
            self.assertRegex(line, r"^terminal \[\d\] at offset \d+: ")
        self.assertIn("100 %", bar)
        self.assertIn("sent 10", summary)

    def test_the_bar_fits_a_small_terminal(self):
        for columns in (12, 40):
            bar, *_ = Screen(self.produce("--count", "5", "--rate", "0", columns=columns)).lines
            self.assertLess(len(bar), columns)

    def test_without_a_count_there_are_lines(self):
        with OnTerminal(PHONE_PRODUCER, "--brokers", self.broker.address, "--topic", "terminal",
                        "--rate", "100") as process:
            process.out.wait_for(r"^terminal \[\d\] at offset \d+: ", count=3)
            process.signal()
            self.assertEqual(0, process.wait())
            self.assertNotIn("\x1b", process.out.text)

    def test_hundred_thousand_at_full_speed(self):
        text = self.produce("--count", "100000", "--rate", "0")
        self.assertIn("sent 100000, delivered 100000, failed 0", text)


if __name__ == "__main__":
    unittest.main()
