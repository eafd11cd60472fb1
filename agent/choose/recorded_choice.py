"""What a run's journal holds of choosing: enough to replay it without model and sandbox.

Kinds of events, each with the problem's id as key or its beginning: `view` (programs, claims and
how they were chosen), `outcomes` (see `evidence.behaviour_table`), `submission` (written by the
loop), and `label` (`<problem id>/<program id>`: verdicts found after the run, for the account of
it; no policy ever sees them before it submits), and `separator` (`<problem id>/<program
id>/<program id>`: a small input that tells the two apart, for the account too).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple, TypeAlias, cast

from medalist.agent.choose.make_view import as_seen
from medalist.agent.choose.policy import Duel, ExpectedOutput, PolicyRules, View
from medalist.agent.choose.recorded_pool import Recorded
from medalist.agent.evidence.behaviour_table import BehaviourTable, OutcomeCell
from medalist.agent.evidence.origin import Origin
from medalist.agent.journal import Event, Journal
from medalist.agent.types import Feedback, Program, Submission
from medalist.errors import BadInput
from medalist.problems.model import Equality

Pair: TypeAlias = tuple[str, str]
"""The ids of two programs."""


class DistinguishingInput(NamedTuple):
    """An input that tells two programs apart, and the keys (see `Behaviour`) of what they do."""

    content: bytes
    first: str | None
    second: str | None


@dataclass(frozen=True)
class RecordedChoice:
    """One problem of a run: what was known, what was submitted, and what came back.

    `labels` holds what is known of all programs, submitted or judged afterwards; `separators`
    inputs that were made small for the account of the run.
    """

    problem_id: str
    view: View
    suite: str
    rules: PolicyRules
    policy: str
    history: tuple[tuple[Submission, Feedback], ...]
    labels: Mapping[str, Feedback]
    separators: Mapping[Pair, DistinguishingInput]

    @property
    def complete(self) -> bool:
        """Whether the verdict on every program is known."""
        return all(one.program_id in self.labels for one in self.view.programs)

    def replayable(self) -> Recorded:
        """Return it as a pool's problem; a program of unknown verdict counts as rejected."""
        unknown = Feedback("unknown")
        truth = {
            one.program_id: self.labels.get(one.program_id, unknown) for one in self.view.programs
        }
        return Recorded(self.problem_id, self.view, truth)


def record(
    journal: Journal, problem_id: str, view: View, *, suite: str, rules: PolicyRules, policy: str
) -> None:
    """Journal what a policy is about to see; the newest record of a problem counts."""
    programs = [
        {
            "id": one.program_id,
            "language": one.language,
            "source": journal.put_blob(one.source),
            "candidates": list(one.candidates),
        }
        for one in view.programs
    ]
    body: dict[str, Any] = {
        "programs": programs,
        "suite": suite,
        "sample_share": dict(view.sample_share),
        "claims": [[one.input_index, one.key, one.weight, one.oracle] for one in view.claims],
        "input_subtasks": [sorted(tags) for tags in view.input_subtasks],
        "origins": [[one.how, one.trust, [*one.guessed]] for one in view.origins],
        "seed": view.seed,
        "known": [[index, key] for index, key in view.known.items()],
        "time_limit_s": view.time_limit_s,
        "duels": [[one.first, one.second, one.winner] for one in view.duels],
        "opinions": dict(view.opinions),
        "inputs": view.inputs,
        "mutants": None if view.mutants is None else [*view.mutants],
        "alike": [dict(one) for one in view.alike] if any(view.alike) else [],
        "set_aside": [[index, reason] for index, reason in view.set_aside.items()],
        "likeness": None if view.likeness is None else dict(view.likeness),
        "lineage": dict(view.lineage),
        "rules": asdict(rules),
        "policy": policy,
    }
    before = journal.get("view", problem_id)
    if before is None or before.body != body:
        journal.append("view", problem_id, body)


def record_label(journal: Journal, problem_id: str, program_id: str, found: Feedback) -> None:
    """Journal a verdict found after the run."""
    body: dict[str, Any] = asdict(found)
    journal.append("label", f"{problem_id}/{program_id}", body, durable=False)


def separator_key(problem_id: str, pair: Pair) -> str:
    """Return the key under which the separator of two programs is journalled."""
    return f"{problem_id}/{'/'.join(pair)}"


def record_separator(
    journal: Journal, problem_id: str, pair: Pair, content: bytes, cells: Sequence[OutcomeCell]
) -> None:
    """Journal an input that tells two programs apart, and what they do on it."""
    for cell in cells:
        if cell.output is not None:
            journal.put_blob(cell.output)
    body: dict[str, Any] = {
        "input": journal.put_blob(content),
        "keys": [cell.key for cell in cells],
    }
    journal.append("separator", separator_key(problem_id, pair), body, durable=False)


