"""`medalist contest run`: plays a contest in virtual time."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from medalist.agent.commands import options
from medalist.agent.commands.console import data, json_line, out, say
from medalist.agent.commands.contest_show import board, placing_line, result
from medalist.agent.commands.mcp_door import address_line, http_door
from medalist.agent.commands.solve_report import stage_lines
from medalist.agent.contest.clock import clock_text
from medalist.agent.contest.events import (
    ContestEvent,
    Judged,
    SubmissionMade,
    Worked,
    contest_of,
    read_events,
)
from medalist.agent.contest.file import ContestFile, ParticipantEntry
from medalist.agent.contest.packages import read_contest
from medalist.agent.contest.placing import placings
from medalist.agent.contest.run import Options, accounts, run_contest
from medalist.agent.contest.setup import ContestSetup, set_stage
from medalist.agent.contest.standings import standings
from medalist.agent.journal import Journal
from medalist.agent.propose.search import SEARCHES
from medalist.agent.run.options import RunOptions
from medalist.sandbox.pool import open_pool

_SHOWN = 30
_TOGETHER = frozenset({"max_usd", "max_run_tokens", "max_requests"})
"""Caps that hold for all participants together."""


@options.run_options(
    before="seed",
    without={"seed"},
    helps={
        "candidates": "Answers per problem, for all participants.",
        "submissions": "Maximum submissions per problem, if fewer than the rules allow.",
        "search": f"One of {', '.join(SEARCHES)}. Default: once.",
        "width": "Answers requested at a time. Default: 4.",
        "max_usd": "Maximum dollars of all participants together.",
        "max_run_tokens": "Maximum tokens of all participants together.",
        "max_requests": "Maximum requests of all participants together, retries included.",
        "max_seconds": "Maximum seconds of sampling per participant.",
    },
)
def contest_run(
    path: Annotated[
        Path, typer.Argument(help="A contest file, an ICPC contest package, or a problem folder.")
    ],
    out_dir: Annotated[
        Path | None,
        typer.Option("--out", help="Run directory. Default: runs/contest-<id>."),
    ] = None,
    *,
    run: Mapping[str, Any],
    seed: Annotated[int | None, typer.Option(help="Overrides the file's.")] = None,
    relaxed: Annotated[
        int | None,
        typer.Option(min=1, help="Allow N submissions per problem, such as the 10,000 of o1-ioi."),
    ] = None,
    replay: Annotated[
        Path | None,
        typer.Option(help="Play with the answers, outcomes and rulings of this earlier run."),
    ] = None,
    real_time: Annotated[
        bool,
        typer.Option(
            "--real-time",
            help="Run virtual time no faster than real time; always on with agents over MCP.",
        ),
    ] = False,
    speed: Annotated[
        float, typer.Option(min=0.001, help="Virtual seconds per real second, with --real-time.")
    ] = 1.0,
    mcp_port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port for agents; 0 takes a free port.")
    ] = 8090,
    box: Annotated[options.BoxKind, options.BOX] = "auto",
    as_json: Annotated[bool, options.JSON] = False,
) -> None:
    """Play a contest; the same command resumes where it stopped.

    For simulation and research on your own machine: contest sites forbid such tools in rated
    rounds. What options of a run are given here holds for all participants, in place of what the
    file says. Exit code 4: a cap ended the answers of a participant.
    """
    file, base = read_contest(path)
    for_all = RunOptions.given(run)
    cap = replace(for_all.budget(), seconds=None)
    changes = {name: value for name, value in run.items() if name not in _TOGETHER}
    file = _changed(file, changes, seed=seed, relaxed=relaxed, models=_models(replay))
    stage = set_stage(file, base)
    run_dir = out_dir or Path("runs") / f"contest-{file.id}"
    started = time.monotonic()
    try:
        with open_pool(box) as pool:
            say(pool.note)
            door = None
            if replay is None and any(entry.mcp for entry in file.participants):
                door = http_door(
                    "127.0.0.1",
                    mcp_port,
                    {},
                    lambda *told: say(address_line(*told)),
                    option="--mcp-port",
                )
            paced = real_time or door is not None
            played = Options(replay=replay, speed=speed if paced else None, cap=cap, doors=door)
            ended = run_contest(stage, run_dir, pool, played, watch=_Teller(stage))
    except KeyboardInterrupt:
        say(f"interrupted: the same command resumes where this stopped ({run_dir})")
        raise
    with Journal.open(run_dir, readonly=True) as journal:
        events = [event for _, event in read_events(journal)]
    took = time.monotonic() - started
    table = standings(stage.contest, events)
    used = accounts(stage, run_dir)
    if as_json:
        told = {"run": str(run_dir), "seconds": took, **result(stage.contest, table)}
        stages = {
            name: {stage: asdict(one) for stage, one in account.items()}
            for name, account in used.items()
        }
        json_line({**told, "stages": stages})
    else:
        out.print(board(stage.contest, table, most=_SHOWN))
        for placing in placings(stage.contest, table):
            data(placing_line(placing))
        for name, account in used.items():
            for line in stage_lines(account):
                data(f"{name}: {line}")
    virtual = clock_text(table.at_s)
    say(f"{virtual} of virtual time in {took:.1f} s; {len(events)} events in {run_dir}")
    for name, why in ended.items():
        say(f"{name}: {why}", style="yellow")
    if ended:
        raise typer.Exit(4)


def _changed(
    file: ContestFile,
    changes: Mapping[str, object],
    *,
    seed: int | None,
    relaxed: int | None,
    models: Mapping[str, str | None],
) -> ContestFile:
    """Apply the options of the command line; `models` are those of the run that is replayed."""
    entries = [
        entry
        if entry.mcp
        else entry.model_copy(update={"model": models.get(entry.id, entry.model), **changes})
        for entry in file.participants or (ParticipantEntry(id="medalist"),)
    ]
    updated: dict[str, object] = {"participants": tuple(entries)}
    if seed is not None:
        updated["seed"] = seed
    if relaxed is not None:
        updated["rules"] = file.rules.model_copy(update={"submissions": relaxed})
    return file.model_copy(update=updated)


def _models(replay: Path | None) -> dict[str, str | None]:
    """Return the model of each participant in the run that is replayed."""
    if replay is None:
        return {}
    with Journal.open(replay, readonly=True) as journal:
        contest = contest_of(event for _, event in read_events(journal))
    return {participant.participant_id: participant.model for participant in contest.participants}


class _Teller:
    """Tells on stderr what happens."""

    def __init__(self, stage: ContestSetup) -> None:
        self._labels = {problem.problem_id: problem.label for problem in stage.contest.problems}
        self._ours = {entry.id for entry in stage.entries}
        self._made: dict[str, SubmissionMade] = {}

    def __call__(self, event: ContestEvent) -> None:
        match event:
            case Worked():
                what = (
                    f"{event.participant_id} {self._labels[event.problem_id]}: {event.answers} "
                    f"answers, {event.passing} pass the samples"
                )
            case SubmissionMade() if event.participant_id in self._ours:
                self._made[event.submission_id] = event
                return
            case Judged() if event.submission_id in self._made:
                made = self._made[event.submission_id]
                what = f"{made.participant_id} {self._labels[made.problem_id]}: {event.verdict}"
                what += " (final)" if event.phase == "final" else ""
            case _:
                return
        say(f"{clock_text(event.at_s)}  {what}")
