"""The check of compile_fail tests can itself fail: each kind of bad sample is caught."""
import os
import tempfile
import unittest
from pathlib import Path

from check import verdict


class Check(unittest.TestCase):
    def verdict(self, code: str, *flags: str) -> str:
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder, "sample.cpp")
            source.write_text(code)
            return verdict([os.environ["CXX"], "-std=c++20", *flags, str(source)], source)

    def test_the_expected_first_error_passes(self):
        self.assertEqual("", self.verdict(
            '// expect: corostream: map\n'
            'static_assert(sizeof(int) == 1, "corostream: map(f): f is not callable");\n'))

    def test_a_warning_before_it_is_none_in_ci_either(self):
        self.assertEqual("", self.verdict(
            '// expect: corostream: map\n'
            'unsigned char x = 256;\n'
            'static_assert(sizeof(int) == 1, "corostream: map(f): f is not callable");\n',
            "-Wall", "-Werror"))

    def test_what_compiles_is_caught(self):
        self.assertIn("compiles, but was expected to fail", self.verdict(
            "// expect: corostream: map\nint main() {}\n"))

    def test_another_error_before_the_expected_one_is_caught(self):
        self.assertIn("the first error is not the expected one", self.verdict(
            '// expect: corostream: map\n'
            'int x = nowhere;\n'
            'static_assert(sizeof(int) == 1, "corostream: map(f): f is not callable");\n'))

    def test_a_missing_expectation_is_caught(self):
        self.assertIn("first line is not", self.verdict("int x = nowhere;\n"))


if __name__ == "__main__":
    unittest.main()