def _separators(journal: Journal, problem_id: str) -> dict[Pair, DistinguishingInput]:
    found = {}
    for event in journal.events("separator", f"{problem_id}/"):
        body = cast("dict[str, Any]", event.body)
        first, second = event.key.rsplit("/", 2)[1:]
        found[first, second] = DistinguishingInput(journal.blob(body["input"]), *body["keys"])
    return found


def choices(journal: Journal) -> list[RecordedChoice]:
    """Return every problem of a run, in the order in which they were first chosen for.

    Raises:
        BadInput: The run never came as far as choosing.
    """
    found = list(each_choice(journal))
    if not found:
        raise BadInput("nothing was chosen in this run yet", file=journal.path.parent)
    return found


def each_choice(journal: Journal) -> Iterator[RecordedChoice]:
    """Yield every problem of a run as `choices` does, one at a time: a run may be large."""
    views = {event.key: event for event in journal.events("view")}
    submitted = _submitted(journal)
    for event in views.values():
        yield _choice(journal, event, submitted[event.key] or submitted[None])


def each_decision(journal: Journal) -> Iterator[tuple[RecordedChoice, int]]:
    """Yield, for each submission, the choice as it stood when it was made, and its place in it.

    A run may submit early and look at more candidates afterwards: then later submissions rest on
    another view than the first.
    """
    views: defaultdict[str, list[Event]] = defaultdict(list)
    for event in journal.events("view"):
        views[event.key].append(event)
    submitted = _submitted(journal)
    for problem_id, seen in views.items():
        made = submitted[problem_id] or submitted[None]
        for view, following in zip(seen, [*seen[1:], None], strict=True):
            until = math.inf if following is None else following.seq
            places = [n for n, one in enumerate(made) if view.seq < one.seq < until]
            choice = _choice(journal, view, made) if places else None
            for place in places:
                assert choice is not None
                yield choice, place


def _submitted(journal: Journal) -> defaultdict[object, list[Event]]:
    """Return submissions by problem; journals of the first schema did not name it: None."""
    submitted: defaultdict[object, list[Event]] = defaultdict(list)
    for event in journal.events("submission"):
        submitted[event.body.get("problem")].append(event)
    return submitted


def _choice(journal: Journal, event: Event, submitted: Iterable[Event]) -> RecordedChoice:
    body = cast("dict[str, Any]", event.body)
    programs = tuple(
        Program(
            one["id"],
            one["language"],
            journal.blob(one["source"]).decode("utf-8", "replace"),
            tuple(one["candidates"]),
        )
        for one in body["programs"]
    )
    table = BehaviourTable(body["suite"], Equality(), journal)
    width = body.get("inputs")  # the suite may have grown since
    known = set(table.programs)
    alike = tuple(body.get("alike", ()))
    aside = dict(body.get("set_aside", ()))
    view = View(
        programs=programs,
        behaviours={
            one.program_id: as_seen(table.behaviour(one.program_id, width), alike, aside)
            for one in programs
            if one.program_id in known
        },
        sample_share=body["sample_share"],
        claims=tuple(ExpectedOutput(*claim) for claim in body["claims"]),
        input_subtasks=tuple(frozenset(tags) for tags in body["input_subtasks"]),
        origins=tuple(Origin(how, trust, tuple(names)) for how, trust, names in body["origins"])
        if body.get("origins")
        else (),
        seed=body["seed"],
        known=dict(body.get("known", ())),
        time_limit_s=body.get("time_limit_s"),
        duels=tuple(Duel(*duel) for duel in body["duels"]),
        opinions=body.get("opinions", {}),
        mutants=tuple(body["mutants"]) if body.get("mutants") else None,
        alike=alike,
        set_aside=aside,
        likeness=body.get("likeness"),
        lineage=body.get("lineage", {}),
    )
    here = {one.program_id for one in programs}
    history = tuple(
        (Submission(str(one.body["program"]), str(one.body["reason"])), _feedback(one.body))
        for one in submitted
        if one.body["program"] in here
    )
    labels = {submission.program_id: feedback for submission, feedback in history}
    prefix = f"{event.key}/"
    for one in journal.events("label", prefix):
        labels.setdefault(one.key[len(prefix) :], _feedback(one.body))
    return RecordedChoice(
        event.key,
        view,
        body["suite"],
        PolicyRules(**body["rules"]),
        body["policy"],
        history,
        labels,
        _separators(journal, event.key),
    )


def _feedback(body: Mapping[str, Any]) -> Feedback:
    return Feedback(
        body["verdict"], body.get("score"), body.get("subtasks") or {}, body.get("failing_test")
    )
