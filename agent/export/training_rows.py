"""Rows for training in a neutral form, before they take a trainer's shape (`training_targets`).

- `sft`: what the judge gave at least a share of the points (STaR, ReST), at most so many a problem,
  the best first; with `reflect` also RefAug's records: after the answer an accepted program of
  another idea, or after a program for a part of the points the accepted one for all of it.
- `kto`: right and wrong answers, each with its label (V-STaR's data).
- `dpo`: pairs with the same question. `verdict`: right against wrong answers of one problem
  (V-STaR); `tree`: siblings of a search whose values differ (Agent Q); `self`: the answers that the
  model itself scored highest and lowest (self-rewarding), the verdicts in columns beside it.
- `steps`: the steps of an answer's thinking, each good if any roll-out from after it was accepted
  (Math-Shepherd); see `step_rows`.
- `rl`: a prompt a problem, with the id by which the judge rewards an answer to it.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from medalist.agent.export.conversations import Turn
from medalist.agent.export.near_copies import likeness, shingles
from medalist.agent.export.training_answers import TrainingAnswer, by_problem, question_of

PairKind: TypeAlias = Literal["verdict", "tree", "self"]

_OTHER_IDEA = 0.5  # shingles of two programs of different ideas are less alike than this
_UNSURE = 0.5


@dataclass(frozen=True)
class NeutralRow:
    """A row: messages, what is to be learnt of them, and columns about it.

    Attributes:
        problem_id: The problem.
        prompt: The messages of the question.
        completion: The turns to learn; of a pair those to prefer. Empty for `rl`.
        rejected: Of a pair the turns not to prefer.
        label: Whether the completion is right (`kto`).
        steps: The texts of the steps of thinking (`steps`).
        step_labels: Whether each is good.
        columns: Further columns.
    """

    problem_id: str
    prompt: tuple[Turn, ...]
    completion: tuple[Turn, ...] = ()
    rejected: tuple[Turn, ...] = ()
    label: bool | None = None
    steps: tuple[str, ...] = ()
    step_labels: tuple[bool, ...] = ()
    columns: Mapping[str, Any] = field(default_factory=dict)


def sft_rows(
    answers: Sequence[TrainingAnswer], threshold: float, most: int | None, *, reflect: bool
) -> Iterator[NeutralRow]:
    """Yield the answers that are worth at least `threshold` of the points, the best first.

    Args:
        answers: Labelled answers.
        threshold: A share of the points, above 0.
        most: How many a problem; None for all.
        reflect: Add RefAug's records.
    """
    for own in by_problem(answers).values():
        good = sorted((item for item in own if item.share >= threshold), key=lambda one: -one.share)
        for item in good[:most]:
            yield _row(item, (assistant(item),), {})
        if reflect:
            yield from _reflections(own, good[:most])


def agreed_rows(answers: Sequence[TrainingAnswer], most: int | None) -> Iterator[NeutralRow]:
    """Yield the answers of each problem's largest cluster, whatever the judge said of them."""
    for own in by_problem(answers).values():
        largest = max(item.agreement or 0.0 for item in own)
        for entry in [item for item in own if item.agreement == largest and largest > 0][:most]:
            yield _row(entry, (assistant(entry),), {"agreement": entry.agreement})


def kto_rows(answers: Sequence[TrainingAnswer], threshold: float) -> Iterator[NeutralRow]:
    """Yield each answer with whether it is worth at least `threshold` of the points."""
    for answer in answers:
        row = _row(answer, (assistant(answer),), {})
        yield NeutralRow(
            row.problem_id,
            row.prompt,
            row.completion,
            label=answer.share >= threshold,
            columns=row.columns,
        )


def verdict_pairs(
    answers: Sequence[TrainingAnswer], threshold: float, most: int | None
) -> Iterator[NeutralRow]:
    """Yield pairs of a right and a wrong answer to one question, of a problem `most` at most.

    Answers to different prompts of one problem are paired under the first's question only if
    neither continues another answer. No answer is in a second pair before all are in one.
    """
    for own in by_problem(answers).values():
        first = [item for item in own if item.parent is None] or own
        good = [item for item in first if item.share >= threshold]
        bad = [item for item in first if item.share < threshold]
        count = min(most or max(len(good), len(bad)), len(good) * len(bad))
        made: set[tuple[str, str]] = set()
        for number in range(len(good) * len(bad)):
            if len(made) == count:
                break
            turn = number // max(len(good), len(bad))
            chosen = good[number % len(good)]
            rejected = bad[(number + turn) % len(bad)]
            if (chosen.candidate_id, rejected.candidate_id) in made:
                continue
            made.add((chosen.candidate_id, rejected.candidate_id))
            yield _pair(chosen, rejected, {})


def tree_pairs(
    answers: Sequence[TrainingAnswer],
    criticism: Mapping[str, float],
    *,
    mix: float,
    difference: float,
) -> Iterator[NeutralRow]:
    """Yield pairs at branching nodes: answers to the very same question whose values differ.

    A value is `mix` times the mean share of the points over the programs at and below the answer,
    plus 1 - `mix` times the model's own criticism of it (one half where there is none).

    Args:
        answers: Labelled answers.
        criticism: Answer to the model's own criticism, 0 to 1.
        mix: The weight of what the judge said.
        difference: The least difference of a pair.
    """
    values = _values(answers, criticism, mix)
    nodes: defaultdict[tuple[str, str, str | None, str], list[TrainingAnswer]] = defaultdict(list)
    for answer in answers:
        key = json.dumps(answer.question, sort_keys=True)
        nodes[answer.run, answer.problem_id, answer.parent, key].append(answer)
    for (_, _, parent, _), own in nodes.items():
        ranked = sorted(own, key=lambda one: -values[one.run, one.candidate_id])
        for chosen, rejected in zip(ranked, reversed(ranked), strict=True):
            high = values[chosen.run, chosen.candidate_id]
            low = values[rejected.run, rejected.candidate_id]
            if high - low < difference or high == low:
                break
            columns = {"parent": parent, "q_chosen": high, "q_rejected": low}
            yield _pair(chosen, rejected, columns)


