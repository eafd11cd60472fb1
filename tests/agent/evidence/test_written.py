"""Generators and validators run in a real box; a fixed model stands in for the one that writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from medalist.agent.evidence.behaviour_table import BehaviourTable
from medalist.agent.evidence.matrix import fill
from medalist.agent.evidence.written import written_inputs
from medalist.agent.llm.contract import Completion, ModelTraits, Request
from medalist.agent.types import Usage
from medalist.errors import EngineError
from medalist.problems.model import Equality, PublicProblem, Sample
from medalist.sandbox import languages
from medalist.sandbox.limits import RunLimits
from medalist.sandbox.pool import Pool, open_pool

PUBLIC = PublicProblem(
    problem_id="p",
    statements={"en": "Read n from 1 to 9 and print it."},
    samples=(Sample(input="3\n", output="3"),),
)
ANSWERS = {
    "p/generator/0": "import random\nrandom.seed(int(input()))\nprint(random.randint(1, 12))",
    "p/generator/1": "raise SystemExit(1)",
    "p/generator/2": "print('nonsense')",
    "p/validator/0": "assert 1 <= int(input()) <= 9",
    "p/validator/1": "assert int(input()) < 10",
    "p/validator/2": "raise SystemExit(1)",
}


class Fixed:
    name = "fixed"
    traits = ModelTraits()

    def complete(self, requests: Iterable[Request]) -> Iterator[Completion]:
        for one in requests:
            text = f"```python\n{ANSWERS[one.request_id]}\n```"
            yield Completion(one.request_id, text, "", "stop", Usage(), self.name, 0.0, 0.0)

    def close(self) -> None:
        pass


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    try:
        with open_pool("local", cores=[0]) as opened:
            yield opened
    except EngineError as error:
        pytest.skip(str(error))


@pytest.mark.local
def test_bad_generators_and_validators_do_no_harm(pool: Pool) -> None:
    found = written_inputs(PUBLIC, Fixed(), pool, generators=3, validators=3, inputs=12)  # type: ignore[arg-type]
    assert found
    assert all(1 <= int(content) <= 9 for content in found)
    assert len(found) == len(set(found))


@pytest.mark.local
def test_only_missing_cells_are_run(pool: Pool) -> None:
    table = BehaviourTable("p/evidence", Equality())
    table.add_inputs([b"1\n", b"0\n"])
    built = {
        name: pool.compile(languages.source("python3", text)).executable
        for name, text in {"inverse": "print(6 // int(input()))", "loop": "while 1: pass"}.items()
    }
    programs = [(name, one) for name, one in built.items() if one is not None]
    limits = RunLimits(cpu_s=0.3)
    rows = {row.program_id: row.keys for row in fill(table, programs, pool, limits, workers=1)}
    assert rows["inverse"][1] == "!runtime"
    assert rows["loop"] == ("!time", "!time")
    table.add_inputs([b"2\n"])
    again = {row.program_id: row.keys for row in fill(table, programs[:1], pool, limits)}
    assert again["inverse"][:2] == rows["inverse"]
    assert table.output(str(again["inverse"][2])) == b"3"
    assert list(table.missing("loop")) == [2]
