"""Judges DMOJ's own test suite and compares with what it expects.

    python benchmarks/dmoj_suite.py --suite judge-server/testsuite [--box local] [--only floats]

The suite (`testsuite/` of the repository DMOJ/judge-server, AGPL: it is read where it lies, and
nothing of it is kept) holds problems, and for each of them programs with the verdict of every
case, sometimes the points. Each program in C, C++ and Python is given to `medalist judge` with a
copy of its problem and the suite's limits; of Python 2 only what four replacements make Python 3
(`print`, `raw_input`, `xrange`, `input`).

Verdicts are the same if DMOJ's IR (exit code) and RTE (signal) are RTE here, TLE is TLE or ILE, SC
(left out) is not a verdict, IE is JE or a refused package, and AC with fewer points is PAC. Prints
a line for each program, a table, and one JSON object. Exit code 1 if any differs.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from medalist.errors import BadInput
from medalist.problems.formats import load

_CONFIGS = ("test.yml", "test.posix.yml", "test.linux.yml")
_LANGUAGES = {
    "C": "c17", "C11": "c11", "CPP11": "cpp17", "CPP14": "cpp17", "CPP17": "cpp17",
    "CPP20": "cpp20", "PY2": "python3", "PY3": "python3", "PYPY3": "pypy3",
}  # fmt: skip
_SAME = {
    "AC": {"AC", "PAC"}, "WA": {"WA", "PE"}, "IR": {"RTE"}, "RTE": {"RTE"}, "TLE": {"TLE", "ILE"},
    "MLE": {"MLE"}, "OLE": {"OLE"}, "SC": {"SC"}, "CE": {"CE"}, "IE": {"JE"},
}  # fmt: skip
_ORDER = ("agrees", "refused", "rejected otherwise", "differs", "not run")


@dataclass
class Program:
    """One program of the suite, and what is expected of it."""

    name: str
    folder: Path
    config: dict[str, Any]
    language: str
    sources: list[Path] = field(default_factory=list)

    def expected(self, number: int) -> set[str]:
        """Return the verdicts that the suite permits for a case."""
        cases = self.config.get("cases", {})
        if isinstance(cases, list):
            cases = dict(enumerate(cases, start=1))
        codes = cases.get(number, self.config.get("expect", "AC"))
        if codes == "*":
            return {verdict for same in _SAME.values() for verdict in same}
        codes = [codes] if isinstance(codes, str) else codes
        return set().union(*(_SAME[code] for code in codes))

    def expects_failure(self) -> bool:
        """Whether the judge itself is to fail."""
        codes = self.config.get("expect", "AC")
        return "IE" in ([codes] if isinstance(codes, str) else codes)


def programs(suite: Path, only: str) -> Iterator[Program]:
    """Find the programs."""
    for folder in sorted(suite.glob("*/tests/*")):
        problem = folder.parent.parent
        if only not in f"{problem.name}/{folder.name}":
            continue
        config: dict[str, Any] = {}
        for name in _CONFIGS:
            if (folder / name).is_file():
                config |= yaml.safe_load((folder / name).read_text())
        if not config:
            continue
        sources = config["source"]
        names = [sources] if isinstance(sources, str) else sources
        yield Program(
            f"{problem.name}/{folder.name}",
            problem,
            config,
            config["language"],
            [folder / name for name in names],
        )


def package_of(program: Program, into: Path) -> Path:
    """Copy a problem without its programs, with a statement that states the suite's limits."""
    package = into / program.folder.name
    shutil.copytree(program.folder, package, ignore=shutil.ignore_patterns("tests"))
    memory = max(1, -(-program.config["memory"] // 1024))
    (package / "statement.md").write_text(
        f"# {program.folder.name}\n\nTime limit: {program.config['time']} seconds\n\n"
        f"Memory limit: {memory} megabytes\n\nSee the test suite.\n"
    )
    return package


def python3(text: str) -> str | None:
    """Return a small Python 2 program as Python 3, None if it stays Python 2."""
    text = re.sub(
        r"\b(raw_)?input\(\)", lambda result: "input()" if result[1] else "eval(input())", text
    )
    text = re.sub(r"^(\s*)print (.*)$", r"\1print(\2)", text.replace("xrange", "range"), flags=re.M)
    try:
        compile(text, "program", "exec")
    except (SyntaxError, ValueError):
        return None
    return text


def judge(program: Program, source: Path, box: str) -> tuple[str, str]:
    """Judge one source; return an outcome of `_ORDER` and what there is to say."""
    with tempfile.TemporaryDirectory() as scratch:
        package = package_of(program, Path(scratch))
        if program.language == "PY2":
            text = python3(source.read_text())
            if text is None:
                return "not run", "Python 2"
            source = Path(scratch, source.name)
            source.write_text(text)
        try:
            problem = load(package)
        except BadInput as error:
            reason = str(error).replace(scratch, "").lstrip("/")
            return ("agrees" if program.expects_failure() else "refused"), reason
        assert problem.secret is not None
        numbers = {
            test.test_id: number
            for number, test in enumerate(
                (t for g in problem.secret.groups if not g.ignore for t in g.all_tests()), start=1
            )
        }
        command = [sys.executable, "-m", "medalist", "judge", str(package), str(source),
                   "--box", box, "--lang", _LANGUAGES[program.language]]  # fmt: skip
        done = subprocess.run([*command, "--json"], capture_output=True, text=True, timeout=600)
        again = done
        if done.returncode == 3:  # the judge failed: what it says of that
            again = subprocess.run(command, capture_output=True, text=True, timeout=600)
    if not done.stdout.strip():
        return "not run", done.stderr.strip().splitlines()[-1]
    row = json.loads(done.stdout.splitlines()[-1])
    got = {numbers[test["id"]]: test["verdict"] for test in row["tests"] if test["id"] in numbers}
    if row["verdict"] == "JE" and not program.expects_failure():
        reasons = [line for line in again.stderr.splitlines() if "cannot be run" in line]
        return ("refused", reasons[-1]) if reasons else ("differs", again.stderr.strip())
    return compared(program, row, got, len(numbers))


def compared(
    program: Program, row: dict[str, Any], got: dict[int, str], cases: int
) -> tuple[str, str]:
    """Compare verdicts and points."""
    if row["verdict"] in ("CE", "JE"):
        same = row["verdict"] in program.expected(0)
        return ("agrees" if same else "differs"), row["verdict"]
    wrong = [
        f"case {number}: {got.get(number, 'SC')}, not {'/'.join(sorted(program.expected(number)))}"
        for number in range(1, cases + 1)
        if got.get(number, "SC") not in program.expected(number)
    ]
    expected = set().union(*(program.expected(number) for number in range(1, cases + 1)))
    if wrong and "AC" not in expected and not {"AC", "PAC"} & set(got.values()):
        return "rejected otherwise", "; ".join(wrong)
    score = program.config.get("score")
    if score is not None and cases == 1 and row["score"] != float(score):
        wrong.append(f"{row['score']:g} points, not {score}")
    said = ", ".join(f"{v} x {n}" if n > 1 else v for v, n in Counter(got.values()).items())
    return ("differs", "; ".join(wrong)) if wrong else ("agrees", said)


def main() -> int:
    """Judge the suite."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--suite", type=Path, required=True, help="the folder testsuite/")
    parser.add_argument("--box", default="local", choices=["local", "docker", "auto"])
    parser.add_argument("--only", default="", help="problems and programs with this in their name")
    options = parser.parse_args()
    counts: dict[str, Counter[str]] = {}
    other = Counter[str]()
    wrong_ac = 0
    for program in programs(options.suite, options.only):
        if program.language not in _LANGUAGES:
            other[program.language] += 1
            continue
        for source in program.sources:
            outcome, said = judge(program, source, options.box)
            wrong_ac += outcome == "differs" and ": AC, not" in said
            kind = {"c": "C", "cpp": "C++"}.get(_LANGUAGES[program.language].rstrip("0123456789"))
            counts.setdefault(kind or "Python", Counter())[outcome] += 1
            print(f"{outcome:<8} {program.name} ({program.language}): {said}", flush=True)
    print(f"\n| language | {' | '.join(_ORDER)} |\n|---|{'---|' * len(_ORDER)}")
    for kind, result in sorted(counts.items()):
        print(f"| {kind} | {' | '.join(str(result[name]) for name in _ORDER)} |")
    total: Counter[str] = sum(counts.values(), Counter())
    print(json.dumps({**{k: total[k] for k in _ORDER}, "wrong_ac": wrong_ac, "other": other}))
    return 1 if total["differs"] else 0


if __name__ == "__main__":
    sys.exit(main())
