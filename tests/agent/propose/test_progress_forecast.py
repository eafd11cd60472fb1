"""The forecast while a search runs, and ending it at a target."""

import pytest

from medalist.agent.extract.answer import Extracted, Extraction
from medalist.agent.forecast import TRUST
from medalist.agent.propose import arms
from medalist.agent.propose.progress_forecast import Outlook, UntilTarget, chance_of
from medalist.agent.propose.public_result import Attempt, Failure, Trial
from medalist.agent.propose.search import BestOfN
from medalist.agent.types import Candidate

WAYS = arms(["direct"], ["python"])


def attempts(*passing: bool) -> list[Attempt]:
    program = Extraction("print(1)", "python", "", Extracted.PROGRAM)
    return [
        Attempt(
            Candidate(f"p/direct/python/{n}", "", language="python"),
            program,
            Trial((good,), None if good else Failure("wrong")),
        )
        for n, good in enumerate(passing)
    ]


def test_a_search_ends_when_its_target_is_reached_and_not_before() -> None:
    plan = UntilTarget(BestOfN(WAYS, 100, width=8, early=False), 0.9)
    assert plan.next([])
    assert plan.next(attempts(*[False] * 16))
    assert plan.next(attempts(True, *[False] * 15)), "one that passes is right in 7 of 10 cases"
    assert plan.next(attempts(True, True, *[False] * 14)) == []


def test_a_target_that_is_never_reached_ends_with_the_last_answer() -> None:
    plan = UntilTarget(BestOfN(WAYS, 24, width=8, early=False), 0.9)
    assert len(plan.next(attempts(*[False] * 20))) == 4
    assert plan.next(attempts(*[False] * 24)) == []


def test_it_is_said_what_the_next_dollar_adds() -> None:
    seen = chance_of(attempts(*[False] * 8))
    assert (seen.samples, seen.right) == (8, 0)
    cheap, dear, free = (Outlook(seen, usd) for usd in (0.001, 0.1, None))
    assert cheap.gain.mean > dear.gain.mean > 0
    assert "the next dollar adds 0." in str(cheap)
    assert "16 more answers add 0." in str(free)
    assert Outlook(chance_of(attempts(True)), 0.01).now.mean == pytest.approx(TRUST)
    assert dear.recorded().more == 10
