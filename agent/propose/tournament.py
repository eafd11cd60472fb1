"""The model as judge between two programs: in both orders, and only what it says twice counts.

Representatives of the clusters meet in rounds in which each plays once, so that a budget
that ends anywhere leaves every cluster with as many duels as any other, give or take one. An
answer is one letter; where the endpoint gives log-probabilities, how likely it was to be the other
one counts, too. One that cannot be read picks nobody. Programs are hostile text: their
comments are stripped and the rest is quoted between marks that it cannot contain.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from medalist.agent.llm.contract import Completion, Model, PromptForm, Request
from medalist.agent.llm.logprobs import chances
from medalist.agent.prompts import render
from medalist.agent.prompts.render import ShownForm
from medalist.agent.quote import cut_middle, quoted, without_comments
from medalist.agent.types import Duel, Program
from medalist.errors import BudgetExhausted
from medalist.problems.model import PublicProblem

_MOST_CHARACTERS = 4000  # of a program
_SHOWN = 400  # of an input or an output
_TOKENS = 4
_LIKELIEST = 5  # tokens whose log-probabilities are asked for: "A", " A", "B", " B", and one more
_LEAST_PROGRAMS, _MOST_PROGRAMS = 8, 64
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
    """Yield rounds of a round robin: each program meets one other per round, until all pairs have
    met."""
    seats: list[int | None] = [*range(count), *([None] if count % 2 else [])]
    for _ in range(len(seats) - 1 if count > 1 else 0):
        half = len(seats) // 2
        pairs = zip(seats[:half], reversed(seats[half:]), strict=True)
        yield [(one, other) for one, other in pairs if one is not None and other is not None]
        seats = [seats[0], seats[-1], *seats[1:-1]]


def meetings(count: int, pairs: int) -> int:
    """Return how many pairs of `count` programs meet at most, where `pairs` may."""
    return min(pairs, count * (count - 1) // 2)


def contestants_of(pairs: int) -> int:
    """Return how many programs take part: eight, or as many as the pairs can rank.

    A Swiss tournament of n programs needs about log2 n + 1 rounds of n / 2 pairs.
    """
    count = _LEAST_PROGRAMS
    while count < _MOST_PROGRAMS and (count + 1) / 2 * (math.log2(count + 1) + 1) <= pairs:
        count += 1
    return count


def swiss_round(scores: Sequence[float], met: Collection[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return who meets next: neighbours by score, the earlier first among equals; nobody twice.

    Args:
        scores: Of each program.
        met: Pairs that have met, the lower number first.
    """
    free = sorted(range(len(scores)), key=lambda place: -scores[place])
    pairs = []
    while free:
        one = free.pop(0)
        other = next((x for x in free if (min(one, x), max(one, x)) not in met), None)
        if other is not None:
            free.remove(other)
            pairs.append((min(one, other), max(one, other)))
    return pairs


@dataclass(frozen=True)
class Pairing:
    """Which programs meet.

    Attributes:
        pairs: Most pairs that meet; each costs two questions of one letter.
        differences: What to show of a pair: an input that tells them apart.
    """

    pairs: int = 28
    differences: Mapping[tuple[str, str], Disagreement] = field(default_factory=dict)


def play_tournament(
    public: PublicProblem,
    programs: Sequence[Program],
    model: Model,
    pairing: Pairing = Pairing(),
    came: Callable[[], None] = lambda: None,
) -> tuple[list[Duel], str | None]:
    """Let programs meet, each pair in both orders; return every answer as a duel.

    Where all pairs may meet, all are asked about at once; else in Swiss rounds, in which those
    meet that have done as well so far.

    Args:
        public: The problem.
        programs: Who meets: one program of each cluster, the strongest first.
        model: The judge; what it answered before, it is not asked again. Its traits say in which
            form it is asked.
        pairing: How many pairs meet, and what is shown of them.
        came: Called after each answer.

    Returns:
        The duels in the order of asking, and the cap that ended them early, in words, if one did.

    Raises:
        ModelFailure: The endpoint cannot be used.
    """
    table = _Tournament(public, programs, model, pairing.differences, came)
    count, pairs = len(programs), pairing.pairs
    if meetings(count, pairs) == count * (count - 1) // 2:
        table.play([pair for each in rounds(count) for pair in each])
        return table.duels, table.ended
    left, met = pairs, set[tuple[int, int]]()
    while table.ended is None and (next_ones := swiss_round(table.scores(), met)[:left]):
        table.play(next_ones)
        met.update(next_ones)
        left -= len(next_ones)
    return table.duels, table.ended


