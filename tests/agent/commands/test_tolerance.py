"""Answers within a tolerance: digits, exponents and noise make no behaviour of their own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.agent.command import medalist

from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.agent.llm.scripted.scripted_answers import prompt_of, question_of

pytestmark = pytest.mark.local


class Case(NamedTuple):
    """A problem, a right program without its last line, and how right and wrong ones print.

    `off` is wrong everywhere, `rarely_off` on none of the tests.
    """

    flags: str
    statement: str
    tests: tuple[tuple[str, str], ...]
    program: str
    right: tuple[str, ...]
    off: str
    rarely_off: str


MEAN = Case(
    flags="float_absolute_tolerance 1e-6",
    statement="""# Balance

Read the number $n$ ($1 \\le n \\le 9$) and $n$ integers from $-99$ to $99$. Print their mean.

## Input

The first line holds $n$, the second line $n$ integers.

## Output

The mean, with an absolute error of at most $10^{-6}$.
""",
    tests=(("3\n1 2 6\n", "3.0\n"), ("2\n-5 5\n", "0\n"), ("3\n1 1 2\n", "1.3333333333\n")),
    program="n = int(input())\nmean = sum(map(int, input().split())) / n\n",
    right=(
        "print(mean)",
        "print(f'{mean:.7f}')",
        "print(f'{mean:.12e}')",
        "print(f'{mean:.9f}' + '0' * 6)",
        "print(mean + 1e-7)",
        "print('-0.000' if mean == 0 else f'{mean:.15g}')",
        "print(int(mean) if mean == int(mean) else mean)",
    ),
    off="print(mean + 1e-3)",
    rarely_off="print(mean + (1e-3 if n > 3 else 0))",
)
GROWTH = Case(
    flags="float_relative_tolerance 1e-6",
    statement="""# Growth

A capital of $a$ ($1 \\le a \\le 10^6$) grows by half of itself each year. What is it after $b$
years ($1 \\le b \\le 30$)?

## Input

One line with the integers $a$ and $b$.

## Output

The capital. A relative error of $10^{-6}$ is allowed.
""",
    tests=(("4 1\n", "6.0\n"), ("10 3\n", "33.75\n"), ("1000000 30\n", "191751059232.884094\n")),
    program="a, b = map(int, input().split())\nworth = a * 1.5**b\n",
    right=(
        "print(worth)",
        "print(f'{worth:.10e}')",
        "print(f'{worth:.8E}')",
        "print(f'+{worth:.10f}')",
        "print(worth * (1 + 1e-7))",
        "print(f'{worth:.9f}000')",
    ),
    off="print(worth * (1 + 1e-3))",
    rarely_off="print(worth * (1 + (1e-3 if 3 < b < 30 else 0)))",
)


def package(folder: Path, case: Case) -> Path:
    """Write a problem package whose first two tests are samples."""
    made = folder / "task"
    for place, (given, answer) in enumerate(case.tests):
        where = made / "data" / ("sample" if place < 2 else "secret")
        where.mkdir(parents=True, exist_ok=True)
        (where / f"{place}.in").write_text(given)
        (where / f"{place}.ans").write_text(answer)
    (made / "problem_statement").mkdir()
    (made / "problem_statement/problem.en.md").write_text(case.statement)
    (made / "problem.yaml").write_text(f"name: Task\nvalidator_flags: {case.flags}\n")
    return made


@pytest.mark.parametrize("case", [MEAN, GROWTH], ids=["absolute", "relative"])
def test_right_programs_are_one_behaviour_and_those_that_are_off_are_others(
    case: Case, tmp_path: Path
) -> None:
    made = package(tmp_path, case)
    sources = [case.program + line + "\n" for line in (*case.right, case.off, case.rarely_off)]
    rows = [
        {"problem_id": "task", "candidate_id": f"c{n}", "language": "python", "source": source}
        for n, source in enumerate(sources)
    ]
    (tmp_path / "pool.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    run: list[str | Path] = [
        "solve",
        made,
        "--pool",
        "pool.jsonl",
        "--json",
        "--out",
        "run",
        "--evidence",
        "20",
    ]
    done = medalist(*run, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    assert (result["verdict"], result["clusters"]) == ("AC", 3)
    told = json.loads(medalist("explain", "run", "--json", cwd=tmp_path).stdout)
    first, *others = told["largest"]
    assert (first["votes"], first["programs"]) == (len(case.right), len(case.right))
    assert [(other["votes"], other["programs"]) for other in others] == [(1, 1), (1, 1)]
    # Agreement that digits would have split makes the belief: eight clusters would each have less.
    assert first["chance"] > 0.5 > 0.1 > max(other["chance"] for other in others)
    assert all(other["separated_by"] is not None for other in others)
    text = medalist("explain", "run", cwd=tmp_path).stdout
    assert f"{len(case.right)} votes, {len(case.right)} programs, chance 0." in text


def test_a_duel_and_explain_show_what_each_program_printed(tmp_path: Path) -> None:
    sources = [MEAN.program + line + "\n" for line in ("print(f'{mean:.12e}')", MEAN.off)]

    def reply(seen: SeenRequest) -> Reply:
        if question_of(prompt_of(seen)) == "duel":
            return Reply("A")
        return Reply(f"```python\n{sources[seen.body['seed'] % 2]}```")

    run: list[str | Path] = ["solve", package(tmp_path, MEAN), "--model", "writer", "-n", "8"]
    run += ["--effort", "low", "--search", "once", "--lang", "python", "--duels", "1"]
    run += ["--evidence", "4", "--out", "run"]
    with ScriptedEndpoint(reply) as endpoint:
        done = medalist(*run, cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url)
        assert done.returncode == 0, done.stderr
        prompts = map(prompt_of, endpoint.log)
        duels = [text for text in prompts if question_of(text) == "duel"]
    assert len(duels) == 2
    # The smallest input on which they differ is a sample, whose output neither of them prints.
    for shown in (duels[0], medalist("explain", "run", cwd=tmp_path).stdout):
        lines = {line.split(": ")[-1] for line in shown.splitlines()}
        assert lines & {"3.000000000000e+00", "0.000000000000e+00"}
        assert lines & {"3.001", "0.001"}
