"""The layers of include/corostream, checked over its #include lines.

core -> operators, sources, sinks, time, state, kafka, observability -> testing; a header includes its own
folder and the layers to its left, siblings never include each other (but for the concept in state/store.hpp).
"""
import re
import tempfile
import unittest
from pathlib import Path

INCLUDE = Path(__file__).parent.parent / "include" / "corostream"
SIBLINGS = ("operators", "sources", "sinks", "time", "state", "kafka", "observability")
LAYER = {"": 0, "core": 1, **dict.fromkeys(SIBLINGS, 2), "testing": 3}
UMBRELLAS = ("corostream.hpp", "kafka.hpp")
SHARED = "state/store.hpp"
WITH_LIBRDKAFKA = re.compile(r"kafka/|kafka\.hpp$|testing/embedded_broker\.hpp$")
WITHOUT_ASIO = re.compile(r"time/detail/|kafka/(offsets|rebalance)\.hpp$")
BANNED = {"boost/asio.hpp": "include the single Asio headers", "iostream": "not in library headers"}
MOST_LINES = 300


def folder(header: str) -> str:
    return header.split("/")[0] if "/" in header else ""


def violations(root: Path) -> list[str]:
    found = []
    texts = {str(path.relative_to(root)): path.read_text() for path in sorted(root.rglob("*.hpp"))}
    includes = {header: re.findall(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', text, re.M)
                for header, text in texts.items()}
    ours = {header: [name.removeprefix("corostream/") for name in names if name.startswith("corostream/")]
            for header, names in includes.items()}

    def reached(*start: str) -> set[str]:
        seen, todo = set(), list(start)
        while todo:
            header = todo.pop()
            if header not in seen:
                seen.add(header)
                todo += ours.get(header, [])
        return seen

    for header, text in texts.items():
        here = folder(header)
        if here not in LAYER:
            found.append(f"{header}: the folder {here}/ has no layer")
            continue
        if text.count("\n") > MOST_LINES:
            found.append(f"{header}: {text.count(chr(10))} lines, at most {MOST_LINES}")
        for name in re.findall(r'^\s*#\s*include\s*"([^"]+)"', text, re.M):
            found.append(f'{header}: includes "{name}": write <corostream/...>')
        for name, why in BANNED.items():
            if name in includes[header]:
                found.append(f"{header}: includes <{name}>: {why}")
        if not WITH_LIBRDKAFKA.match(header):
            if any(name.startswith("librdkafka/") for name in includes[header]):
                found.append(f"{header}: includes librdkafka, which only kafka/ may")
            for other in reached(header) - {header}:
                if WITH_LIBRDKAFKA.match(other):
                    found.append(f"{header}: reaches {other}, which needs librdkafka")
        if WITHOUT_ASIO.match(header):
            for other in reached(header):
                if any(name.startswith("boost/asio") for name in includes.get(other, [])):
                    found.append(f"{header}: is pure, but reaches Asio by {other}")
        if header in UMBRELLAS:
            continue
        for other in ours[header]:
            there = folder(other)
            if other not in texts:
                found.append(f"{header}: includes {other}, which does not exist")
            elif other in UMBRELLAS:
                found.append(f"{header}: includes the umbrella {other}")
            elif here != there and other != SHARED and LAYER.get(there, 9) >= LAYER[here]:
                found.append(f"{header}: {here or 'the top'} may not include {there or 'the top'} ({other})")

    for header in texts.keys() - reached(*UMBRELLAS):
        if folder(header) != "testing":
            found.append(f"{header}: no umbrella ({', '.join(UMBRELLAS)}) reaches it")
    return sorted(found)


class Layering(unittest.TestCase):
    def test_the_library_keeps_its_layers(self):
        self.assertTrue((INCLUDE / "version.hpp").exists())
        found = violations(INCLUDE)
        if found:
            self.fail("\n".join(["", *found]))


class BadSamples(unittest.TestCase):
    """Each rule is shown to fail on a tree that breaks it, and only there."""

    GOOD = {
        "corostream.hpp": ["corostream/version.hpp", "corostream/operators/map.hpp", "corostream/time/window.hpp"],
        "kafka.hpp": ["corostream/kafka/consumer.hpp", "corostream/kafka/offsets.hpp"],
        "version.hpp": ["string_view"],
        "core/stream.hpp": ["boost/asio/awaitable.hpp", "corostream/version.hpp"],
        "core/element.hpp": ["cstdint"],
        "operators/map.hpp": ["corostream/core/stream.hpp"],
        "state/store.hpp": ["concepts"],
        "time/window.hpp": ["corostream/time/detail/state.hpp", "corostream/core/stream.hpp",
                            "corostream/state/store.hpp"],
        "time/detail/state.hpp": ["corostream/core/element.hpp", "map"],
        "kafka/consumer.hpp": ["corostream/core/stream.hpp", "librdkafka/rdkafka.h"],
        "kafka/offsets.hpp": ["vector"],
        "testing/manual_clock.hpp": ["corostream/core/stream.hpp"],
        "testing/embedded_broker.hpp": ["corostream/kafka/consumer.hpp", "librdkafka/rdkafka_mock.h"],
    }

    def violations(self, header="version.hpp", add=(), lines=0, quoted="") -> list[str]:
        with tempfile.TemporaryDirectory() as root:
            tree = dict(self.GOOD)
            tree[header] = [*tree.get(header, []), *add]
            for name, includes in tree.items():
                path = Path(root, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text("".join(f"#include <{include}>\n" for include in includes))
            with Path(root, header).open("a") as file:
                file.write("\n" * lines + (f'#include "{quoted}"\n' if quoted else ""))
            return violations(Path(root))

    def test_a_good_tree_passes(self):
        self.assertEqual([], self.violations())

    def test_each_bad_include_is_caught(self):
        for header, include, says in [
            ("core/stream.hpp", "corostream/operators/map.hpp", "core may not include operators"),
            ("version.hpp", "corostream/core/element.hpp", "the top may not include core"),
            ("operators/map.hpp", "corostream/time/window.hpp", "operators may not include time"),
            ("operators/map.hpp", "corostream/testing/manual_clock.hpp", "operators may not include testing"),
            ("operators/map.hpp", "corostream/corostream.hpp", "includes the umbrella"),
            ("operators/map.hpp", "librdkafka/rdkafka.h", "includes librdkafka"),
            ("testing/manual_clock.hpp", "librdkafka/rdkafka.h", "includes librdkafka"),
            ("testing/manual_clock.hpp", "corostream/kafka/consumer.hpp", "needs librdkafka"),
            ("corostream.hpp", "corostream/kafka/consumer.hpp", "needs librdkafka"),
            ("time/detail/state.hpp", "boost/asio/awaitable.hpp", "is pure"),
            ("time/detail/state.hpp", "corostream/core/stream.hpp", "is pure"),
            ("kafka/offsets.hpp", "boost/asio/steady_timer.hpp", "is pure"),
            ("core/stream.hpp", "boost/asio.hpp", "include the single Asio headers"),
            ("core/stream.hpp", "iostream", "not in library headers"),
            ("core/stream.hpp", "corostream/core/missing.hpp", "does not exist"),
        ]:
            with self.subTest(header=header, include=include):
                found = self.violations(header, [include])
                self.assertTrue(any(header in line and says in line for line in found), found)

    def test_a_header_out_of_reach_is_caught(self):
        self.assertEqual(["sinks/lost.hpp: no umbrella (corostream.hpp, kafka.hpp) reaches it"],
                         self.violations("sinks/lost.hpp"))

    def test_an_unknown_folder_is_caught(self):
        self.assertIn("util/x.hpp: the folder util/ has no layer", self.violations("util/x.hpp"))

    def test_a_long_header_is_caught(self):
        self.assertEqual([], self.violations(lines=299))
        self.assertEqual(["version.hpp: 301 lines, at most 300"], self.violations(lines=300))

    def test_a_quoted_include_is_caught(self):
        self.assertEqual(['version.hpp: includes "x.hpp": write <corostream/...>'],
                         self.violations(quoted="x.hpp"))


if __name__ == "__main__":
    unittest.main()
