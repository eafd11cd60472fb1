"""How likely a reviewer found `Yes`, read off its answer."""

from __future__ import annotations

import math

import pytest

from medalist.agent.llm.contract import Completion, TokenLogprob
from medalist.agent.propose.review import likelihood
from medalist.agent.types import Usage


def answer(text: str, *tokens: TokenLogprob) -> Completion:
    return Completion("q", text, "", "stop", Usage(), "m", 0.0, None, logprobs=tokens or None)


def token(text: str, chance: float, **rivals: float) -> TokenLogprob:
    likeliest = tuple((name, math.log(value)) for name, value in rivals.items())
    return TokenLogprob(text, math.log(chance), likeliest)


@pytest.mark.parametrize(
    ("completion", "expected"),
    [
        (answer("Yes", token("Yes", 0.6, Yes=0.6, No=0.2)), 0.75),
        (answer("No", token("No", 0.6, Yes=0.2, No=0.6)), 0.25),
        (answer("Yes", token("Yes", 1.0)), 0.95),  # no opinion decides alone
        (answer("**Yes.**"), 0.75),
        (answer("no"), 0.25),
        (answer("It depends."), 0.5),
        (answer(""), 0.5),
    ],
)
def test_the_chance_of_yes(completion: Completion, expected: float) -> None:
    assert likelihood(completion) == pytest.approx(expected)
