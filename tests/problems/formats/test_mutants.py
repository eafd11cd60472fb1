"""A slice of `benchmarks/fuzz_readers.py`: mutants of every format, to readers and commands."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[3] / "benchmarks" / "fuzz_readers.py"


def test_no_mutant_ends_in_a_traceback() -> None:
    arguments = ["--count", "200", "--seed", "ci", "--judge-every", "60"]
    done = subprocess.run(
        [sys.executable, SCRIPT, *arguments],
        env={**os.environ, "MEDALIST_BOX": "local"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 findings" in done.stdout
    assert "show: exit code 0" in done.stdout
    assert "show: exit code 2" in done.stdout


def test_it_finds_a_reader_that_breaks() -> None:
    """The script can fail: a reader that raises what it should not is a finding."""
    broken = (
        "import sys, runpy\n"
        "sys.argv = ['fuzz', '--count', '150', '--seed', 'ci', '--judge-every', '0']\n"
        f"sys.path.insert(0, {str(SCRIPT.parent)!r})\n"
        "import medalist.problems.formats\n"
        "sys.modules['medalist.problems.formats.load'].load_statement = lambda p: {}[p]\n"
        f"runpy.run_path({str(SCRIPT)!r}, run_name='__main__')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", broken], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "KeyError" in done.stdout
