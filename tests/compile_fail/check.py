"""check.py BUILD_DIR SOURCE: SOURCE must not compile, and its first error must be the expected one.

The first line of SOURCE is `// expect: REGEX`. Misuse of the library has to explain itself in the first
line that the compiler prints with `error:`; what comes after it, nobody reads.
"""
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path


def verdict(command: list[str], source: Path) -> str:
    """What is wrong with SOURCE as a test of misuse, compiled by COMMAND; nothing if it is as expected."""
    expect = re.match(r"// expect: (.+)\n", source.read_text())
    if not expect:
        return f"{source}: the first line is not '// expect: REGEX'"
    # a warning is not what is tested, in CI neither
    result = subprocess.run(command + ["-Wno-error", "-fsyntax-only"], capture_output=True, text=True,
                            env=os.environ | {"LC_ALL": "C"})
    if result.returncode == 0:
        return f"{source}: compiles, but was expected to fail with: {expect[1]}"
    errors = [line for line in result.stderr.splitlines() if re.search(r"\berror: ", line)]
    if not errors:
        return f"{source}: fails without an error:\n{result.stderr}"
    if not re.search(expect[1], errors[0]):
        return (f"{source}: the first error is not the expected one\n"
                f"    expected: {expect[1]}\n    first:    {errors[0]}\n\n{result.stderr}")
    return ""


def command_for(build: Path, source: Path) -> list[str]:
    """The command line with which BUILD compiles SOURCE, without its output."""
    for entry in json.loads((build / "compile_commands.json").read_text()):
        if Path(entry["directory"], entry["file"]).samefile(source):
            words = shlex.split(entry["command"])
            output = words.index("-o")
            return words[:output] + words[output + 2:]
    sys.exit(f"{source}: not in {build}/compile_commands.json")


if __name__ == "__main__":
    build, source = map(Path, sys.argv[1:])
    sys.exit(verdict(command_for(build, source), source) or 0)
