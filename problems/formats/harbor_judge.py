#!/usr/bin/env python3
"""Judges a program in a Harbor task's verifier: `judge.py TESTS APP LOGS`.

TESTS holds `judge.json`, `data/N.in` and `N.ans`, `checker/` and `grader/`; APP the solution
(`solution.cpp` or `solution.py`); `reward.json` is written into LOGS. The standard library alone:
`medalist problems convert --to harbor` puts this file into the task as it stands.

Programs are compiled and run by a user who can read neither tests nor logs (where this is run by
root, as in a verifier), under the problem's limits, and each in its own folder.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

_NOBODY = 65534
_PATH = "/usr/local/bin:/usr/bin:/bin"
_COMPILE_S = 60
_CHECK_S = 60
_LANGUAGES: Mapping[str, tuple[str, ...]] = {"cpp": (".cpp", ".cc", ".cxx"), "python": (".py",)}
_GPP = ["g++", "-std=gnu++20", "-O2", "-w", "-DONLINE_JUDGE"]


def main() -> None:
    """Judge, and write the reward."""
    tests, app, logs = map(Path, sys.argv[1:4])
    rules = json.loads((tests / "judge.json").read_text())
    logs.mkdir(parents=True, exist_ok=True)
    if os.getuid() == 0:
        for folder in (tests, logs):
            with contextlib.suppress(OSError):  # read-only
                folder.chmod(0o700)
    with tempfile.TemporaryDirectory(prefix="judge-") as name:
        passed, said = judged(rules, tests, app, Path(name))
    sys.stdout.write("".join(f"{line}\n" for line in said))
    known = [test in passed for test in rules["tests"]]
    share = sum(known) / max(1, len(known))
    reward = {"reward": score(rules, passed), "tests_passed": round(share, 6)}
    (logs / "reward.json").write_text(json.dumps(reward))
    sys.stdout.write(json.dumps(reward) + "\n")


def judged(
    rules: Mapping[str, Any], tests: Path, app: Path, work: Path
) -> tuple[set[int], list[str]]:
    """Return the tests that are passed, and what to say."""
    work.chmod(0o755)
    program = solution(app, rules["languages"])
    if program is None:
        return set(), [f"no {' or '.join(rules['names'])} in {app}"]
    language, path = program
    build = work / "build"
    build.mkdir()
    grader = tests / "grader"
    for given in sorted(grader.glob("*")) if grader.is_dir() else []:
        shutil.copy(given, build / given.name)
    shutil.copy(path, build / path.name)
    hand_over(build)
    command = ["python3", str(build / path.name)]
    if language == "cpp":
        sources = sorted(str(p) for p in build.iterdir() if p.suffix in (".cpp", ".cc", ".cxx"))
        command = [str(build / "program")]
        done = limited([*_GPP, *sources, "-o", command[0]], build, (_COMPILE_S, 2048, 256))
        if done["status"] != "ok":
            return set(), ["does not compile", done["stderr"][:2000]]
    passed: set[int] = set()
    said: list[str] = []
    for number in rules["tests"]:
        outcome = one_test(rules, tests, number, command, work)
        if outcome == "AC":
            passed.add(number)
        else:
            said.append(f"test {number}: {outcome}")
            if not rules["scoring"] and len(said) >= rules["stop_after"]:
                break
    return passed, said


def solution(app: Path, languages: list[str]) -> tuple[str, Path] | None:
    """Return the newest program that was handed in, with its language."""
    programs = [
        (path.stat().st_mtime, language, path)
        for language in languages
        for ending in _LANGUAGES[language]
        if (path := app / f"solution{ending}").is_file() and not path.is_symlink()
    ]
    return max(programs)[1:] if programs else None


def one_test(
    rules: Mapping[str, Any], tests: Path, number: int, command: list[str], work: Path
) -> str:
    """Run the program on a test and return its verdict."""
    folder = Path(tempfile.mkdtemp(dir=work))
    given = tests / "data" / f"{number}.in"
    try:
        if rules["input_file"]:
            shutil.copy(given, folder / rules["input_file"])
        hand_over(folder)
        limits = rules["time_s"], rules["memory_mb"], rules["output_mb"]
        done = limited(command, folder, limits, given)
        if done["status"] != "ok":
            return str(done["status"])
        output: Path = done["stdout"]
        named = folder / rules["output_file"] if rules["output_file"] else None
        if named and named.is_file() and not named.is_symlink() and not output.read_bytes().strip():
            output = named
        return "AC" if accepts(rules, tests, number, output) else "WA"
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        done_file = folder.with_suffix(".out")
        done_file.unlink(missing_ok=True)


def hand_over(folder: Path) -> None:
    """Give a folder to the user who runs programs."""
    if os.getuid() == 0:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, _NOBODY, _NOBODY)


def limited(
    command: list[str], folder: Path, limits: tuple[float, int, int], stdin: Path | None = None
) -> dict[str, Any]:
    """Run a command under limits (CPU seconds, MiB of memory, MiB of output).

    Returns its status (`ok`, TLE, MLE, RTE), the file of its stdout, and its stderr.
    """
    seconds, memory_mb, _ = limits
    out, err = folder.with_suffix(".out"), folder.with_suffix(".err")
    with (stdin or Path(os.devnull)).open("rb") as source, out.open("wb") as o, err.open("wb") as e:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=source,
            stdout=o,
            stderr=e,
            env={"PATH": _PATH, "HOME": str(folder)},
            start_new_session=True,
            preexec_fn=_confined(*limits),
        )
        deadline = time.monotonic() + 3 * seconds + 2
        code, usage = _waited(process.pid, deadline)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    said = err.read_bytes()[:10_000].decode(errors="replace")
    err.unlink()
    cpu_s = usage.ru_utime + usage.ru_stime if usage else seconds + 1
    status = "ok"
    if code is None or cpu_s > seconds:
        status = "TLE"
    elif usage is not None and usage.ru_maxrss > 1024 * memory_mb:
        status = "MLE"
    elif code != 0:
        status = "RTE"
    return {"status": status, "stdout": out, "stderr": said}


def _waited(pid: int, deadline: float) -> tuple[int | None, resource.struct_rusage | None]:
    """Wait for a process; None, None if it had to be stopped."""
    while time.monotonic() < deadline:
        known, status, usage = os.wait4(pid, os.WNOHANG)
        if known:
            return os.waitstatus_to_exitcode(status), usage
        time.sleep(0.002)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    os.wait4(pid, 0)
    return None, None


def _confined(seconds: float, memory_mb: int, output_mb: int) -> Callable[[], None]:
    def confine() -> None:
        cpu = int(seconds) + 2
        resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
        resource.setrlimit(resource.RLIMIT_FSIZE, (output_mb << 20, output_mb << 20))
        resource.setrlimit(resource.RLIMIT_DATA, (memory_mb << 20, memory_mb << 20))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        _, hard = resource.getrlimit(resource.RLIMIT_STACK)
        resource.setrlimit(resource.RLIMIT_STACK, (hard, hard))
        if os.getuid() == 0:
            os.setgroups([])
            os.setgid(_NOBODY)
            os.setuid(_NOBODY)

    return confine


def accepts(rules: Mapping[str, Any], tests: Path, number: int, output: Path) -> bool:
    """Ask the checker about an output."""
    checker = rules["checker"]
    folder = tests / "checker"
    command = _checker(folder, checker)
    given, answer = tests / "data" / f"{number}.in", tests / "data" / f"{number}.ans"
    flags = [*checker["flags"], *rules["flags"].get(str(number), [])]
    with tempfile.TemporaryDirectory(prefix="check-") as feedback, output.open("rb") as text:
        if checker["protocol"] == "kattis":
            line, wanted = [*command, given, answer, f"{feedback}/", *flags], 42
        else:
            line, wanted = [*command, given, output, answer, *flags], 0
        done = subprocess.run(
            list(map(str, line)), stdin=text, capture_output=True, timeout=_CHECK_S, check=False
        )
    return done.returncode == wanted


_built: dict[Path, list[str]] = {}


def _checker(folder: Path, checker: Mapping[str, Any]) -> list[str]:
    """Return the command of the checker, compiled once."""
    main = folder / checker["main"]
    if main.suffix == ".py":
        return [sys.executable or "python3", str(main)]
    if main not in _built:
        target = tempfile.mkdtemp(prefix="checker-") + "/checker"
        sources = [str(p) for p in sorted(folder.rglob("*")) if p.suffix in (".cpp", ".cc", ".cxx")]
        subprocess.run([*_GPP, *sources, "-I", str(folder), "-o", target], check=True)
        _built[main] = [target]
    return _built[main]


def score(rules: Mapping[str, Any], passed: set[int]) -> float:
    """Return the reward: the share of the points, or 1 and 0 where nothing gives points."""
    if not rules["scoring"]:
        return float(all(test in passed for test in rules["tests"]))
    known: dict[str, float] = {}
    total = 0.0
    for group in rules["groups"]:
        points = group_score(group, passed, known)
        total += 0.0 if group["ignore"] else points
    return round(min(1.0, max(0.0, total / float(rules["full"]))), 6)


def group_score(group: Mapping[str, Any], passed: set[int], known: dict[str, float]) -> float:
    """Return a group's points by its tests and children; groups that it depends on come first."""
    parts = [group_score(child, passed, known) for child in group["children"]]
    parts += [group["points"] if t in passed else group["reject_points"] for t in group["tests"]]
    combined = {
        "sum": sum(parts),
        "min": min(parts, default=0.0),
        "max": max(parts, default=0.0),
        "avg": sum(parts) / max(1, len(parts)),
    }[group["aggregate"]]
    if any(not known.get(other, 0.0) for other in group["depends"]):
        combined = 0.0
    low, high = group["low"], group["high"]
    combined = combined if high is None else min(combined, high)
    combined = combined if low is None else max(combined, low)
    known[group["id"]] = float(all(test in passed for test in tests_of(group)))
    return float(combined)


def tests_of(group: Mapping[str, Any]) -> list[int]:
    """Return the numbers of all tests of a group and of those below it."""
    return [*group["tests"], *(t for child in group["children"] for t in tests_of(child))]


if __name__ == "__main__":
    main()
