"""A slice of `benchmarks/fuzz_answers.py`: each answer and body ends in a candidate or a reason."""

from __future__ import annotations

import subprocess
import sys

from tests.house.product import ROOT


def test_mutated_answers_and_bodies_are_read_or_refused() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "benchmarks/fuzz_answers.py", "--count", "250", "--seed", "slice"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "250 mutants: " in done.stdout
    assert "0 findings" in done.stdout