class _Tournament:
    """The duels so far."""

    def __init__(
        self,
        public: PublicProblem,
        programs: Sequence[Program],
        model: Model,
        differences: Mapping[tuple[str, str], Disagreement],
        came: Callable[[], None],
    ) -> None:
        self._public, self._programs, self._model = public, programs, model
        self._differences, self._came = differences, came
        self.duels: list[Duel] = []
        self.ended: str | None = None

    def scores(self) -> list[float]:
        """How often each has won; what could not be read is half a win for both."""
        won = dict.fromkeys((program.program_id for program in self._programs), 0.0)
        for duel in self.duels:
            value = 0.5 if duel.value is None else duel.value
            won[duel.first] += value
            won[duel.second] += 1 - value
        return list(won.values())

    def play(self, pairs: Sequence[tuple[int, int]]) -> None:
        """Let pairs meet in both orders."""
        asked: dict[str, tuple[str, str]] = {}
        requests = []
        for one, other in pairs:
            for first, second in ((one, other), (other, one)):
                request = self._request(self._programs[first], self._programs[second])
                names = self._programs[first].program_id, self._programs[second].program_id
                asked[request.request_id] = names
                requests.append(request)
        duels = {}
        try:
            for answer in self._model.complete(requests):
                duels[answer.request_id] = _duel(*asked[answer.request_id], answer)
                self._came()
        except BudgetExhausted as error:
            self.ended = str(error)
        self.duels += [duels[name] for name in asked if name in duels]

    def _request(self, first: Program, second: Program) -> Request:
        shown = _difference(self._differences, (first.program_id, second.program_id))
        return _request(self._public, first, second, shown, self._model.traits.prompt_form)


def _duel(first: str, second: str, answer: Completion) -> Duel:
    odds = chances(answer, ("A", "B"))
    letter = verdict(answer.text)
    if letter is None and odds is not None and odds["A"] != odds["B"]:
        letter = max(odds, key=odds.__getitem__)
    winner = {"A": first, "B": second, None: None}[letter]
    return Duel(first, second, winner, None if odds is None else round(odds["A"], 6))


def longest_duels(
    public: PublicProblem, languages: Sequence[str], pairs: int, form: PromptForm
) -> list[Request]:
    """Return the longest questions that `pairs` pairs may be asked about, in both orders."""
    longest = "x" * _MOST_CHARACTERS
    programs = [Program(language, language, longest, ()) for language in languages]
    shown = Disagreement("x" * _SHOWN, "x" * _SHOWN, "x" * _SHOWN)
    asks = [_request(public, program, program, shown, form) for program in programs]
    most = max(asks, key=lambda one: sum(len(message.content) for message in one.messages))
    return [most] * (2 * pairs)


def verdict(text: str) -> str | None:
    """Read `A` or `B` off the beginning of an answer; None if it does not begin with one."""
    match = _VERDICT.match(text.removeprefix(_PREFILL.strip()))
    return match[1].upper() if match else None


def pair_values(duels: Sequence[Duel]) -> dict[tuple[str, str], float]:
    """Return for each pair that met in both orders how far its first is the better one, 0 to 1.

    It is the mean over both orders, so that what a judge says by the order cancels out. A pair of
    which an answer says nothing is left out.
    """
    known = {(duel.first, duel.second): duel.value for duel in duels}
    values = {}
    for (first, second), value in known.items():
        other = known.get((second, first))
        if value is not None and other is not None and (second, first) not in values:
            values[first, second] = (value + 1 - other) / 2
    return values


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
    parts = render("duel", public, first.language, ShownForm(form=form), values=values)
    return Request(
        request_id=duel_id(public, first.program_id, second.program_id),
        messages=parts.messages,
        max_tokens=_TOKENS,
        think_apart=True,
        temperature=0.0,
        top_p=None,
        prefill=_PREFILL,
        logprobs=_LIKELIEST,
        choices=("A", "B"),
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
