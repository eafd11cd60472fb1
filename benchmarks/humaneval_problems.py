"""HumanEval's even problems as packages of whole programs: those to train on, those to test with.

    python benchmarks/humaneval_problems.py HumanEval.jsonl[.gz] OUT

The file is data/HumanEval.jsonl.gz of https://github.com/openai/human-eval (MIT). A program reads
the function's arguments, one a line, as Python writes them, and prints the value. Every fourth
problem (0, 4, 8 ...) goes to OUT/train, the other even ones to OUT/test; odd ones are left for
independent checking. Tests are the `assert candidate(...) == value` of HumanEval's own whose
arguments and values are literals; a problem with fewer than four is left out, and one whose own
solution fails.
"""

from __future__ import annotations

import ast
import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

_LEAST = 4
_MOST = 20
_LONGEST = 2000
_SECONDS = 20
_TOLERANCE = "validator_flags: float_tolerance 1e-6\n"


def literal_tests(text: str) -> list[tuple[list[Any], Any]]:
    """The arguments and values that the asserts of a test claim."""
    tests = []
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Assert) or not isinstance(node.test, ast.Compare):
            continue
        call, values = node.test.left, node.test.comparators
        if not isinstance(call, ast.Call) or not isinstance(node.test.ops[0], ast.Eq):
            continue
        if call.keywords or getattr(call.func, "id", "") != "candidate":
            continue
        try:
            arguments = [ast.literal_eval(argument) for argument in call.args]
            value = ast.literal_eval(values[0])
        except ValueError:
            continue
        if arguments and len(repr(arguments)) <= _LONGEST and (arguments, value) not in tests:
            tests.append((arguments, value))
    return tests[:_MOST]


def solution_agrees(row: dict[str, Any], tests: list[tuple[list[Any], Any]]) -> bool:
    """Whether HumanEval's own solution prints these values (by a process: it is their code)."""
    program = f"{row['prompt']}{row['canonical_solution']}\n"
    program += f"for a, v in {tests!r}: assert str({row['entry_point']}(*a)) == str(v)\n"
    command = [sys.executable, "-I", "-c", program]
    return subprocess.run(command, capture_output=True, timeout=_SECONDS).returncode == 0


def write_package(folder: Path, row: dict[str, Any], tests: list[tuple[list[Any], Any]]) -> None:
    """Write a package; its first test is the sample."""
    name = row["entry_point"]
    number = row["task_id"].partition("/")[2]
    floats = any(isinstance(value, float) for _, value in tests)
    files = {
        "problem.yaml": f"name: '{name} ({number})'\nlicense: permission\n"
        "source: HumanEval, https://github.com/openai/human-eval (MIT)\n"
        f"{_TOLERANCE if floats else ''}limits:\n  time_limit: 5\n  memory: 512\n",
        "problem_statement/problem.en.md": f"# {name}\n\nThe function `{name}`:\n\n"
        f"```\n{row['prompt'].strip()}\n```\n\n"
        "## Input\n\nThe arguments of the function, one a line, each a Python literal (as `repr` "
        "writes it, to be read with `ast.literal_eval`).\n\n"
        "## Output\n\nThe value of the function, as Python's `print` writes it.\n",
    }
    for at, (arguments, value) in enumerate(tests):
        place = "sample/1" if at == 0 else f"secret/{at:02}"
        lines = "".join(f"{argument!r}\n" for argument in arguments)
        files |= {f"data/{place}.in": lines, f"data/{place}.ans": f"{value}\n"}
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content)


def main() -> None:
    """Write all of them, and say how many."""
    source, out = Path(sys.argv[1]), Path(sys.argv[2])
    content = source.read_bytes()
    text = (gzip.decompress(content) if source.suffix == ".gz" else content).decode()
    counts = {"train": 0, "test": 0, "left out": 0}
    for row in map(json.loads, text.splitlines()):
        number = int(row["task_id"].partition("/")[2])
        if number % 2:
            continue
        tests = literal_tests(row["test"])
        side = "test" if number % 4 else "train"
        if len(tests) < _LEAST or not solution_agrees(row, tests):
            counts["left out"] += 1
            continue
        write_package(out / side / f"he{number:03}", row, tests)
        counts[side] += 1
    print(counts)


if __name__ == "__main__":
    main()
