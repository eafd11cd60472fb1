"""A contest run on disk: opens journals and models, plays, and closes everything again.

In the run directory::

    journal.sqlite              the contest's events (see `events`) and the judges' rulings
    participants/<id>/          its own run for each medalist participant
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from medalist.agent.contest.clock import Pace, Stopped
from medalist.agent.contest.events import Contest, ContestEvent, EventLog, read_events
from medalist.agent.contest.file import ParticipantEntry
from medalist.agent.contest.play import Recorder, Watcher, play
from medalist.agent.contest.player import Means, Player
from medalist.agent.contest.remote import RemotePlayer
from medalist.agent.contest.rulings import RULING, RecordedRulings
from medalist.agent.contest.setup import ContestSetup
from medalist.agent.journal import Journal
from medalist.agent.journal.maintenance import copy_journal
from medalist.agent.journal.plans import SOLVE, SOLVE_PLAN, SolvePlan
from medalist.agent.llm import Budget
from medalist.agent.llm.shared_cap import SharedCap
from medalist.agent.run.models import open_models, planned_models
from medalist.agent.run.run_plan import as_begun, settings_body, settings_for
from medalist.agent.steps.stage_account import Accounts, stage_accounts, summed
from medalist.sandbox.pool import Pool

PARTICIPANTS = "participants"


class Doors(Protocol):
    """Where participants come in that play over MCP."""

    def opened(
        self, players: Sequence[RemotePlayer], arena: Arena
    ) -> AbstractContextManager[object]:
        """Serve them until the end of the context."""
        ...


@dataclass(frozen=True)
class Arena:
    """What doors may use of a contest.

    Attributes:
        contest: The contest.
        pool: Where tools run programs.
        events: What happened so far; it grows.
        pace: Time begins with the first call, and stops when nobody can come any more.
    """

    contest: Contest
    pool: Pool
    events: Sequence[ContestEvent]
    pace: Pace


@dataclass(frozen=True)
class Options:
    """How a contest is played.

    Attributes:
        replay: A finished run whose recorded answers, outcomes and rulings are used.
        speed: Virtual seconds a second, for a demonstration; None lets time leap.
        cap: On dollars and tokens of all participants together.
        doors: Let those in who play over MCP; needed where there are such, unless `replay` has
            what they did.
    """

    replay: Path | None = None
    speed: float | None = None
    cap: Budget = field(default_factory=Budget)
    doors: Doors | None = None


@dataclass(frozen=True)
class _Playing:
    """What all participants share."""

    options: Options
    shared: SharedCap
    pool: Pool


def run_contest(
    stage: ContestSetup,
    run_dir: Path,
    pool: Pool,
    options: Options,
    *,
    watch: Watcher = lambda _: None,
) -> dict[str, str]:
    """Play a contest in a directory; what is recorded there already is not done again.

    Returns:
        Of each participant whose answers a cap ended, which cap, in words.

    Raises:
        BadInput: The directory holds another contest.
        ModelFailure, SandboxFailure, JournalFailure: Something failed; run it again to continue.
    """
    if options.replay is not None:
        _copy_records(options.replay, run_dir)
    with ExitStack() as stack:
        journal = stack.enter_context(Journal.open(run_dir))
        playing = _Playing(options, SharedCap(options.cap), pool)
        recorded = _recorded(journal, options.replay)
        players = [
            stack.enter_context(_entrant(entry, stage, run_dir / PARTICIPANTS, playing, recorded))
            for entry in stage.entries
        ]
        contest = stage.contest
        opened = contest.opened.model_copy(update={"speed": options.speed})
        log = EventLog(journal)
        pace = None if options.speed is None else Pace(options.speed, log.reached_s)
        events: list[ContestEvent] = []

        def seen(event: ContestEvent) -> None:
            events.append(event)
            watch(event)

        if pace is not None and options.doors is not None:
            remote = [player for player in players if isinstance(player, RemotePlayer)]
            arena = Arena(contest, pool, events, pace)
            stack.enter_context(options.doors.opened(remote, arena))
        elif pace is not None:
            pace.begin()
        with suppress(Stopped):
            play(
                replace(stage, contest=replace(contest, opened=opened)),
                players,
                RecordedRulings(stage.problems, contest.rules, pool, journal),
                Recorder(log, seen),
                pace=pace,
            )
        return {
            player.entry.id: player.budget_ended
            for player in players
            if isinstance(player, Player) and player.budget_ended is not None
        }


def _recorded(journal: Journal, replay: Path | None) -> list[ContestEvent]:
    """Return what happened in this contest before, or in the one that is replayed."""
    if replay is None:
        return [event for _, event in read_events(journal)]
    with Journal.open(replay, readonly=True) as earlier:
        return [event for _, event in read_events(earlier)]


@contextmanager
def _entrant(
    entry: ParticipantEntry,
    setup: ContestSetup,
    folder: Path,
    playing: _Playing,
    recorded: Sequence[ContestEvent],
) -> Iterator[Player | RemotePlayer]:
    """Open what a participant needs."""
    if not entry.mcp:
        with _player(entry, setup, folder, playing) as player:
            yield player
        return
    with Journal.open(folder / entry.id) as journal:
        remote = RemotePlayer(entry, setup, journal, recorded)
        try:
            yield remote
        finally:
            remote.close()


def accounts(setup: ContestSetup, run_dir: Path) -> dict[str, Accounts]:
    """Return what each stage of each participant's runs has used, of all problems."""
    by_participant = {}
    for entry in setup.entries:
        with Journal.open(run_dir / PARTICIPANTS / entry.id, readonly=True) as journal:
            by_participant[entry.id] = summed(
                stage_accounts(journal, problem.problem_id) for problem in setup.problems
            )
    return by_participant


@contextmanager
def _player(
    entry: ParticipantEntry, setup: ContestSetup, folder: Path, play: _Playing
) -> Iterator[Player]:
    """Open the journal and the models of a participant."""
    entry = entry.allocated().filled()
    if play.options.replay is not None:
        spec = f"recorded:{play.options.replay / PARTICIPANTS / entry.id}"
        reviewer = None if entry.reviewer is None else spec
        entry = entry.model_copy(update={"model": spec, "reviewer": reviewer, "batch_api": False})
    if entry.seed is None:
        entry = entry.model_copy(update={"seed": setup.contest.opened.seed})
    configured = entry.configured()
    settings_for(entry, configured)  # what is impossible is said before anything is opened
    with (
        Journal.open(folder / entry.id) as journal,
        open_models(entry, configured, journal, shared=play.shared) as models,
    ):
        begun = journal.get(SOLVE_PLAN, SOLVE)
        known = None if begun is None else begun.given()
        settings = settings_for(as_begun(entry, known), configured).as_before(known)
        if known is None:
            body = settings_body(settings, models.writer.traits)
            said = entry.model_dump(mode="json", exclude={"lang"})
            plan = {**said, **body, **planned_models(entry, models)}
            journal.append(SOLVE_PLAN, SOLVE, SolvePlan.model_validate(plan))
        yield Player(entry, setup, Means(models, settings, journal, play.pool))


def _copy_records(source: Path, run_dir: Path) -> None:
    """Give a new run what an earlier one recorded of its participants and of the judges."""
    with Journal.open(source, readonly=True) as recorded, Journal.open(run_dir) as journal:
        for ruling in recorded.events(RULING):
            if journal.get(RULING, ruling.key) is None:
                journal.append(RULING, ruling.key, ruling.value, durable=False)
    for folder in sorted((source / PARTICIPANTS).glob("*/")):
        copy_journal(folder, run_dir / PARTICIPANTS / folder.name)
