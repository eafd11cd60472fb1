"""What a run's journal holds of choosing: enough to replay it without model and sandbox.

The kinds of events are declared in `choice_records`; what the programs did is `outcomes` (see
`evidence.behaviour_table`).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeAlias

from medalist.agent.choose.choice_records import (
    LABEL,
    SEPARATOR,
    VIEW,
    ChoiceRecord,
    SeparatorRecord,
    SubmissionRecord,
    ViewRecord,
)
from medalist.agent.choose.judged_by import standing_submissions, voided_before
from medalist.agent.choose.make_view import as_seen
from medalist.agent.choose.policy import PolicyRules, View
from medalist.agent.choose.recorded_pool import Recorded
from medalist.agent.evidence.behaviour_table import BehaviourTable, OutcomeCell
from medalist.agent.journal import Entry, Journal
from medalist.agent.types import Feedback, JudgedSubmission, OutcomeKey, Submission
from medalist.errors import BadInput
from medalist.problems.model import Equality
from medalist.problems.verdict import Verdict

Pair: TypeAlias = tuple[str, str]
"""The ids of two programs."""


class DistinguishingInput(NamedTuple):
    """An input on which two programs differ, and the keys (see `Behaviour`) of what they do."""

    content: bytes
    first: OutcomeKey | None
    second: OutcomeKey | None


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
    history: tuple[JudgedSubmission, ...]
    labels: Mapping[str, Feedback]
    separators: Mapping[Pair, DistinguishingInput]

    @property
    def complete(self) -> bool:
        """Whether the verdict on every program is known."""
        return all(program.program_id in self.labels for program in self.view.programs)

    def replayable(self) -> Recorded:
        """Return it as a pool's problem; a program of unknown verdict counts as rejected."""
        rejected = Feedback(Verdict.WA)
        truth = {
            program.program_id: self.labels.get(program.program_id, rejected)
            for program in self.view.programs
        }
        return Recorded(self.problem_id, self.view, truth)


@dataclass(frozen=True)
class ChoiceTerms:
    """The policy that chooses, under which rules, and the name of the inputs that it sees."""

    suite: str
    rules: PolicyRules
    policy: str


def record(journal: Journal, problem_id: str, view: View, terms: ChoiceTerms) -> None:
    """Journal what a policy is about to see; the newest record of a problem counts."""
    choice = ChoiceRecord(
        **vars(ViewRecord.of(view, journal.put_blob)),
        inputs=view.inputs,
        **vars(terms),
    )
    if journal.get(VIEW, problem_id) != choice:
        journal.append(VIEW, problem_id, choice)


def record_label(journal: Journal, problem_id: str, program_id: str, feedback: Feedback) -> None:
    """Journal a verdict found after the run."""
    journal.append(LABEL, f"{problem_id}/{program_id}", feedback, durable=False)


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
    first, second = (cell.key for cell in cells)
    separator = SeparatorRecord(journal.put_blob(content), (first, second))
    journal.append(SEPARATOR, separator_key(problem_id, pair), separator, durable=False)


def submission_in(view: View, record: SubmissionRecord) -> Submission:
    """Return a submission as a view names its program.

    What the model submitted itself may be the same program as one that was there before.
    """
    if record.call is None:
        return record.submission
    same = (program.program_id for program in view.programs if record.call in program.candidates)
    return Submission(next(same, record.program), record.reason)


def _separators(journal: Journal, problem_id: str) -> dict[Pair, DistinguishingInput]:
    separators = {}
    for entry in journal.events(SEPARATOR, f"{problem_id}/"):
        first, second = entry.key.rsplit("/", 2)[1:]
        content = journal.blob(entry.value.input)
        separators[first, second] = DistinguishingInput(content, *entry.value.keys)
    return separators


def choices(journal: Journal) -> list[RecordedChoice]:
    """Return every problem of a run, in the order in which they were first chosen for.

    Raises:
        BadInput: The run never came as far as choosing.
    """
    recorded = list(each_choice(journal))
    if not recorded:
        raise BadInput("nothing was chosen in this run yet", file=journal.path.parent)
    return recorded


def each_choice(journal: Journal) -> Iterator[RecordedChoice]:
    """Yield every problem of a run as `choices` does, one at a time: a run may be large."""
    views = {entry.key: entry for entry in journal.events(VIEW)}
    submitted = _submitted(journal)
    for entry in views.values():
        yield _choice(journal, entry, submitted[entry.key] or submitted[None])


