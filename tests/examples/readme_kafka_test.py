"""The commands of README.md that talk to Kafka, as they stand there but for addresses and an end."""
import os
import pathlib
import re
import shlex
import unittest
import uuid

from programs import PHONE_COUNT, PHONE_PRODUCER, TestCase, run

BROKERS = os.environ.get("CORO_KAFKA", "")
README = (pathlib.Path(__file__).resolve().parents[2] / "README.md").read_text()
PROGRAMS = {"build/release/bin/phone_count": PHONE_COUNT, "build/release/bin/phone_producer": PHONE_PRODUCER}


def in_windows(table: str) -> list[list[str]]:
    """Each window with its rows; their order depends on the number of partitions."""
    return [[window[0], *sorted(window[1:])] for window in map(str.splitlines, re.split(r"^(?=\[)", table, flags=re.M)) if window]


class Readme(TestCase):
    def test_commands(self):
        self.assertTrue(BROKERS, "CORO_KAFKA names no broker")
        run_id = uuid.uuid4().hex[:8]
        shown = []
        for block in re.findall(r"^```bash\n(.*?)^```$", README, re.M | re.S):
            for line in block.splitlines():
                words = shlex.split(line)
                if words[0] not in PROGRAMS:
                    continue
                command = [PROGRAMS[words[0]], *words[1:]]
                command[command.index("--brokers") + 1] = BROKERS
                at = command.index("--topic") + 1
                command[at] = topic = f"readme-{run_id}-{command[at]}"
                if "--count" in command or "--until" in command:
                    pass  # ends by itself
                elif words[0].endswith("phone_producer"):
                    command += ["--count", "3", "--rate", "50"]
                elif "--list" not in command:
                    command += ["--windows", "1", "--group", topic]
                done = run(*command)
                self.assertEqual(0, done.returncode, (line, done.stderr))
                shown.append(done.stdout.decode())
        delivered, window, listed, _, by_event_time = shown
        phones = re.findall(r": (.+)\n", delivered)
        self.assertEqual(3, len(phones))
        self.assertEqual(sorted(phones), sorted(listed.splitlines()))
        self.assertEqual(3, sum(int(n) for n in re.findall(r", (\d+)\)$", window, re.M)))
        printed = re.search(r"^```text\n(\[2025.*?)^```$", README, re.M | re.S)[1]
        self.assertEqual(in_windows(printed), in_windows(by_event_time))


if __name__ == "__main__":
    unittest.main()
