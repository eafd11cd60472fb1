"""Pools with known curves, and the command that reads them."""

from __future__ import annotations

import json
import lzma
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from medalist.agent.report.scaling import pass_at_k
from tests.agent.command import medalist

A, B = 1.5, 0.5
"""Parameters of the law that the synthetic pool follows."""


def scaled(folder: Path, *args: str) -> dict[str, Any]:
    """Run `medalist scale ARGS --json` and return what it prints."""
    done = medalist("scale", *args, "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def refused(folder: Path, *args: str, code: int = 2) -> str:
    """Run `medalist scale ARGS`, which fails, and return its only line of complaint."""
    done = medalist("scale", *args, cwd=folder)
    assert done.returncode == code, done.stderr
    assert not done.stdout
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("medalist: ")
    return line


def write_labels(path: Path, right: Sequence[int], samples: int) -> None:
    """Write verdicts alone: of each problem `samples` right ones among `samples` samples."""
    rows = [
        {"problem_id": f"p{number}", "labels": ["AC"] * count + ["WA"] * (samples - count)}
        for number, count in enumerate(right)
    ]
    path.write_text("\n".join(map(json.dumps, rows)) + "\n")


def right_by_law(problems: int, samples: int) -> list[int]:
    """How many samples of each problem are right, so that pass@k is exp(-A k^-B).

    Put together problem by problem: the next is the one that brings the mean closest to the law.
    """
    numbers = [1 << power for power in range(samples.bit_length())]
    wanted = [math.exp(-A * k**-B) for k in numbers]
    counts = sorted({round(samples ** (step / 60)) for step in range(61)} | {0})
    rows = {count: [pass_at_k(samples, count, k) for k in numbers] for count in counts}
    sums, chosen = [0.0] * len(numbers), []
    for size in range(1, problems + 1):
        best = min(
            counts,
            key=lambda count: sum(
                ((total + value) / size - right) ** 2
                for total, value, right in zip(sums, rows[count], wanted, strict=True)
            ),
        )
        chosen.append(best)
        sums = [total + value for total, value in zip(sums, rows[best], strict=True)]
    return chosen


def evidence(
    problem: str, programs: Mapping[str, tuple[int, str, str]], subtasks: bool = False
) -> dict[str, Any]:
    """A line of evidence: programs by name with votes, output on the only input, and verdict."""
    return {
        "problem": problem,
        "programs": [
            {"id": name, "language": "cpp", "source": name,
             "candidates": [f"{name}/{vote}" for vote in range(votes)]}
            for name, (votes, _, _) in programs.items()
        ],
        "keys": [[f"={output}"] for _, output, _ in programs.values()],
        "truth": [
            {"verdict": verdict,
             "subtasks": {"1": float(verdict != "WA"), "2": float(verdict == "AC")}
             if subtasks else {}}
            for _, _, verdict in programs.values()
        ],
    }  # fmt: skip


def write_evidence(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    text = "\n".join(map(json.dumps, rows)) + "\n"
    path.write_bytes(lzma.compress(text.encode()) if path.suffix == ".xz" else text.encode())


def points(result: dict[str, Any], policy: str, submissions: int | None) -> dict[int, float]:
    """The curve of the first strategy by so many submissions, by number of samples."""
    (curve,) = (
        curve
        for curve in result["strategies"][0]["curves"]
        if (curve["policy"], curve["submissions"]) == (policy, submissions)
    )
    return {point["k"]: point["mean"] for point in curve["points"]}
