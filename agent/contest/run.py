"""A contest run on disk: opens journals and models, plays, and closes everything again.

In the run directory::

    journal.sqlite              the contest's events (see `events`) and the judges' rulings
    participants/<id>/          a run of its own for each medalist participant
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from medalist.agent.contest.clock import Pace
from medalist.agent.contest.events import EventLog
from medalist.agent.contest.file import ParticipantEntry
from medalist.agent.contest.play import Watcher, play
from medalist.agent.contest.player import Means, Player
from medalist.agent.contest.rulings import RULING, RecordedRulings
from medalist.agent.contest.setup import ContestSetup
from medalist.agent.journal import Journal
from medalist.agent.journal.maintenance import copy_journal
from medalist.agent.llm import Budget, open_model, traits_of
from medalist.sandbox.pool import Pool

PARTICIPANTS = "participants"
_PLAN = ("plan", "solve")


@dataclass(frozen=True)
class Options:
    """How a contest is played.

    Attributes:
        replay: A finished run whose recorded answers, outcomes and rulings are used.
        speed: Virtual seconds a second, for a demonstration; None lets time leap.
    """

    replay: Path | None = None
    speed: float | None = None


def run_contest(
    stage: ContestSetup,
    run_dir: Path,
    pool: Pool,
    options: Options,
    *,
    watch: Watcher = lambda _: None,
) -> None:
    """Play a contest in a directory; what is recorded there already is not done again.

    Raises:
        BadInput: The directory holds another contest.
        ModelFailure, SandboxFailure, JournalFailure: Something broke; run it again to go on.
    """
    if options.replay is not None:
        _copy_records(options.replay, run_dir)
    with ExitStack() as stack:
        journal = stack.enter_context(Journal.open(run_dir))
        entrants = [
            stack.enter_context(_entrant(entry, stage, run_dir, pool, options))
            for entry in stage.entries
        ]
        contest = stage.contest
        opened = contest.opened.model_copy(update={"speed": options.speed})
        log = EventLog(journal)
        play(
            replace(stage, contest=replace(contest, opened=opened)),
            entrants,
            RecordedRulings(stage.problems, contest.rules, pool, journal),
            log,
            pace=None if options.speed is None else Pace(options.speed, log.reached_s),
            watch=watch,
        )


@contextmanager
def _entrant(
    entry: ParticipantEntry, stage: ContestSetup, run_dir: Path, pool: Pool, options: Options
) -> Iterator[Player]:
    folder = run_dir / PARTICIPANTS / entry.id
    spec = entry.model
    if options.replay is not None:
        spec = f"recorded:{options.replay / PARTICIPANTS / entry.id}"
    with Journal.open(folder) as journal:
        small = traits_of(spec).prompt_form == "small"
        if journal.newest_raw(*_PLAN) is None:
            plan = {**entry.model_dump(mode="json"), "model": spec, "small": small}
            journal.append_raw(*_PLAN, plan)
        with closing(open_model(spec, journal=journal, budget=Budget())) as model:
            means = Means(model, journal, pool)
            contest = stage.contest
            seed = contest.opened.seed
            yield Player(entry, stage.problems, contest.rules, contest.duration_s, seed, means)


def _copy_records(source: Path, run_dir: Path) -> None:
    """Give a new run what an earlier one recorded of its participants and of the judges."""
    with Journal.open(source, readonly=True) as recorded, Journal.open(run_dir) as journal:
        for ruling in recorded.events(RULING):
            if journal.get(RULING, ruling.key) is None:
                journal.append(RULING, ruling.key, ruling.value, durable=False)
    for folder in sorted((source / PARTICIPANTS).glob("*/")):
        copy_journal(folder, run_dir / PARTICIPANTS / folder.name)