def self_pairs(answers: Sequence[TrainingAnswer]) -> Iterator[NeutralRow]:
    """Yield for each problem the answers that the model scored highest and lowest.

    The verdicts are beside: `agrees` says whether they order the two as the model did.
    """
    for own in by_problem(answers).values():
        scored = [item for item in own if item.self_score is not None and item.parent is None]
        if not scored:
            continue
        best = max(scored, key=lambda one: one.self_score or 0.0)
        worst = min(scored, key=lambda one: one.self_score or 0.0)
        if best.self_score == worst.self_score:
            continue
        agrees = None if best.share == worst.share else best.share > worst.share
        columns = {
            "self_score_chosen": best.self_score,
            "self_score_rejected": worst.self_score,
            "agrees": agrees,
        }
        yield _pair(best, worst, columns)


def rl_rows(answers: Sequence[TrainingAnswer]) -> Iterator[NeutralRow]:
    """Yield one prompt a problem, with the share of its answers that were accepted."""
    for problem_id, own in by_problem(answers).items():
        columns = {
            "answers": len(own),
            "accepted_share": sum(item.accepted for item in own) / len(own),
            "verdicts": dict(Counter(item.verdict for item in own)),
            "run": own[0].run,
        }
        yield NeutralRow(problem_id, question_of(own), columns=columns)


def assistant(one: TrainingAnswer) -> Turn:
    """Return an answer as a turn; `thinking` holds what was thought apart from it."""
    turn: Turn = {"role": "assistant", "content": one.text}
    return turn | {"thinking": one.reasoning} if one.reasoning else turn


def _reflections(
    own: Sequence[TrainingAnswer], good: Sequence[TrainingAnswer]
) -> Iterator[NeutralRow]:
    """Yield RefAug's records: one a problem for another idea, one for larger bounds."""
    accepted = [item for item in good if item.accepted]
    for program in accepted[:1]:
        mine = shingles(program.language, program.source)
        for other in accepted[1:]:
            if likeness(mine, shingles(other.language, other.source)) < _OTHER_IDEA:
                reflection = (
                    "\n\nReflection: another way to solve it.\n\n"
                    f"```{other.language}\n{other.source.rstrip()}\n```"
                )
                turn = assistant(program) | {"content": program.text.rstrip() + reflection}
                yield _row(program, (turn,), {"reflection": other.candidate_id})
                break
    partial = [item for item in own if 0.0 < item.share < 1.0]
    if accepted and partial:
        small = max(partial, key=lambda one: one.share)
        held = sorted(name for name, share in small.subtasks.items() if share >= 1.0)
        follow = "Follow-up: this holds only "
        follow += f"subtask {', '.join(held)}" if held else "a part of the points"
        follow += ". Solve the problem within its full bounds."
        turns = (assistant(small), {"role": "user", "content": follow}, assistant(accepted[0]))
        yield _row(small, turns, {"follow_up": accepted[0].candidate_id})


def _values(
    answers: Sequence[TrainingAnswer], criticism: Mapping[str, float], mix: float
) -> dict[tuple[str, str], float]:
    """Return the mixed value of each answer, by run and id."""
    above = {(answer.run, answer.candidate_id): answer.parent for answer in answers}
    shares: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for answer in answers:
        at: str | None = answer.candidate_id
        seen: set[str] = set()
        while at is not None and at not in seen:
            seen.add(at)
            shares[answer.run, at].append(answer.share)
            at = above.get((answer.run, at))
    return {
        key: mix * sum(own) / len(own) + (1 - mix) * criticism.get(key[1], _UNSURE)
        for key, own in shares.items()
    }


def _columns(one: TrainingAnswer) -> dict[str, Any]:
    return {
        "candidate_id": one.candidate_id,
        "program_id": one.program_id,
        "language": one.language,
        "verdict": one.verdict,
        "share": one.share,
        "self_score": one.self_score,
        "prompt_id": one.prompt_id,
        "model": one.model,
        "run": one.run,
    }


def _row(
    one: TrainingAnswer, completion: tuple[Turn, ...], columns: Mapping[str, Any]
) -> NeutralRow:
    return NeutralRow(
        one.problem_id, one.question, completion, columns={**_columns(one), **columns}
    )


def _pair(
    chosen: TrainingAnswer, rejected: TrainingAnswer, columns: Mapping[str, Any]
) -> NeutralRow:
    sides = {
        f"{name}_{side}": value
        for side, one in (("chosen", chosen), ("rejected", rejected))
        for name, value in _columns(one).items()
        if name in ("candidate_id", "program_id", "language", "verdict", "share")
    }
    return NeutralRow(
        chosen.problem_id,
        chosen.question,
        (assistant(chosen),),
        (assistant(rejected),),
        columns={
            **sides,
            "margin": chosen.share - rejected.share,
            "run": chosen.run,
            "model": chosen.model,
            **columns,
        },
    )
