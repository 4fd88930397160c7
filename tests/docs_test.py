"""The C++ in README.md and docs/ is code that the tests compile and run: every block stands word for word in a test."""
import pathlib
import re
import textwrap
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent


def blocks(text, language):
    return [textwrap.dedent(b) for b in re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)]


def lines(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


def stands_in(block, source):
    wanted, there = lines(block), lines(source)
    return any(there[i : i + len(wanted)] == wanted for i in range(len(there)))


class Docs(unittest.TestCase):
    tested = [p.read_text() for p in sorted((ROOT / "tests/unit/docs").glob("*.cpp"))]
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

    def test_every_block_of_cpp_is_tested(self):
        found = 0
        for page in self.pages:
            for block in blocks(page.read_text(), "cpp"):
                found += 1
                with self.subTest(page=page.name, block=block.splitlines()[0]):
                    self.assertTrue(any(stands_in(block, t) for t in self.tested), "in no test in tests/unit/docs:\n" + block)
        self.assertGreater(found, 5)

    def test_scripts_in_commands_are_there(self):
        found = 0
        for page in self.pages:
            for script in re.findall(r"\./(scripts/\w+)", page.read_text()):
                found += 1
                with self.subTest(page=page.name, script=script):
                    self.assertTrue((ROOT / script).is_file())
        self.assertGreater(found, 3)

    def test_links_lead_somewhere(self):
        for page in self.pages:
            prose = re.sub(r"^```.*?^```$|`[^`\n]*`", "", page.read_text(), flags=re.M | re.S)
            for link in re.findall(r"\]\((?!http)([^)#]+)\)", prose):
                with self.subTest(page=page.name, link=link):
                    self.assertTrue((page.parent / link).exists())

    def test_a_block_that_differs_is_found(self):
        self.assertFalse(stands_in("auto x = 1;\nauto y = 3;\n", "auto x = 1;\nauto y = 2;\n"))
        self.assertTrue(stands_in("auto x = 1;\n", "    auto x = 1;\n"))


if __name__ == "__main__":
    unittest.main()
