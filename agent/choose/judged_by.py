"""By which package verdicts were given: those of one that has changed since count no more."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from medalist.agent.choose.choice_records import SUBMISSION, SubmissionRecord
from medalist.agent.journal import Entry, EventKind, Journal

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class JudgingRecord:
    """What a package judges by, as digests.

    Attributes:
        tests: All test data, and how they are grouped and scored.
        checker: All that decides besides: checker, interactor, graders, equality.
        limits: Time, memory, output.
        stamp: Names, sizes and times of the package's files; empty where they were not looked at.
        voids: Whether verdicts given before count no more.
    """

    tests: str
    checker: str
    limits: str
    stamp: str = ""
    voids: bool = False


JUDGING = EventKind(
    "judging",
    JudgingRecord,
    key="<problem>",
    doc="What a problem's package judges with; recorded again when it changes, which voids "
    "earlier submissions and labels (`voids`).",
)


def note_judging(
    journal: Journal, problem_id: str, digests: Mapping[str, str], stamp: str = ""
) -> bool:
    """Journal what a package judges by; return whether it has changed since, which is said."""
    before = journal.get(JUDGING, problem_id)
    now = JudgingRecord(digests["tests"], digests["checker"], digests["limits"], stamp)
    if before is None:
        journal.append(JUDGING, problem_id, now, durable=False)
        return False
    changed = [name for name in digests if getattr(before, name) != digests[name]]
    if not changed:
        if stamp and stamp != before.stamp:
            journal.append(JUDGING, problem_id, now, durable=False)
        return False
    count = sum(1 for _ in standing_submissions(journal, problem_id))
    log.warning(
        "%s: its %s changed since this run judged it: %s",
        problem_id,
        " and ".join(changed) + (" has" if changed == ["checker"] else " have"),
        f"{count} submissions are judged again" if count else "nothing was submitted before",
    )
    record = JudgingRecord(now.tests, now.checker, now.limits, stamp, voids=True)
    journal.append(JUDGING, problem_id, record)
    return True


def voided_before(journal: Journal, problem_id: str) -> int:
    """Return the number of the event before which verdicts on a problem count no more."""
    changes = journal.events(JUDGING, problem_id)
    return max(
        (entry.seq for entry in changes if entry.value.voids and entry.key == problem_id), default=0
    )


def evidence_suite(journal: Journal, problem_id: str) -> str:
    """Return the name of a problem's suite of evidence inputs: another one with other limits."""
    seen = [
        event.value.limits
        for event in journal.events(JUDGING, problem_id)
        if event.key == problem_id
    ]
    other = seen[-1] if seen and seen[-1] != seen[0] else ""
    return f"{problem_id}/evidence" + (f"-{other}" if other else "")


def standing_submissions(
    journal: Journal, problem_id: str | None = None
) -> Iterator[Entry[SubmissionRecord]]:
    """Yield the submissions that count, of one problem or of all, in order."""
    prefix = "" if problem_id is None else f"{problem_id}/"
    voided: dict[str, int] = {}
    for entry in journal.events(SUBMISSION, prefix):
        name = entry.key.split("/")[0]
        if name not in voided:
            voided[name] = voided_before(journal, name)
        if entry.seq > voided[name]:
            yield entry
