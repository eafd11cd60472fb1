"""Verdicts beside busy loops: what a queue costs is nobody's idleness."""

import json
from pathlib import Path

from tests.agent.command import medalist
from tests.sandbox.busy import busy_loops, first_core, pinned

YAML = """\
problem_format_version: legacy
name: Echo
validation: custom
limits:
  time_limit: 1
  validation_time: 1
"""
# One child after another, as compilers and shell scripts work: 0.75 s of CPU time in all, with 5
# processes in the queue at least 3.75 s of wall time, and a checker may be idle for 3 s.
CHECKER = """
import os, sys, time
def burn(s):
    pid = os.fork()
    if pid == 0:
        while time.process_time() < s: pass
        os._exit(0)
    os.waitpid(pid, 0)
for _ in range(5): burn(0.15)
sys.exit(42 if sys.stdin.read() == open(sys.argv[2]).read() else 43)
"""


def test_a_checker_of_many_processes_is_heard_on_a_busy_machine(tmp_path: Path) -> None:
    package = tmp_path / "echo"
    for name, text in {
        "problem.yaml": YAML,
        "problem_statement/problem.en.tex": "\\problemname{Echo}\nPrint the number.",
        "data/secret/1.in": "5\n",
        "data/secret/1.ans": "5\n",
        "output_validators/check.py": CHECKER,
    }.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(text)
    (tmp_path / "right.py").write_text("print(input())\n")
    (tmp_path / "wrong.py").write_text("print(6)\n")
    with pinned(first_core()), busy_loops(4, first_core()):
        done = medalist("judge", package, "right.py", "wrong.py", "--json", cwd=tmp_path)
    verdicts = [json.loads(line)["verdict"] for line in done.stdout.splitlines()]
    assert verdicts == ["AC", "WA"], done.stderr
