"""`medalist batch`: many problems in one run, with one budget."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, NoReturn

import typer
from pydantic import JsonValue

from medalist import __version__
from medalist.agent.batch.driver import Batch, BatchOptions, FailureRecord, Schedule
from medalist.agent.batch.filters import FIELDS, Filter
from medalist.agent.batch.plan import (
    Shard,
    digest_of,
    find,
    keep,
    known_settings,
    listing,
    planned,
)
from medalist.agent.batch.work import BatchContext
from medalist.agent.commands import options
from medalist.agent.commands.batch_config import BatchConfig, Display, read
from medalist.agent.commands.batch_display import Quiet, display
from medalist.agent.commands.batch_end import keep_session, last_line
from medalist.agent.commands.console import data, json_line, say
from medalist.agent.commands.dry_run import foreseen, lines, report
from medalist.agent.commands.solve import for_model
from medalist.agent.journal import Journal
from medalist.agent.llm import Budget, CostEstimate, open_model, terms, traits_of
from medalist.agent.llm.lease import CoreLease
from medalist.agent.llm.settings import ModelSettings as Configured
from medalist.agent.llm.settings import load_settings
from medalist.agent.propose.search import SEARCHES
from medalist.agent.solve import RunProgress, RunSettings
from medalist.agent.steps.problem_run import without_advice
from medalist.agent.steps.solution_output import SolutionRecord
from medalist.errors import BadInput
from medalist.problems.formats import PackageEntry, bundled_archive, resolve
from medalist.sandbox.pool import Pool, open_pool

_MOST_JOBS = 32
"""Each problem takes as many threads as there are boxes: more would only wait."""

_FILTER_HELP = (
    "Only problems that fulfil this, as 'kind == \"batch\" and time_limit <= 2'; "
    f"fields: {', '.join(FIELDS)}."
)


def batch(
    archives: Annotated[
        list[str] | None,
        typer.Argument(
            help="Packages, folders of packages, zips, data sets. Default: the bundled problems."
        ),
    ] = None,
    filter_: Annotated[
        str | None,
        typer.Option(
            "--filter",
            help=_FILTER_HELP,
        ),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first so many.")] = None,
    shard: Annotated[
        str | None, typer.Option(help="Only part i/n of them; `medalist merge` joins the runs.")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Problems at once. Default: two a box, at least 4.")
    ] = None,
    ray: Annotated[
        str | None, typer.Option(help="Boxes of a Ray cluster: auto, local, or ray://host:port.")
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="YAML or TOML with any of these options (max_usd: 5).")
    ] = None,
    pairs: Annotated[
        list[str] | None, typer.Option("-c", help="key=value, over the config file. Repeatable.")
    ] = None,
    candidates: Annotated[
        int | None,
        typer.Option(
            "-n",
            "--candidates",
            min=1,
            help="Completions a problem, on the average. Default: 8 from the embedded model, 32 "
            "from an endpoint.",
            show_default=False,
        ),
    ] = None,
    submissions: Annotated[
        int | None, typer.Option(min=0, help="Submissions a problem. Default: 1.")
    ] = None,
    schedule: Annotated[
        Schedule | None,
        typer.Option(
            help="adaptive (default): easy problems stop early, hopeless ones are capped, the "
            "rest goes where it gains most; equal: the same for all."
        ),
    ] = None,
    model: Annotated[str | None, options.MODEL] = None,
    lang: Annotated[str | None, options.LANG] = None,
    prompts: Annotated[str | None, options.PROMPTS] = None,
    search: Annotated[str | None, typer.Option(help=f"One of {', '.join(SEARCHES)}.")] = None,
    width: Annotated[int | None, typer.Option(min=1, help="Answers a round.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the run.")] = None,
    max_tokens: Annotated[int | None, options.MAX_TOKENS] = None,
    temperature: Annotated[float | None, options.TEMPERATURE] = None,
    top_p: Annotated[float | None, options.TOP_P] = None,
    timeout: Annotated[float | None, options.TIMEOUT] = None,
    concurrency: Annotated[int | None, options.CONCURRENCY] = None,
    price: Annotated[str | None, options.PRICE] = None,
    policy: Annotated[str | None, options.POLICY] = None,
    weights: Annotated[Path | None, options.WEIGHTS] = None,
    max_usd: Annotated[float | None, options.MAX_USD] = None,
    max_run_tokens: Annotated[int | None, options.MAX_RUN_TOKENS] = None,
    max_seconds: Annotated[float | None, options.MAX_SECONDS] = None,
    target: Annotated[float | None, options.TARGET] = None,
    min_belief: Annotated[float | None, options.MIN_BELIEF] = None,
    always_submit: Annotated[bool | None, options.ALWAYS_SUBMIT] = None,
    batch_api: Annotated[bool | None, options.BATCH_API] = None,
    dry_run: Annotated[bool | None, options.DRY_RUN] = None,
    fail_on_error: Annotated[
        bool | None,
        typer.Option("--fail-on-error", help="End at the first problem that breaks."),
    ] = None,
    retry_on_error: Annotated[
        int | None,
        typer.Option(min=0, help="Try a problem that breaks so often again in the same session."),
    ] = None,
    box: Annotated[options.BoxKind | None, options.BOX] = None,
    display_: Annotated[
        Display | None,
        typer.Option("--display", help="Progress: a screen, lines, lines of JSON, or none."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Run directory. Default: runs/batch-<settings>, so that the same command goes "
            "on where it stopped.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a problem.")] = False,
) -> None:
    """Solve many problems; the same command again goes on where it stopped.

    A problem that breaks is reported and does not end the others. Exit code 0: every problem
    was processed, solved or not. 1: some broke. 4: a budget ended first.
    """
    options_ = dict(locals())
    left_out = {"config", "pairs", "as_json"}
    given = {name.rstrip("_"): value for name, value in options_.items() if name not in left_out}
    given["archives"] = archives or None
    _run(read(config, pairs or (), given), as_json=as_json)


def _run(config: BatchConfig, *, as_json: bool) -> None:
    configured = _configured(config)
    chooser = options.policy(config.policy, config.weights)
    settings = for_model(_settings(config, configured), config.model)
    traits = traits_of(config.model)
    shard = None if config.shard is None else Shard.parse(config.shard)
    where = None if config.filter is None else Filter(config.filter)
    paths = [resolve(one) for one in config.archives] or [bundled_archive()]
    plan: dict[str, Any] = {
        "archives": [str(path.absolute()) for path in paths],
        "filter": config.filter,
        "limit": config.limit,
        "shard": config.shard,
        "schedule": config.schedule,
        "submissions": config.submissions,
        "policy": chooser.name,
        "settings": {
            **json.loads(json.dumps(asdict(settings))),
            "small": traits.prompt_form == "small",
        },
    }
    named = {**plan, "settings": without_advice(plan["settings"])}
    run_dir = config.out or Path("runs") / f"batch-{digest_of([named, config.model])}"
    budget = Budget(usd=config.max_usd, tokens=config.max_run_tokens, seconds=config.max_seconds)
    lease = CoreLease(shared=not traits.shares_cores)
    entries = find(paths)
    if config.dry_run:
        found = listing(entries, where=where, limit=config.limit, shard=shard)
        chosen = [entries[one.path] for one in found.problems]
        _show_cost(chosen, settings, config, configured, budget, as_json=as_json)
        return
    signal.signal(signal.SIGINT, _interrupt)
    with ExitStack() as held:
        journal = held.enter_context(Journal.open(run_dir))
        problems = planned(journal)
        settings = settings.as_before(known_settings(journal))
        plan["settings"] |= {"temperature": settings.temperature, "top_p": settings.top_p}
        if problems is None:
            found = listing(entries, where=where, limit=config.limit, shard=shard)
            problems = found.problems
            plan |= {"listed": found.listed, "list": found.digest}
        rows: list[JsonValue] = [{"id": one.problem_id, "path": one.path} for one in problems]
        pool = held.enter_context(_pool(config))
        opened = open_model(
            config.model, journal=journal, budget=budget, lease=lease,
            batch_api=config.batch_api, settings=configured,
        )  # fmt: skip
        held.enter_context(closing(opened))
        keep(journal, {"version": __version__, **plan, "model": opened.name, "problems": rows})
        shop = BatchContext(
            journal=journal, pool=pool, model=opened, lease=lease, settings=settings,
            submissions=config.submissions, entries=entries,
            policy=chooser,
            least_belief=options.least_belief(config.min_belief, config.always_submit),
        )  # fmt: skip
        manner = BatchOptions(
            schedule=config.schedule,
            jobs=config.jobs or max(4, min(2 * pool.size, _MOST_JOBS)),
            retries=config.retry_on_error,
            fail_on_error=config.fail_on_error,
        )
        show = held.enter_context(display(config.display, len(problems)))
        show.note(pool.note)
        started = time.monotonic()
        running = Batch(shop, manner, _Printing(show) if as_json else show)
        try:
            ending = running.run(problems)
        except KeyboardInterrupt:
            say(f"interrupted: the same command goes on where this stopped ({run_dir})")
            raise
        seconds = time.monotonic() - started
        keep_session(journal, opened, ending, len(problems), seconds)
    if config.display != "none":
        say(last_line(ending, len(problems), opened, seconds, run_dir))
    raise typer.Exit(1 if ending.failed else 4 if ending.budget else 0)


def _interrupt(number: int, _: FrameType | None) -> NoReturn:
    """End in good order at the first Ctrl-C, and at once at the second."""
    signal.signal(number, signal.SIG_DFL)
    raise KeyboardInterrupt


def _show_cost(
    chosen: Sequence[PackageEntry],
    settings: RunSettings,
    config: BatchConfig,
    configured: Configured,
    budget: Budget,
    *,
    as_json: bool,
) -> None:
    """Print what the batch would ask and cost, at equal shares; send and write nothing."""
    models = terms(config.model, batch_api=config.batch_api, settings=configured)
    total: CostEstimate | None = None
    for entry in chosen:
        try:
            public = entry.load().public
        except BadInput as error:
            say(str(error), style="red")
            continue
        one = foreseen(public, settings, models, [])
        total = one if total is None else total + one
    if total is None:
        raise BadInput("none of the problems can be read", field="ARCHIVE")
    name = f"{len(chosen)} problems"
    if as_json:
        json_line(report(name, total, models))
    else:
        data("\n".join(lines(name, total, models, budget)))


def _configured(config: BatchConfig) -> Configured:
    return load_settings().given(
        temperature=config.temperature,
        top_p=config.top_p,
        max_tokens=config.max_tokens,
        timeout_s=config.timeout,
        concurrency=config.concurrency,
        price=options.price(config.price),
    )


def _settings(config: BatchConfig, configured: Configured) -> RunSettings:
    return RunSettings(
        candidates=config.candidates or 0,
        languages=options.languages(config.lang),
        prompts=options.prompts(config.prompts),
        seed=config.seed,
        max_tokens=configured.max_tokens,
        temperature=configured.temperature,
        top_p=configured.top_p,
        search=options.searching(config.search, config.target),
        width=config.width,
        target=config.target,
    )


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
