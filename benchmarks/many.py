"""`medalist solve -n 10000` on one problem, killed twice on the way: time, memory, answer.

    python benchmarks/many.py [--candidates 10000] [--cpp 1000] [--problem decode] [--json]

A scripted endpoint answers with distinct programs: the problem's accepted solutions, and mutants
of them with one to four small faults, so that merging does not make it easy. `--cpp` of them are
C++, the rest Python; one in a hundred is right. The command runs as a user's would, is killed
(`kill -9`) when a third of the answers are in and again when half of the programs have been run,
and is started again with the same arguments.

The last line with `--json` is one object: `candidates`, `programs` (distinct ones that compile),
`clusters`, `asked_again` (journalled answers that the endpoint was asked for again), `requests`
(what the endpoint saw), `kills`, `peak_mb` (largest memory of the command's process), `seconds`
(of all sessions), `session_seconds`, `verdict`.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from medalist.agent.evidence.program_mutants import mutants
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.problems.formats import find_bundled

FAULTS = (1, 2, 3, 4)
LOOK_S = 0.5
RIGHT_IN = 100


def distinct(source: str, family: str, count: int) -> list[str]:
    """Return `count` different programs: mutants, but every hundredth is right."""
    made: dict[str, None] = {source: None}
    comment = "//" if family == "cpp" else "#"
    for faults in FAULTS:
        variants = mutants(source, family, count=2 * count, seed=1, faults=faults)
        made.update(dict.fromkeys(mutant.source for mutant in variants))
        if len(made) >= count:
            break
    assert len(made) >= count, f"only {len(made)} mutants"
    programs = list(islice(made, count))
    for number in range(0, count, RIGHT_IN):
        programs[number] = f"{source}\n{comment} {number}\n"
    return programs


def source_of(accepted: Path, suffix: str) -> str:
    """Return an accepted solution in a language."""
    return min(accepted.glob(f"*.{suffix}")).read_text(encoding="utf-8")


class Script:
    """Gives each new question the next program, and an old question its old one."""

    def __init__(self, programs: list[tuple[str, str]]) -> None:
        self._programs = programs
        self._place: dict[int, int] = {}

    def __call__(self, seen: SeenRequest) -> Reply:
        """Answer."""
        place = self._place.setdefault(seen.body["seed"], len(self._place))
        language, source = self._programs[place % len(self._programs)]
        return Reply(f"```{language}\n{source}\n```")


def count_of(run: Path, kind: str) -> int:
    """How many events of a kind a run's journal holds, 0 while there is none."""
    try:
        with sqlite3.connect(f"file:{run}/journal.sqlite?mode=ro", uri=True) as database:
            query = "SELECT count(*) FROM events WHERE kind = ?"
            return int(database.execute(query, (kind,)).fetchone()[0])
    except sqlite3.Error:
        return 0


def answered_seeds(run: Path) -> set[int]:
    """The seeds of all questions whose answers a run has journalled."""
    from medalist.agent.journal import Journal

    with Journal.open(run, readonly=True) as journal:
        seeds = {
            event.key: event.body["params"]["seed"]  # type: ignore[index, call-overload]
            for event in journal.raw_events("call.intent")
        }
        return {seeds[event.key] for event in journal.raw_events("call.done")}  # type: ignore[misc]


def session(
    command: list[str], environment: dict[str, str], until: Callable[[], bool] | None
) -> tuple[float, float, str | None]:
    """Run the command to its end, or kill it when `until` says so.

    Returns:
        Its peak memory in MiB, seconds, and what it printed; None if it was killed.
    """
    started = time.monotonic()
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(command, env=environment, stdout=out)
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, peak_of(process.pid))
            if until is not None and until():
                process.send_signal(signal.SIGKILL)
                process.wait()
                return peak, time.monotonic() - started, None
            time.sleep(LOOK_S)
        out.seek(0)
        text = out.read()
    if process.returncode not in (0, 1):
        raise SystemExit(f"the command ended with {process.returncode}")
    return peak, time.monotonic() - started, text


def peak_of(pid: int) -> float:
    """Peak resident memory of a process in MiB, 0 if it has just gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    lines = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(lines[0].split()[1]) / 1024 if lines else 0.0


def main() -> None:
    """Run, kill, run, kill, run; print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--candidates", type=int, default=10_000)
    parser.add_argument("--cpp", type=int, default=1000)
    parser.add_argument("--problem", default="decode")
    parser.add_argument("--folder", type=Path, help="where the run goes (default: a temporary one)")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    accepted = find_bundled(options.problem) / "submissions" / "accepted"
    python = distinct(source_of(accepted, "py"), "python", options.candidates - options.cpp)
    programs = [("python", source) for source in python]
    if options.cpp:
        cpp = distinct(source_of(accepted, "cpp"), "cpp", options.cpp)
        # Spread evenly, so that both kills find both languages.
        step = len(programs) / options.cpp
        for number, source in enumerate(cpp):
            programs.insert(int(number * (step + 1)), ("cpp", source))
    if options.folder:
        options.folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=options.folder) as folder,
        ScriptedEndpoint(Script(programs)) as endpoint,
    ):
        run = Path(folder) / "run"
        command = [sys.executable, "-m", "medalist", "solve", options.problem]
        command += ["-n", str(options.candidates), "--out", str(run), "--json"]
        environment = {**os.environ, "OPENAI_BASE_URL": endpoint.base_url}
        # A program is run on the samples at least: one row or two of outcomes each.
        marks = (("call.done", options.candidates // 3), ("outcomes", options.candidates // 2))
        peaks, seconds, again, text = [], [], 0, None
        for kind, mark in (*marks, ("", 0)):
            known = answered_seeds(run) if run.exists() else set()
            before = len(endpoint.log)
            until = (lambda kind=kind, mark=mark: count_of(run, kind) >= mark) if kind else None
            peak, took, text = session(command, environment, until)
            peaks.append(peak)
            seconds.append(round(took, 1))
            again += sum(seen.body["seed"] in known for seen in endpoint.log[before:])
            what = "killed" if text is None else "finished"
            print(f"{what} after {took:.0f} s, {peak:.0f} MiB", file=sys.stderr, flush=True)
            if text is not None:
                break
        assert text is not None
        outcome = json.loads(text)
        result = {
            **{name: outcome[name] for name in ("candidates", "programs", "clusters", "verdict")},
            "asked_again": again,
            "requests": len(endpoint.log),
            "kills": len(seconds) - 1,
            "peak_mb": round(max(peaks), 1),
            "seconds": round(sum(seconds), 1),
            "session_seconds": seconds,
        }
    for name, value in result.items():
        print(f"{name:16} {value}")
    if options.json:
        print(json.dumps(result))


if __name__ == "__main__":
    main()
