"""The model as judge between two programs: in both orders, and only what it says twice counts.

Representatives of the clusters meet in rounds in which everybody plays once, so that a budget
that ends anywhere leaves every cluster with as many duels as any other, give or take one. An
answer is one letter; one that cannot be read picks nobody. Programs are hostile text: their
comments are stripped and the rest is quoted between marks that it cannot contain.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from medalist.agent.llm.contract import Model, PromptForm, Request
from medalist.agent.prompts import render
from medalist.agent.quote import cut_middle, quoted, without_comments
from medalist.agent.types import Duel, Program
from medalist.errors import BudgetExhausted
from medalist.problems.model import PublicProblem

_MOST_CHARACTERS = 4000  # of a program
_SHOWN = 400  # of an input or an output
_TOKENS = 4
_PREFILL = "The correct program is "
_VERDICT = re.compile(r"[\W_]*(?:program\s+)?([AB])\b", re.I)


@dataclass(frozen=True)
class Disagreement:
    """An input on which two programs differ, and what each of them does on it."""

    content: str
    first: str
    second: str

    def turned(self) -> Disagreement:
        """Return it for the two programs in the other order."""
        return Disagreement(self.content, self.second, self.first)


def rounds(count: int) -> Iterator[list[tuple[int, int]]]:
    """Yield rounds in which everybody meets one other, until everybody met everybody."""
    seats: list[int | None] = [*range(count), *([None] if count % 2 else [])]
    for _ in range(len(seats) - 1 if count > 1 else 0):
        half = len(seats) // 2
        pairs = zip(seats[:half], reversed(seats[half:]), strict=True)
        yield [(one, other) for one, other in pairs if one is not None and other is not None]
        seats = [seats[0], seats[-1], *seats[1:-1]]


def meetings(count: int, pairs: int) -> list[tuple[int, int]]:
    """Return which of `count` programs meet, `pairs` at most, in the order of the rounds."""
    return [pair for each in rounds(count) for pair in each][:pairs]


def play_tournament(
    public: PublicProblem,
    programs: Sequence[Program],
    model: Model,
    *,
    differences: Mapping[tuple[str, str], Disagreement] | None = None,
    pairs: int = 28,
    came: Callable[[], None] = lambda: None,
) -> tuple[list[Duel], str | None]:
    """Let programs meet, each pair in both orders; return every answer as a duel.

    Args:
        public: The problem.
        programs: Who meets: one program of each cluster.
        model: The judge; what it answered before, it is not asked again. Its traits say in which
            form it is asked.
        differences: What to show of a pair: an input that tells them apart.
        pairs: Most pairs that meet; each costs two questions of one letter.
        came: Called after each answer.

    Returns:
        The duels in the order of asking, and the cap that ended them early, in words, if one did.

    Raises:
        ModelFailure: The endpoint cannot be used.
    """
    asked: dict[str, tuple[str, str]] = {}
    requests = []
    for one, other in meetings(len(programs), pairs):
        for first, second in ((programs[one], programs[other]), (programs[other], programs[one])):
            names = first.program_id, second.program_id
            shown = _difference(differences or {}, names)
            request = _request(public, first, second, shown, model.traits.prompt_form)
            asked[request.request_id] = names
            requests.append(request)
    duels = {}
    ended = None
    try:
        for answer in model.complete(requests):
            first_id, second_id = asked[answer.request_id]
            winner = {"A": first_id, "B": second_id, None: None}[verdict(answer.text)]
            duels[answer.request_id] = Duel(first_id, second_id, winner)
            came()
    except BudgetExhausted as error:
        ended = str(error)
    return [duels[name] for name in asked if name in duels], ended


def longest_duels(
    public: PublicProblem, languages: Sequence[str], pairs: int, form: PromptForm
) -> list[Request]:
    """Return the longest questions that `pairs` pairs may be asked about, in both orders."""
    longest = "x" * _MOST_CHARACTERS
    programs = [Program(language, language, longest, ()) for language in languages]
    shown = Disagreement("x" * _SHOWN, "x" * _SHOWN, "x" * _SHOWN)
    asks = [_request(public, one, one, shown, form) for one in programs]
    most = max(asks, key=lambda one: sum(len(message.content) for message in one.messages))
    return [most] * (2 * pairs)


def verdict(text: str) -> str | None:
    """Read `A` or `B` off the beginning of an answer; None if it does not begin with one."""
    found = _VERDICT.match(text.removeprefix(_PREFILL.strip()))
    return found[1].upper() if found else None


def consistent(duels: Sequence[Duel]) -> list[Duel]:
    """Keep the duels of pairs that met in both orders with the same winner."""
    winners: dict[frozenset[str], dict[str, str | None]] = {}
    for duel in duels:
        winners.setdefault(frozenset((duel.first, duel.second)), {})[duel.first] = duel.winner
    return [
        duel
        for duel in duels
        if len(answers := winners[frozenset((duel.first, duel.second))]) == 2
        and len(set(answers.values())) == 1
        and duel.winner is not None
    ]


def duel_id(public: PublicProblem, first: str, second: str) -> str:
    """Return the id of the question about two programs, shown in this order."""
    return f"{public.problem_id}/duel/{first}/{second}"


def _request(
    public: PublicProblem,
    first: Program,
    second: Program,
    difference: Disagreement | None,
    form: PromptForm,
) -> Request:
    texts = [
        quoted(
            cut_middle(without_comments(one.language, one.source), _MOST_CHARACTERS),
            f"program {letter}",
        )
        for letter, one in (("A", first), ("B", second))
    ]
    values = {"first": texts[0], "second": texts[1], "difference": _told(difference)}
    parts = render("duel", public, first.language, form=form, values=values)
    return Request(
        request_id=duel_id(public, first.program_id, second.program_id),
        messages=parts.messages,
        max_tokens=_TOKENS,
        think_apart=True,
        temperature=0.0,
        top_p=None,
        prefill=_PREFILL,
    )


def _difference(
    differences: Mapping[tuple[str, str], Disagreement], names: tuple[str, str]
) -> Disagreement | None:
    if names in differences:
        return differences[names]
    other = differences.get((names[1], names[0]))
    return other.turned() if other else None


def _told(difference: Disagreement | None) -> str:
    if difference is None:
        return ""
    parts = (
        ("an input on which they differ", difference.content),
        ("what program A prints", difference.first),
        ("what program B prints", difference.second),
    )
    return "\n\n".join(quoted(cut_middle(text, _SHOWN), title) for title, text in parts)