def newest_choice(journal: Journal, problem_id: str) -> RecordedChoice | None:
    """Return what is known of a problem now; None where nothing was looked at yet."""
    entry = next(iter(_views(journal, problem_id)), None)
    if entry is None:
        return None
    return _choice(journal, entry, list(standing_submissions(journal, problem_id)))


class ChoiceOfStretch(NamedTuple):
    """The choice of a stretch of a run, and how much of its history came before it chose.

    Attributes:
        number: Which stretch it is, from 1.
        before: How many submissions had been made when the choice was to be made.
        choice: With what was submitted up to the end of the stretch.
    """

    number: int
    before: int
    choice: RecordedChoice


def choices_between(
    journal: Journal, problem_id: str, starts: Sequence[int]
) -> list[ChoiceOfStretch]:
    """Return the choice as it stood at the end of each stretch of a run that has any.

    Args:
        journal: The run's.
        problem_id: The problem.
        starts: The numbers of the events with which stretches begin, in order.

    Returns:
        For each stretch the newest view in it, with what was submitted up to its end.
    """
    views = _views(journal, problem_id)[::-1]
    made = list(standing_submissions(journal, problem_id))
    recorded = []
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], math.inf], strict=True), 1):
        inside = [entry for entry in views if start < entry.seq < end]
        if inside:
            until = [entry for entry in made if entry.seq < end]
            labels = _choice(journal, inside[-1], made).labels
            choice = replace(_choice(journal, inside[-1], until), labels=labels)
            known = [entry for entry in made if entry.seq < inside[-1].seq]
            before = len(_choice(journal, inside[-1], known).history)
            recorded.append(ChoiceOfStretch(number, before, choice))
    return recorded


def _views(journal: Journal, problem_id: str) -> list[Entry[ChoiceRecord]]:
    """Return the views of a problem, the newest first."""
    views = journal.events(VIEW, problem_id)
    return [entry for entry in views if entry.key == problem_id][::-1]


def each_decision(journal: Journal) -> Iterator[tuple[RecordedChoice, int]]:
    """Yield, for each submission, the choice as it stood when it was made, and its place in it.

    A run may submit early and look at more candidates afterwards: then later submissions rest on
    another view than the first. What the model submitted itself was nobody's choice.
    """
    views: defaultdict[str, list[Entry[ChoiceRecord]]] = defaultdict(list)
    for entry in journal.events(VIEW):
        views[entry.key].append(entry)
    submitted = _submitted(journal)
    for problem_id, seen in views.items():
        made = submitted[problem_id] or submitted[None]
        for view, following in zip(seen, [*seen[1:], None], strict=True):
            until = math.inf if following is None else following.seq
            places = [
                place
                for place, entry in enumerate(made)
                if view.seq < entry.seq < until and entry.value.call is None
            ]
            choice = _choice(journal, view, made) if places else None
            for place in places:
                assert choice is not None
                yield choice, place


def _submitted(journal: Journal) -> defaultdict[str | None, list[Entry[SubmissionRecord]]]:
    """Return submissions by problem; journals of the first schema did not name it: None."""
    submitted: defaultdict[str | None, list[Entry[SubmissionRecord]]] = defaultdict(list)
    for entry in standing_submissions(journal):
        submitted[entry.value.problem].append(entry)
    return submitted


def _choice(
    journal: Journal, entry: Entry[ChoiceRecord], submitted: Iterable[Entry[SubmissionRecord]]
) -> RecordedChoice:
    record = entry.value
    table = BehaviourTable(record.suite, Equality(), journal)
    known = set(table.programs)
    aside = dict(record.set_aside)
    view = record.view(
        lambda digest: journal.blob(digest).decode("utf-8", "replace"),
        {
            program.id: as_seen(table.behaviour(program.id, record.inputs), record.alike, aside)
            for program in record.programs
            if program.id in known
        },
    )
    here = {program.id for program in record.programs}
    history = tuple(
        (submission, made.value.feedback)
        for made in submitted
        if (submission := submission_in(view, made.value)).program_id in here
    )
    labels = {submission.program_id: feedback for submission, feedback in history}
    prefix = f"{entry.key}/"
    for label in journal.events(LABEL, prefix, after=voided_before(journal, entry.key)):
        labels.setdefault(label.key[len(prefix) :], label.value)
    return RecordedChoice(
        problem_id=entry.key,
        view=view,
        suite=record.suite,
        rules=record.rules,
        policy=record.policy,
        history=history,
        labels=labels,
        separators=_separators(journal, entry.key),
    )
