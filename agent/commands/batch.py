"""`medalist batch`: many problems in one run, with one budget."""

from __future__ import annotations

import signal
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, NoReturn

import typer
from pydantic import JsonValue

from medalist import __version__
from medalist.agent.batch.driver import Batch, BatchOptions, FailureRecord, Schedule
from medalist.agent.batch.filters import FIELDS, Filter
from medalist.agent.batch.plan import Listing, Shard, find, keep, known_settings, listing, planned
from medalist.agent.batch.work import BatchContext
from medalist.agent.commands import options
from medalist.agent.commands.batch_config import BatchConfig, Display, read
from medalist.agent.commands.batch_display import Quiet, display
from medalist.agent.commands.batch_end import chosen_programs, keep_session, last_line
from medalist.agent.commands.console import json_line, say
from medalist.agent.commands.dry_run import dry_run_of_all
from medalist.agent.journal import Journal
from medalist.agent.llm import traits_of
from medalist.agent.llm.lease import CoreLease
from medalist.agent.llm.settings import ModelSettings
from medalist.agent.propose.generations import write_generations
from medalist.agent.propose.search import SEARCHES
from medalist.agent.run.models import open_models, planned_models
from medalist.agent.run.run_plan import (
    as_begun,
    digest_of,
    naming_settings,
    settings_body,
    settings_for,
    submissions_for,
)
from medalist.agent.run.usual import by_effort
from medalist.agent.solve import RunProgress
from medalist.agent.steps.move_priors import move_priors
from medalist.agent.steps.solution_output import SolutionRecord
from medalist.errors import BadInput
from medalist.problems.formats import PackageEntry, bundled_archive, resolve
from medalist.sandbox.pool import Pool, open_pool

_MOST_JOBS = 32
"""Each problem takes as many threads as there are boxes: more would only wait."""

_FILTER_HELP = (
    "Only problems that match this expression, as 'kind == \"batch\" and time_limit <= 2'; "
    f"fields: {', '.join(FIELDS)}."
)


