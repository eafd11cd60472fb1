"""From what programs did to what a policy sees: equal outputs merged, invalid inputs set aside."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import fmean

from medalist.agent.choose.policy import View
from medalist.agent.choose.validity import validity
from medalist.agent.evidence.alike import Alike, Grouping, grouping, merged
from medalist.agent.evidence.behaviour_table import BehaviourTable
from medalist.agent.evidence.inputs import InputSuite
from medalist.agent.evidence.judged import JudgedOutputs, OutputColumn, OutputsJudge, columns_of
from medalist.agent.evidence.origin import Origin
from medalist.agent.evidence.samples import may_be_right, share_passed
from medalist.agent.types import AnswerFigures, Behaviour, Candidate, Program
from medalist.problems.model import PublicProblem


@dataclass(frozen=True)
class Observed:
    """What programs did on inputs of a problem.

    Attributes:
        inputs: Makes the evidence inputs of the problem.
        table: What the programs did; its first inputs are those of `origins`.
        origins: How each input was made, as many as inputs are looked at.
        asked_for: For inputs that a generator made for one subtask, which one.
        time_limit_s: CPU seconds that a run could take; None for the problem's limit.
    """

    inputs: InputSuite
    table: BehaviourTable
    origins: Sequence[Origin]
    asked_for: Mapping[int, str] = field(default_factory=dict)
    time_limit_s: float | None = None


def make_view(
    observed: Observed,
    programs: Sequence[Program],
    *,
    candidates: Collection[Candidate] = (),
    seed: int = 0,
    judge: OutputsJudge | None = None,
) -> View:
    """Return what is known of programs before any verdict.

    Args:
        observed: What they did.
        programs: Programs that compile; one without a row was not run.
        candidates: The answers, for which of them depend on another.
        seed: For policies that draw lots.
        judge: Says which outputs are right, where texts of right ones may differ.

    Raises:
        SandboxFailure: The judge's box failed.
    """
    inputs, table, origins = observed.inputs, observed.table, observed.origins
    public, width, limit = inputs.public, len(origins), observed.time_limit_s
    names = [program.program_id for program in programs]
    rows = {name: table.behaviour(name, width) for name in names}
    view = View(
        programs=tuple(programs),
        behaviours=rows,
        sample_share={name: share_passed(public, table, name) for name in rows},
        input_subtasks=inputs.subtasks_of(table.inputs[:width], observed.asked_for),
        origins=tuple(origins),
        seed=seed,
        time_limit_s=public.limits.time_s if limit is None else limit,
        lineage=_dependent(candidates, programs, rows),
        answers=_answers(candidates, programs),
    )
    possible = [name for name in rows if may_be_right(public, table, name)]
    judged = None if judge is None else judge.judged(_columns(inputs, table, rows, view))
    if judged is not None and judged.decides:
        return _judged_view(view, rows, judged, possible or names)
    grouped = grouping(public, table, rows, view.votes, possible)
    equal = {name: grouped.apply(row) for name, row in rows.items()}
    voters = [grouped.comparable(rows[name]) for name in possible or names]
    aside = validity(voters, view.votes, origins).set_aside
    return replace(
        view,
        behaviours={name: as_seen(row, (), aside) for name, row in equal.items()},
        known=grouped.known,
        alike=grouped.alike if any(grouped.alike) else (),
        set_aside=aside,
        likeness=grouped.likeness,
        equality=_equality(public, grouped, judged),
    )


def _columns(
    inputs: InputSuite, table: BehaviourTable, rows: Mapping[str, Behaviour], view: View
) -> list[OutputColumn]:
    samples = inputs.public.samples
    places = table.add_inputs(sample.input.encode() for sample in samples)
    references = {
        place: sample.output.encode()
        for place, sample in zip(places, samples, strict=True)
        if sample.output is not None
    }
    return columns_of(table, rows, view.votes, references)


def _judged_view(
    view: View, rows: Mapping[str, Behaviour], judged: JudgedOutputs, voters: Sequence[str]
) -> View:
    """Return the view in which outputs are compared by what was judged of them.

    What breaks the rules, or is worse than another, is not output: it agrees with nothing. Only
    for whether an input is valid it counts as one: a right program may meet many wrong ones there.
    """
    seen = [judged.as_outputs(rows[name]) for name in voters]
    aside = dict(validity(seen, view.votes, view.origins).set_aside)
    aside |= {index: why for index, why in judged.undecided.items() if index not in aside}
    alike = tuple(judged.alike)
    return replace(
        view,
        behaviours={name: as_seen(row, alike, aside) for name, row in rows.items()},
        sample_share={name: judged.sample_share(row) for name, row in rows.items()},
        alike=alike if any(alike) else (),
        set_aside=dict(sorted(aside.items())),
        equality=judged.equality,
        checked=judged.trust,
    )


def _equality(public: PublicProblem, grouped: Grouping, judged: JudgedOutputs | None) -> str:
    """Describe how outputs are compared."""
    if grouped.likeness is not None:
        why = "" if judged is None else f"; {judged.equality}"
        return f"what right answers share{why}"
    equality = public.equality
    tolerances = [
        f"{name} {value:g}"
        for name, value in (("absolute", equality.abs_tol), ("relative", equality.rel_tol))
        if value
    ]
    return equality.mode + (f" (tolerance: {', '.join(tolerances)})" if tolerances else "")


def as_seen(row: Behaviour, alike: Sequence[Alike], set_aside: Mapping[int, str]) -> Behaviour:
    """Return a row as a policy sees it: equal outputs merged, nothing on inputs set aside."""
    row = merged(row, alike)
    if not set_aside:
        return row
    keys = tuple(None if index in set_aside else key for index, key in enumerate(row.keys))
    return Behaviour(row.program_id, keys, row.cpu_s)


def _dependent(
    candidates: Collection[Candidate],
    programs: Sequence[Program],
    rows: Mapping[str, Behaviour],
) -> dict[str, str]:
    """Return which program each candidate depends on: one that it was shown and behaves like.

    A candidate that was shown several programs and behaves like none of them depends on the one
    that it revises.
    """
    lineage = lineage_of(candidates)
    program_of = {name: program.program_id for program in programs for name in program.candidates}
    for candidate in candidates:
        ours = program_of.get(candidate.candidate_id)
        if ours is None:
            continue
        for other in candidate.shown:
            theirs = program_of.get(other)
            if theirs is not None and (ours == theirs or _behave_alike(rows[ours], rows[theirs])):
                lineage[candidate.candidate_id] = lineage.get(other, other)
                break
    return lineage


def _answers(
    candidates: Collection[Candidate], programs: Sequence[Program]
) -> dict[str, AnswerFigures]:
    """Return what is known of the answers of programs; nothing of those that came from a pool."""
    known = {
        candidate.candidate_id: candidate for candidate in candidates if candidate.source is None
    }
    answers = {}
    for program in programs:
        ours = [known[name] for name in program.candidates if name in known]
        if ours:
            answers[program.program_id] = AnswerFigures(
                fmean(len(answer.reasoning) for answer in ours),
                fmean(answer.usage.completion_tokens or 0 for answer in ours),
                fmean(answer.logprob or 0.0 for answer in ours),
            )
    return answers


def _behave_alike(one: Behaviour, other: Behaviour) -> bool:
    return one.keys == other.keys and any(key is not None for key in one.keys)


def lineage_of(candidates: Collection[Candidate]) -> dict[str, str]:
    """Return the first ancestor of each candidate that repairs or revises another."""
    parents = {
        candidate.candidate_id: candidate.parent
        for candidate in candidates
        if candidate.parent is not None
    }
    lineage = {}
    for name in parents:
        first, seen = name, {name}
        while (parent := parents.get(first)) is not None and parent not in seen:
            seen.add(parent)
            first = parent
        lineage[name] = first
    return lineage
