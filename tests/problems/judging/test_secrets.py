"""Canaries: what is secret about a problem reaches no candidate's box, and no feedback.

The probe looks for anything of the form of a canary in all that a run can read: the file
system, every process's arguments, environment, descriptors and memory, System V shared memory.
Its own input is the one place where it may find one.
"""

import re

import pytest

from medalist.agent.contest.kinds import KINDS
from medalist.agent.submit.contest_judge import ContestJudge
from medalist.agent.types import Program
from medalist.problems.judging import JudgeOptions, judge
from medalist.problems.model import GraderFile, Kind, ProblemLimits
from medalist.problems.secret import Group, Problem
from medalist.problems.verdict import Verdict
from medalist.sandbox.box import Source
from medalist.sandbox.pool import Pool

from .problems import case, helper, problem, python

LIMITS = ProblemLimits(time_s=20.0, memory_mb=512)

PROBE = r"""
import os, re, sys
pattern = re.compile(rb"CAN" + rb"ARY-[A-Z]+-\d+")
own = sys.stdin.buffer.readline() if INTERACTIVE else sys.stdin.buffer.read()
found = set()

def look(path, size=1 << 20):
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return
    try:
        found.update(pattern.findall(os.read(fd, size)))
    except OSError:
        pass
    finally:
        os.close(fd)

for folder, folders, files in os.walk("/"):
    folders[:] = [f for f in folders if folder != "/" or f not in ("proc", "sys", "usr")]
    for name in files:
        look(os.path.join(folder, name))
for pid in filter(str.isdigit, os.listdir("/proc")):
    for name in ("cmdline", "environ", "maps", "stat", "comm"):
        look(f"/proc/{pid}/{name}")
    for kind in ("fd", "map_files"):
        try:
            names = os.listdir(f"/proc/{pid}/{kind}")
        except OSError:
            continue
        for name in names:
            if not (INTERACTIVE and name in "012"):
                look(f"/proc/{pid}/{kind}/{name}")
    if pid != str(os.getpid()):
        look(f"/proc/{pid}/mem")
for name in ("shm", "sem", "msg"):
    look(f"/proc/sysvipc/{name}")
found.update(pattern.findall(repr(dict(os.environ)).encode() + repr(sys.argv).encode()))
print(*sorted(f.decode() for f in found - set(pattern.findall(own))) or ["nothing"], flush=True)
"""
CHECKER = """
import sys  # CANARY-CHECKER-1
assert "CANARY-ANSWER" in open(sys.argv[2]).read()
said = sys.stdin.read().split()
open(sys.argv[3] + "judgemessage.txt", "w").write(" ".join(said))
sys.exit(42 if said == ["nothing"] else 43)
"""
INTERACTOR = """
import sys  # CANARY-INTERACTOR-1
print("go", flush=True)
said = sys.stdin.readline().split()
open(sys.argv[3] + "judgemessage.txt", "w").write(" ".join(said))
sys.exit(42 if said == ["nothing"] else 43)
"""
CANARY = re.compile(r"CANARY-[A-Z]+-\d+")


def probe(*, interactive: bool = False) -> Source:
    return python(PROBE.replace("INTERACTIVE", str(interactive)))


def pairs(count: int = 2) -> list[tuple[str, str]]:
    return [(f"CANARY-INPUT-{n}\n", f"CANARY-ANSWER-{n}\n") for n in range(count)]


def test_the_probe_finds_what_is_there(pool: Pool) -> None:
    planted = problem(("x", "CANARY-PLANTED-1"), public={"limits": LIMITS})
    assert planted.secret is not None
    source = probe()
    open_secret = Source(
        source.language, {**source.files, "data.txt": b"CANARY-PLANTED-1"}, source.main
    )
    assert judge(planted, open_secret, pool).verdict is Verdict.AC


def test_answers_and_other_inputs_are_not_in_a_programs_box(pool: Pool) -> None:
    judgement = judge(
        problem(*pairs(), public={"limits": LIMITS}),
        probe(),
        pool,
        how=JudgeOptions(keep_going=True),
    )
    assert [test.verdict for test in judgement.tests] == [Verdict.WA] * 2
    assert all(test.message.endswith("got 'nothing'") for test in judgement.tests)


def test_a_checker_is_not_in_a_programs_box(pool: Pool) -> None:
    checked = problem(*pairs(), public={"limits": LIMITS}, checker=helper(CHECKER))
    judgement = judge(checked, probe(), pool, how=JudgeOptions(keep_going=True))
    assert [test.message for test in judgement.tests] == ["nothing"] * 2
    assert judgement.verdict is Verdict.AC


def test_an_interactor_is_not_in_a_programs_box(pool: Pool) -> None:
    asked = problem(
        *pairs(),
        public={"kind": Kind.INTERACTIVE, "limits": LIMITS},
        interactor=helper(INTERACTOR),
    )
    judgement = judge(asked, probe(interactive=True), pool, how=JudgeOptions(keep_going=True))
    assert [test.message for test in judgement.tests] == ["nothing"] * 2


def leaky() -> Problem:
    """A problem all of whose secrets are canaries, with two subtasks."""
    cases = [
        case(f"secret/{n}-CANARY-NAME-{n}", content, answer)
        for n, (content, answer) in enumerate(pairs())
    ]
    groups = tuple(
        Group(f"CANARY-GROUP-{n}", (test,), aggregate="min", points=50.0, subtask_id=str(n))
        for n, test in enumerate(cases)
    )
    return problem(groups=groups, scoring=True, checker=helper(CHECKER))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", ["print(1)", "raise SystemExit(1)", "print(input())"])
def test_feedback_holds_no_secret(pool: Pool, kind: str, text: str) -> None:
    judge_of_contest = ContestJudge(leaky(), KINDS[kind].feedback, pool)
    feedback = judge_of_contest.submit(Program("p", "python", text, ()))
    assert not CANARY.search(repr(feedback))


def test_a_hidden_grader_does_not_come_back_in_feedback(pool: Pool) -> None:
    grader = b'#include <cstdio>\nint f(); int main() { printf("%d", f()); } // CANARY-GRADER-1'
    hidden = problem(
        ("", "1"),
        public={
            "kind": Kind.FUNCTION,
            "grader_files": (GraderFile(language="cpp", name="g.h", content="int f();"),),
        },
        grader_files={"cpp": {"g.cpp": grader}},
    )
    assert not CANARY.search(hidden.public.model_dump_json())
    # The compiler quotes the line of the second definition: the judge's record may hold it.
    thief = '#include "g.cpp"\nint f() { return 1; }'
    contest = ContestJudge(hidden, KINDS["icpc"].feedback, pool)
    assert contest.submit(Program("p", "cpp", thief, ())).verdict == "CE"
    feedback = contest.submit(Program("p", "cpp", '#include "g.h"\nint f() { return 1; }', ()))
    assert feedback.solved
    assert not CANARY.search(repr(feedback))
