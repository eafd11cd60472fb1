"""Who chooses what is submitted after each round: rounds played from recorded pools.

    python benchmarks/rounds_choice.py [--pool FILE ...] [--resamples N] [--json]
    python benchmarks/rounds_choice.py --rules icpc|atcoder|codeforces|ioi [...]

Rounds as GenCorrect's (four of a ninth of the answers, the last of five ninths; after each, ten
submissions for 1,800 answers, at least one) are dealt from pools of judged programs in random
order. Nothing of a pool answers to feedback: what is measured is the choice alone. After each round
a chooser submits from the programs that there are by then, knowing its verdicts:

- medalist: expected gain;
- gencorrect: farthest first by the Jaccard distance of 5-token shingles among the programs of the
  round, blind to scores and behaviour, as published;
- gencluster: round-robin over clusters by size; random.

All but gencorrect and random put programs that fail a sample last; these two do, too, since
RankingPolicy does. The table holds the share of the points (of problems, without subtasks) after
each round, with 95 % intervals, problems resampled, and the paired difference to medalist at the
end. Without `--pool`: the pool in `benchmarks/pools`.

With `--rules`, instead: what rounds are worth against asking for everything first, in points of
that kind of contest, on a clock: all answers take `--minutes`, a rejected submission and time cost
what the rules say, submissions of the IOI are a minute apart.

Weights of medalist are fitted for each problem on the others of its pool, where those that ship
were fitted on that pool; with `--unseen` on the pools in `benchmarks/pools` less the whole of that
pool, and less its problems that are in others.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from left_one_out import describe, pool_left_out
from selection import ours
from selection_pools import one_right
from unseen import FOLDER, read_pools

from medalist.agent.choose.baselines import RandomOrder
from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.choose.policy import Policy, PolicyRules, RankingPolicy, View
from medalist.agent.choose.policy_replay import gains, mean_interval
from medalist.agent.choose.published import GenCluster
from medalist.agent.choose.recorded_pool import Recorded, read_pool
from medalist.agent.contest.kinds import KINDS, ContestKind
from medalist.agent.contest.scoreboard import ContestProblem
from medalist.agent.steps.feedback_rounds import in_proportion
from medalist.agent.types import JudgedSubmission, Submission
from medalist.errors import MedalistError

HERE = Path(__file__).parent
NINTHS = (1, 1, 1, 1, 5)
MOST = 50


class GenCorrect(RankingPolicy):
    """Farthest first by shingles among the programs of the newest round.

    Attributes:
        fresh: The candidates of that round; None for all.
    """

    name = "gencorrect"

    def __init__(self) -> None:
        super().__init__()
        self.fresh: frozenset[str] | None = None
        self._shingles: dict[str, frozenset[tuple[str, ...]]] = {}

    def rank(self, view: View) -> list[Submission]:
        """Begin anywhere, and continue with the program that is least like those before it."""
        left = [
            program
            for program in view.programs
            if self.fresh is None or not self.fresh.isdisjoint(program.candidates)
        ]
        random.Random(view.seed).shuffle(left)
        nearest = {program.program_id: 0.0 for program in left}
        ranked: list[Submission] = []
        while left and len(ranked) < MOST:
            best = min(left, key=lambda one: nearest[one.program_id])
            left.remove(best)
            ranked.append(Submission(best.program_id, "farthest"))
            for shown in left:
                alike = self._alike(best.program_id, best.source, shown.program_id, shown.source)
                nearest[shown.program_id] = max(nearest[shown.program_id], alike)
        # What is not among the first ones is submitted by nobody here.
        return ranked

    def _alike(self, first: str, text: str, second: str, other: str) -> float:
        one, two = self._of(first, text), self._of(second, other)
        union = len(one | two)
        return len(one & two) / union if union else 1.0

    def _of(self, name: str, source: str) -> frozenset[tuple[str, ...]]:
        if name not in self._shingles:
            tokens = re.findall(r"\w+|[^\w\s]", source)
            self._shingles[name] = frozenset(zip(*(tokens[k:] for k in range(5)), strict=False))
        return self._shingles[name]


@dataclass(frozen=True)
class Deal:
    """A pool's problem in rounds: the view after each, and which candidates are new in it."""

    recorded: Recorded
    views: tuple[View, ...]
    fresh: tuple[frozenset[str], ...]
    submissions: int

    def allowed(self, place: int) -> int:
        """How many submissions may be made up to a round, as `solve` allows them."""
        upto, total = (
            sum(len(item) for item in self.fresh[:k]) for k in (place + 1, len(self.fresh))
        )
        most = self.submissions * len(self.fresh)
        return min(self.submissions * (place + 1), in_proportion(most, upto / total))

    @classmethod
    def of(cls, recorded: Recorded, seed: int) -> Deal:
        """Deal the candidates in random order."""
        view = recorded.view
        drawn = [(program, name) for program in view.programs for name in program.candidates]
        random.Random(seed).shuffle(drawn)
        views, fresh, before = [], [], 0
        for number in range(1, len(NINTHS) + 1):
            upto = max(number, round(len(drawn) * sum(NINTHS[:number]) / sum(NINTHS)))
            views.append(_restricted(view, drawn[:upto], seed))
            fresh.append(frozenset(name for _, name in drawn[before:upto]))
            before = upto
        count = max(1, round(10 * len(drawn) / 1800))
        return Deal(recorded, tuple(views), tuple(fresh), min(count, MOST // len(NINTHS)))


def _restricted(view: View, drawn: Sequence[tuple[Any, str]], seed: int) -> View:
    votes: dict[str, list[str]] = {}
    known = {}
    for program, name in drawn:
        known[program.program_id] = program
        votes.setdefault(program.program_id, []).append(name)
    programs = tuple(replace(known[name], candidates=tuple(names)) for name, names in votes.items())
    return replace(view, programs=programs, seed=seed)


Chooser = Callable[[], Policy]


def choosers(belief: ExpectedGain) -> dict[str, Chooser]:
    """Return who is compared."""
    return {
        "medalist": lambda: belief,
        "gencorrect": GenCorrect,
        "gencluster": GenCluster,
        "random": RandomOrder,
    }


def rules_of(recorded: Recorded, kind: ContestKind, cost: float) -> PolicyRules:
    """Return the rules of a problem under a kind of contest."""
    subtasks = sorted({name for verdict in recorded.truth.values() for name in verdict.subtasks})
    return kind.policy_rules(MOST, cost, dict.fromkeys(subtasks, 1.0))


def played(deal: Deal, chooser: Chooser, rules: PolicyRules) -> list[float]:
    """Return the share of the points after each round."""
    policy = chooser()
    history: list[JudgedSubmission] = []
    held = []
    for place, view in enumerate(deal.views):
        # As many for everybody, as published: what is compared is the choice alone.
        under = replace(rules, submissions=deal.submissions * (place + 1))
        if isinstance(policy, GenCorrect):
            policy.fresh = deal.fresh[place]
        _submit(policy, view, deal.recorded, history, under)
        after = gains(history, rules)
        held.append(after[-1] if after else 0.0)
    return held


def _submit(
    policy: Policy,
    view: View,
    recorded: Recorded,
    history: list[JudgedSubmission],
    rules: PolicyRules,
) -> None:
    while isinstance(decision := policy.decide(view, history, rules), Submission):
        history.append((decision, recorded.truth[decision.program_id]))


Beliefs = Callable[[str, list[Recorded]], dict[str, ExpectedGain]]


def unseen() -> Beliefs:
    """Return beliefs fitted on the pools in `benchmarks/pools` without the pool that is played."""
    described = describe(read_pools(sorted(FOLDER.glob("*.pool.jsonl.xz"))))

    def belief(name: str, rows: list[Recorded]) -> dict[str, ExpectedGain]:
        weights = pool_left_out(described, name, {row.problem_id for row in rows})
        return dict.fromkeys((row.problem_id for row in rows), ExpectedGain(weights))

    return belief


def choice(pools: dict[str, list[Recorded]], draws: range, beliefs: Beliefs) -> dict[str, Any]:
    """Compare choosers on pools, and print a table for each."""
    result: dict[str, Any] = {}
    for name, rows in pools.items():
        own = beliefs(name, rows)
        table: dict[str, list[list[float]]] = {}
        for row in rows:
            rules = rules_of(row, KINDS["ioi"](), 0.0)  # type: ignore[call-arg]
            sums: dict[str, list[float]] = {}
            for draw in draws:
                deal = Deal.of(row, draw)
                for who, chooser in choosers(own[row.problem_id]).items():
                    outcome = played(deal, chooser, rules)
                    before = sums.get(who, [0.0] * len(outcome))
                    sums[who] = [old + new for old, new in zip(before, outcome, strict=True)]
            for who, total in sums.items():
                table.setdefault(who, []).append([value / len(draws) for value in total])
        result[name] = _shown(name, table)
    return result


def _shown(name: str, table: dict[str, list[list[float]]]) -> dict[str, Any]:
    print(f"{name}: {len(next(iter(table.values())))} problems")
    result: dict[str, Any] = {}
    for who, rows in table.items():
        cells = [mean_interval(column) for column in zip(*rows, strict=True)]
        pairs = zip(table["medalist"], rows, strict=True)
        less = mean_interval([ours_[-1] - theirs[-1] for ours_, theirs in pairs])
        areas = zip(table["medalist"], rows, strict=True)
        sooner = mean_interval([(sum(ours_) - sum(theirs)) / len(ours_) for ours_, theirs in areas])
        result[who] = {
            "rounds": [{"mean": cell.mean, "lo": cell.low, "hi": cell.high} for cell in cells],
            "medalist_gains": {"mean": less.mean, "lo": less.low, "hi": less.high},
            "medalist_gains_over_rounds": {
                "mean": sooner.mean, "lo": sooner.low, "hi": sooner.high
            },
        }  # fmt: skip
        figures = "".join(f"  {cell.mean:.3f} [{cell.low:.3f},{cell.high:.3f}]" for cell in cells)
        print(
            f"  {who:<11}{figures}   end {less.mean:+.3f} [{less.low:+.3f},{less.high:+.3f}]"
            f"   mean of rounds {sooner.mean:+.3f} [{sooner.low:+.3f},{sooner.high:+.3f}]",
            flush=True,
        )
    return result


def in_contest(
    pools: dict[str, list[Recorded]],
    draws: range,
    beliefs: Beliefs,
    kind: ContestKind,
    minutes: float,
) -> dict[str, Any]:
    """Compare rounds with asking for everything first, in a contest's points."""
    result: dict[str, Any] = {}
    for name, rows in pools.items():
        own = beliefs(name, rows)
        table: dict[str, list[Points]] = {}
        for row in rows:
            policies = choosers(own[row.problem_id])
            outcome: dict[str, list[Points]] = {}
            for draw in draws:
                deal = Deal.of(row, draw)
                everything = replace(
                    deal,
                    views=deal.views[-1:],
                    fresh=(frozenset().union(*deal.fresh),),
                    submissions=deal.submissions * len(deal.views),
                )
                ways = {"at once": everything, **dict.fromkeys(ways_of(kind), deal)}
                for who, dealt in ways.items():
                    played_ = points(dealt, policies["medalist"], kind, minutes, who)
                    outcome.setdefault(who, []).append(played_)
            for who, some in outcome.items():
                mean = (sum(one_) / len(some) for one_ in zip(*some, strict=True))
                table.setdefault(who, []).append(Points(*mean))
        result[name] = {
            figure: _compared(f"{name} {kind.kind}, {figure}", place, table)
            for place, figure in enumerate(Points._fields)
        }
    return result


def _compared(title: str, place: int, table: dict[str, list[Points]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for who, rows in table.items():
        mean = mean_interval([row[place] for row in rows])
        pairs = zip(rows, table["at once"], strict=True)
        more = mean_interval([ours_[place] - theirs[place] for ours_, theirs in pairs])
        result[who] = {"points": mean.mean, "over": [more.mean, more.low, more.high]}
        print(
            f"{title}: {who:<11} {mean.mean:.3f} [{mean.low:.3f},{mean.high:.3f}]"
            f"   against at once {more.mean:+.3f} [{more.low:+.3f},{more.high:+.3f}]",
            flush=True,
        )
    return result


class Points(NamedTuple):
    """What a problem gave, as shares of its worth: rejections and time taken off, and time not."""

    with_time: float
    without_time: float


def ways_of(kind: ContestKind) -> tuple[str, ...]:
    """Return how rounds are played: as `solve` and participants do, and without what is new there.

    That is what an early rejection costs, or, where it costs nothing, the reserve.
    """
    costs = kind.wrong_cost(_PROBLEM, 0.0, _DURATION_S) > 0
    return ("rounds", "not weighed" if costs else "unreserved")


_DURATION_S = 300 * 60.0
_PROBLEM = ContestProblem(problem_id="P", title="P", label="A", points=500.0)


def points(deal: Deal, chooser: Chooser, kind: ContestKind, minutes: float, way: str) -> Points:
    """Return a problem's points on the contest's clock.

    Answers come evenly over the minutes; a round's are asked when the verdicts before it are there.
    In the end a rejection costs a policy hardly anything, as a participant sees it. The points of
    kinds that rank by time after problems are 1, less the rejections before and the time, both as
    shares of the contest.
    """
    policy = chooser()
    history: list[JudgedSubmission] = []
    at_s, last_s, scored = 0.0, -1e9, 0.0
    rejected = asked = 0
    total = len(frozenset().union(*deal.fresh))
    for place, view in enumerate(deal.views):
        count = sum(len(program.candidates) for program in view.programs)
        at_s += 60 * minutes * (count - asked) / total
        asked = count
        is_last = place == len(deal.views) - 1
        following = 0 if is_last else len(deal.fresh[place + 1])
        wait_s = 60 * minutes * following / total
        allowed = deal.submissions * (place + 1) if way == "unreserved" else deal.allowed(place)
        while at_s < _DURATION_S:
            cost = kind.wrong_cost(_PROBLEM, at_s, _DURATION_S)
            early = kind.early_cost(_PROBLEM, at_s, wait_s, _DURATION_S)
            seen = min(cost, 0.01) if is_last else cost if way == "not weighed" else early
            rules = replace(
                rules_of(deal.recorded, kind, seen),
                submissions=allowed,
            )
            decision = policy.decide(view, history, rules)
            if not isinstance(decision, Submission):
                break
            at_s = max(at_s, kind.next_at(last_s, _DURATION_S) if history else at_s)
            last_s = at_s
            feedback = deal.recorded.truth[decision.program_id]
            history.append((decision, feedback))
            if rules.subtasks:
                scored = gains(history, rules)[-1]
            elif feedback.solved:
                worth = kind.worth(_PROBLEM, rejected, at_s) / kind.worth(_PROBLEM, 0, 0)
                if kind.times is None or kind.kind == "codeforces":
                    return Points(worth, worth)
                worth -= cost * rejected
                return Points(worth - at_s / _DURATION_S, worth)
            rejected += not feedback.solved
    return Points(scored, scored)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Who chooses what is submitted after a round.")
    parser.add_argument("--pool", type=Path, action="append", help="evidence; may be repeated")
    parser.add_argument("--together", help="take all pools as one of this name")
    parser.add_argument("--one-right", action="store_true", help="leave one right program only")
    parser.add_argument("--resamples", type=int, default=5)
    parser.add_argument("--unseen", action="store_true", help="weights of other pools alone")
    parser.add_argument("--rules", choices=sorted(KINDS))
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--first-draw", type=int, default=0, help="number of the first deal")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    paths = options.pool or sorted((HERE / "pools").glob("*.pool.jsonl.xz"))
    try:
        pools = {path.name.split(".")[0]: list(read_pool(path)) for path in paths}
        if options.together:
            pools = {options.together: [row for rows in pools.values() for row in rows]}
        if options.one_right:
            pools = {name: [one_right(row) for row in rows] for name, rows in pools.items()}
        beliefs = unseen() if options.unseen else partial(ours, as_shipped=False)
        draws = range(options.first_draw, options.first_draw + options.resamples)
        if options.rules:
            kind = KINDS[options.rules]()  # type: ignore[call-arg]
            result = in_contest(pools, draws, beliefs, kind, options.minutes)
        else:
            result = choice(pools, draws, beliefs)
    except MedalistError as error:
        print(f"rounds_choice: {error}", file=sys.stderr)
        return error.exit_code
    if options.json:
        print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
