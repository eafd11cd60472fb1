"""The thin adapter for pools of functions: a function is a program, a call an input.

A row of such a pool has `prompt` (the beginning of a Python file, up to the function's
docstring), `entry_point`, `samples` (completions of it) and `generated_tests` (texts of
`assert f(1) == 2`, by the same model). A program is prompt and completion as they stand. Calls
of the tests are inputs, and what the tests say of their values are claims; calls made by changing
those are inputs too, and where tests hold few calls, guesses at the parameters' types.
"""

from __future__ import annotations

import hashlib
import json
import lzma
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from function_calls import calls_of_tests, guess_calls, mutate_calls

from medalist.agent.choose.policy import ExpectedOutput, View
from medalist.agent.choose.recorded_pool import Recorded
from medalist.agent.types import Behaviour, Feedback, Program
from medalist.errors import BadInput
from medalist.problems.verdict import Verdict
from medalist.sandbox import languages
from medalist.sandbox.box import Executable, Run
from medalist.sandbox.limits import RunLimits
from medalist.sandbox.pool import Pool

_DRIVER = Path(__file__).parent / "function_driver.py"
_TESTED_CALLS = 160
_CHANGED_CALLS = 60
_FEW_CALLS = 20
_GUESSED_CALLS = 40
_PROBED_PROGRAMS = 12
_SECONDS_A_CALL = 0.15


def is_function_pool(path: Path) -> bool:
    """Whether the first row of a file is a row of such a pool."""
    return {"prompt", "samples", "generated_tests"} <= next(_rows(path), {}).keys()


def load(path: Path, pool: Pool, done: Collection[str] = ()) -> Iterator[Recorded]:
    """Run every program of the pool on its calls, and yield the problems with their labels.

    Problems in `done` are left out.

    The labels (`{"problem_id": ..., "labels": ["AC", ...]}`, one a completion) are read from the
    file of the same name with `.labels.` for `.pool.`.

    Raises:
        BadInput: There are no labels, or not one for each completion.
    """
    labels_path = path.with_name(path.name.replace(".pool.", ".labels."))
    if labels_path == path or not labels_path.is_file():
        raise BadInput("no file of labels beside it", file=path)
    labels = {row["problem_id"]: row["labels"] for row in _rows(labels_path)}
    driver = pool.compile(languages.source("python3", _DRIVER.read_bytes())).executable
    assert driver is not None
    runner = _Runner(pool, driver)
    for row in _rows(path):
        if row["problem_id"] in done:
            continue
        result = labels.get(row["problem_id"], [])
        if len(result) != len(row["samples"]):
            raise BadInput(f"{len(result)} labels", file=labels_path, field=row["problem_id"])
        yield _problem(row, result, runner)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    opener = lzma.open if path.suffix == ".xz" else open
    try:
        with opener(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)
    except (OSError, ValueError, lzma.LZMAError) as error:
        raise BadInput(f"cannot be read: {error}", file=path) from error


class _Runner:
    """Evaluates calls on programs, several programs at once."""

    def __init__(self, pool: Pool, driver: Executable) -> None:
        self._pool = pool
        self._driver = driver

    def keys(self, programs: Iterable[str], calls: Sequence[str]) -> list[tuple[str | None, ...]]:
        """Return the keys of each program on the calls."""
        with ThreadPoolExecutor(self._pool.size) as threads:
            return list(threads.map(lambda program: self._one(program, calls), programs))

    def _one(self, program: str, calls: Sequence[str]) -> tuple[str | None, ...]:
        if not calls:
            return ()
        task = {"program": program, "calls": calls, "seconds": _SECONDS_A_CALL}
        limits = RunLimits(cpu_s=30, memory_bytes=2 << 30)
        with self._pool.box() as box:
            (outcome,) = box.run_many(self._driver, [Run(stdin=json.dumps(task).encode())], limits)
        if not outcome.ok:
            return ("!runtime",) * len(calls)
        values: list[str | None] = json.loads(outcome.stdout)
        return tuple(map(_hashed, values))


def _hashed(value: str | None) -> str | None:
    if value is None or value[0] == "!":
        return value
    return "=" + hashlib.sha256(value[1:].encode("utf-8", "replace")).hexdigest()[:16]


def _problem(row: dict[str, Any], labels: Sequence[str], runner: _Runner) -> Recorded:
    function, prompt = row["entry_point"], row["prompt"]
    texts = [prompt + sample for sample in row["samples"]]
    votes = Counter(texts)
    tested = calls_of_tests(row["generated_tests"], function)
    calls = [call.text for call in tested[:_TESTED_CALLS]]
    # Completions often continue with their own asserts: calls to start from, but no claims.
    own = [sample.partition("assert")[2] for sample in row["samples"] if "assert" in sample]
    seeds = [call.text for call in (*tested, *calls_of_tests(own, function))]
    calls += [
        call for call in mutate_calls(seeds, function, _CHANGED_CALLS, seed=1) if call not in calls
    ]
    if len(calls) < _FEW_CALLS:
        calls += _guessed(row, list(votes), runner)
    calls = list(dict.fromkeys(calls))
    rows = dict(zip(votes, runner.keys(votes, calls), strict=True))
    claimed = [
        (index, text, count)
        for index, call in enumerate(tested[:_TESTED_CALLS])
        for text, count in call.claims
    ]
    values = runner.keys([prompt + "    pass\n"], [text for _, text, _ in claimed])[0]
    claims = tuple(
        ExpectedOutput(index, key, float(count))
        for (index, _, count), key in zip(claimed, values, strict=True)
        if key is not None and key[0] == "="
    )
    return _recorded(row, labels, rows, claims)


def _guessed(row: dict[str, Any], programs: Sequence[str], runner: _Runner) -> list[str]:
    """Calls with the parameter types on which most programs give an output."""
    function, prompt = row["entry_point"], row["prompt"]
    families = guess_calls(prompt, function, _GUESSED_CALLS, seed=1)
    probes = [(family, call) for family, calls in families.items() for call in calls[:4]]
    managed: Counter[str] = Counter()
    for keys in runner.keys(programs[:_PROBED_PROGRAMS], [call for _, call in probes]):
        outputs = [key for key in keys if key is not None and key[0] == "="]
        if len(set(outputs)) > 1:  # a function that always says the same tells nothing
            for (family, _), key in zip(probes, keys, strict=True):
                managed[family] += key is not None and key[0] == "="
    best = max(managed.values(), default=0)
    chosen = [family for family, count in managed.items() if count >= 0.9 * best > 0]
    share = _GUESSED_CALLS // max(1, len(chosen))
    return [call for family in chosen for call in families[family][: max(1, share)]]


def _recorded(
    row: dict[str, Any],
    labels: Sequence[str],
    rows: dict[str, tuple[str | None, ...]],
    claims: tuple[ExpectedOutput, ...],
) -> Recorded:
    programs: dict[str, Program] = {}
    truth: dict[str, Feedback] = {}
    behaviours: dict[str, Behaviour] = {}
    for number, (sample, label) in enumerate(zip(row["samples"], labels, strict=True)):
        text = row["prompt"] + sample
        program_id = hashlib.sha256(text.encode()).hexdigest()[:16]
        before = programs[program_id].candidates if program_id in programs else ()
        programs[program_id] = Program(program_id, "python", sample, (*before, str(number)))
        truth[program_id] = Feedback(Verdict(label))
        behaviours[program_id] = Behaviour.of(program_id, rows[text])
    view = View(tuple(programs.values()), behaviours, claims=claims)
    return Recorded(row["problem_id"], view, truth)