@options.run_options(
    before="fail_on_error",
    helps={
        "candidates": f"Average completions per problem. {by_effort('candidates')}",
        "submissions": f"Submissions per problem. {by_effort('submissions')}",
        "search": f"One of {', '.join(SEARCHES)}.",
        "width": "Answers per round.",
    },
)
def batch(
    archives: Annotated[
        list[str] | None,
        typer.Argument(
            help="Packages, folders of packages, zips, data sets. Default: the bundled problems."
        ),
    ] = None,
    *,
    run: Mapping[str, Any],
    filter_: Annotated[
        str | None,
        typer.Option(
            "--filter",
            help=_FILTER_HELP,
        ),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first N problems.")] = None,
    shard: Annotated[
        str | None,
        typer.Option(help="Only shard i/n of the problems; `medalist merge` joins the runs."),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, help="Problems worked on at once. Default: two per box, at least 4."),
    ] = None,
    ray: Annotated[
        str | None, typer.Option(help="Boxes of a Ray cluster: auto, local, or ray://host:port.")
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="YAML or TOML with any of these options (max_usd: 5).")
    ] = None,
    pairs: Annotated[
        list[str] | None,
        typer.Option("-c", help="key=value, overrides the config file. Repeatable."),
    ] = None,
    schedule: Annotated[
        Schedule | None,
        typer.Option(
            help="adaptive (default): easy problems stop early, hopeless ones are capped, the "
            "rest goes where it gains most; equal: the same for all."
        ),
    ] = None,
    dry_run: Annotated[bool | None, options.DRY_RUN] = None,
    fail_on_error: Annotated[
        bool | None,
        typer.Option("--fail-on-error", help="Stop at the first problem that fails with an error."),
    ] = None,
    retry_on_error: Annotated[
        int | None,
        typer.Option(min=0, help="Retries per failed problem in the same session."),
    ] = None,
    box: Annotated[options.BoxKind | None, options.BOX] = None,
    display_: Annotated[
        Display | None,
        typer.Option("--display", help="Progress: a screen, lines, lines of JSON, or none."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Run directory. Default: runs/batch-<settings>, so that the same command resumes "
            "where it stopped.",
            show_default=False,
        ),
    ] = None,
    generations: Annotated[
        Path | None,
        typer.Option(
            dir_okay=False,
            help="Write the chosen programs as LiveCodeBench's evaluator takes them: "
            "[{question_id, code_list}].",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per problem.")] = False,
) -> None:
    """Solve many problems; the same command resumes where it stopped.

    A problem that fails is reported and does not end the others. Exit code 0: every problem
    was processed, solved or not. 1: some broke. 4: a budget ended first.
    """
    given = {
        **run,
        "archives": archives or None,
        "filter": filter_,
        "limit": limit,
        "shard": shard,
        "jobs": jobs,
        "ray": ray,
        "schedule": schedule,
        "dry_run": dry_run,
        "fail_on_error": fail_on_error,
        "retry_on_error": retry_on_error,
        "box": box,
        "display": display_,
        "out": out,
        "generations": generations,
    }
    _run(_allocated(read(config, pairs or (), given)), as_json=as_json)


def _allocated(config: BatchConfig) -> BatchConfig:
    """Return the options with what an allocation says, which shares out the budget by itself."""
    if config.allocate is None:
        return config
    if config.schedule == "adaptive" and "schedule" in config.model_fields_set:
        raise BadInput("contradicts --allocate", field="--schedule", hint="give one of them")
    return config.allocated().model_copy(update={"schedule": "equal"})


def _run(config: BatchConfig, *, as_json: bool) -> None:
    configured = config.configured()
    settings, least = settings_for(config, configured), config.least_belief()
    paths = [resolve(archive) for archive in config.archives] or [bundled_archive()]
    traits = traits_of(config.model, configured)
    plan = _plan(config, configured, paths)
    named = {**plan, "settings": naming_settings(settings, traits)}
    run_dir = config.out or Path("runs") / f"batch-{digest_of([named, config.model])}"
    entries = find(paths)
    if config.dry_run:
        chosen = [entries[problem.path] for problem in _listing(config, entries).problems]
        dry_run_of_all(chosen, config, configured, as_json=as_json)
        return
    signal.signal(signal.SIGINT, _interrupt)
    with ExitStack() as held:
        journal = held.enter_context(Journal.open(run_dir))
        problems = planned(journal)
        known = known_settings(journal)
        config = as_begun(config, known)
        settings = settings_for(config, configured).as_before(known)
        plan["settings"] = settings_body(settings, traits)
        if problems is None:
            listed = _listing(config, entries)
            problems = listed.problems
            plan |= {"listed": listed.listed, "list": listed.digest}
        rows: list[JsonValue] = [
            {"id": problem.problem_id, "path": problem.path} for problem in problems
        ]
        pool = held.enter_context(_pool(config))
        lease = CoreLease(shared=not traits.shares_cores)
        models = held.enter_context(open_models(config, configured, journal, lease=lease))
        plan |= planned_models(config, models)
        keep(journal, {"version": __version__, **plan, "problems": rows})
        context = BatchContext(
            journal=journal,
            pool=pool,
            models=models,
            lease=lease,
            settings=settings,
            submissions=submissions_for(config, configured),
            entries=entries,
            policy=config.chooser(),
            moves=move_priors(config.moves_from),
            least_belief=least,
        )
        show = held.enter_context(display(config.display, len(problems)))
        show.note(pool.note)
        started = time.monotonic()
        manner = _manner(config, pool)
        running = Batch(context, manner, _Printing(show) if as_json else show)
        try:
            ending = running.run(problems)
        except KeyboardInterrupt:
            say(f"interrupted: the same command resumes where this stopped ({run_dir})")
            raise
        seconds = time.monotonic() - started
        names = [problem.problem_id for problem in problems]
        keep_session(journal, models.writer, ending, names, seconds)
        if config.generations is not None:
            write_generations(config.generations, chosen_programs(journal, names))
    if config.display != "none":
        say(last_line(ending, len(problems), models.writer, seconds, run_dir))
    raise typer.Exit(1 if ending.failed else 4 if ending.budget else 0)


def _plan(
    config: BatchConfig, configured: ModelSettings, paths: Sequence[Path]
) -> dict[str, JsonValue]:
    """What must not change within a batch, and names its directory."""
    plan: dict[str, JsonValue] = {
        "archives": [str(path.absolute()) for path in paths],
        "filter": config.filter,
        "limit": config.limit,
        "shard": config.shard,
        "schedule": config.schedule,
        "submissions": submissions_for(config, configured),
        "policy": config.chooser().name,
    }
    return plan if config.reviewer is None else {**plan, "reviewer": config.reviewer}


def _listing(config: BatchConfig, entries: dict[str, PackageEntry]) -> Listing:
    return listing(
        entries,
        where=None if config.filter is None else Filter(config.filter),
        limit=config.limit,
        shard=None if config.shard is None else Shard.parse(config.shard),
    )


def _manner(config: BatchConfig, pool: Pool) -> BatchOptions:
    return BatchOptions(
        schedule=config.schedule,
        jobs=config.jobs or max(4, min(2 * pool.size, _MOST_JOBS)),
        retries=config.retry_on_error,
        fail_on_error=config.fail_on_error,
    )


def _interrupt(number: int, _: FrameType | None) -> NoReturn:
    """End in good order at the first Ctrl-C, and at once at the second."""
    signal.signal(number, signal.SIG_DFL)
    raise KeyboardInterrupt


def _pool(config: BatchConfig) -> Pool:
    if config.ray is None:
        return open_pool(config.box)
    # Imported late: Ray is an extra, and takes seconds to load.
    from medalist.sandbox.ray.ray_pool import open_ray_pool

    return open_ray_pool(config.ray, config.box)


class _Printing:
    """A watcher that also prints each result on stdout."""

    def __init__(self, show: Quiet) -> None:
        self._show = show

    def stage(self, problem_id: str, stage: str, progress: RunProgress) -> None:
        self._show.stage(problem_id, stage, progress)

    def done(self, result: SolutionRecord, *, earlier: bool = False) -> None:
        json_line(result.printed())
        self._show.done(result, earlier=earlier)

    def failed(self, problem_id: str, failure: FailureRecord) -> None:
        self._show.failed(problem_id, failure)
