"""`medalist solve`: one problem, from its statement to a chosen program on disk."""

from __future__ import annotations

import hashlib
import json
from contextlib import ExitStack, closing
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import JsonValue

from medalist.agent.choose.policy import Policy
from medalist.agent.commands import options
from medalist.agent.commands.console import json_line, say
from medalist.agent.commands.dry_run import dry_run as show_cost
from medalist.agent.commands.progress import Display
from medalist.agent.commands.solve_report import exit_code, explain
from medalist.agent.journal import Journal
from medalist.agent.llm import Budget, Model, open_model, traits_of
from medalist.agent.llm.recorded_model import recorded_settings
from medalist.agent.llm.settings import load_settings
from medalist.agent.propose.candidate_file import PoolModel, read_pool
from medalist.agent.solve import ProblemRun, RunSettings, Tools
from medalist.agent.solve import solve as solve_problem
from medalist.agent.steps.problem_run import usual_ways, without_advice
from medalist.agent.steps.solution_output import SOLUTION, report, write_source
from medalist.agent.submit.package_judge import local_judge, local_rules
from medalist.agent.types import Candidate
from medalist.errors import BadInput
from medalist.problems.formats import load, resolve
from medalist.problems.formats.corrections import samples_given, with_samples
from medalist.problems.model import PublicProblem
from medalist.problems.secret import Problem
from medalist.sandbox.pool import Pool, open_pool


def solve(
    path: Annotated[str, typer.Argument(help="A statement, a package, or a bundled problem's id.")],
    candidates: Annotated[
        int | None,
        typer.Option(
            "-n",
            "--candidates",
            min=1,
            help="Completions to ask for. Default: 8 from the embedded model, 32 from an endpoint.",
            show_default=False,
        ),
    ] = None,
    most: Annotated[int | None, options.MOST] = None,
    submissions: Annotated[int, typer.Option(min=0, help="Submissions to the local judge.")] = 1,
    lang: Annotated[str | None, options.LANG] = None,
    model: Annotated[str | None, options.MODEL] = None,
    prompts: Annotated[str | None, options.PROMPTS] = None,
    search: Annotated[str | None, options.SEARCH] = None,
    width: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Answers a round of a search. Default: 4 from the embedded model, 8 from others.",
            show_default=False,
        ),
    ] = None,
    pool_file: Annotated[
        Path | None,
        typer.Option("--pool", help="Take candidates from this file (.jsonl, .gz, .xz); no model."),
    ] = None,
    mutants: Annotated[int, options.MUTANTS] = 0,
    sample: Annotated[list[Any] | None, options.SAMPLE] = None,
    min_belief: Annotated[float | None, options.MIN_BELIEF] = None,
    always_submit: Annotated[bool, options.ALWAYS_SUBMIT] = False,
    seed: Annotated[int, typer.Option(help="Seed of the run.")] = 0,
    max_tokens: Annotated[int | None, options.MAX_TOKENS] = None,
    temperature: Annotated[float | None, options.TEMPERATURE] = None,
    top_p: Annotated[float | None, options.TOP_P] = None,
    timeout: Annotated[float | None, options.TIMEOUT] = None,
    concurrency: Annotated[int | None, options.CONCURRENCY] = None,
    policy: Annotated[str | None, options.POLICY] = None,
    weights: Annotated[Path | None, options.WEIGHTS] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Run directory. Default: runs/<problem>-<settings>, so that the same command "
            "goes on where it stopped.",
            show_default=False,
        ),
    ] = None,
    max_usd: Annotated[float | None, options.MAX_USD] = None,
    price: Annotated[str | None, options.PRICE] = None,
    max_run_tokens: Annotated[int | None, options.MAX_RUN_TOKENS] = None,
    max_seconds: Annotated[float | None, options.MAX_SECONDS] = None,
    reviewer: Annotated[str | None, options.REVIEWER] = None,
    target: Annotated[float | None, options.TARGET] = None,
    batch_api: Annotated[bool, options.BATCH_API] = False,
    dry_run: Annotated[bool, options.DRY_RUN] = False,
    box: Annotated[options.BoxKind, options.BOX] = "auto",
    as_json: Annotated[bool, options.JSON] = False,
) -> None:
    """Solve one problem; the same command again goes on where it stopped.

    Exit code 0: solved, or, without secret tests, a sample-passing answer delivered. 1: not
    solved. 4: a budget ended first, or the first four answers were all cut while thinking.
    """
    problem = _load(path, sample)
    public = problem.public
    least = options.least_belief(min_belief, always_submit)
    budget = Budget(usd=max_usd, tokens=max_run_tokens, seconds=max_seconds)
    configured = load_settings().given(
        temperature=temperature,
        top_p=top_p,
        max_tokens=max_tokens,
        timeout_s=timeout,
        concurrency=concurrency,
        price=options.price(price),
    )
    chooser = options.policy(policy, weights)
    settings = RunSettings(
        candidates=candidates or 0,
        languages=options.languages(lang),
        prompts=options.prompts(prompts),
        mutants=mutants,
        seed=seed,
        max_tokens=configured.max_tokens,
        temperature=configured.temperature,
        top_p=configured.top_p,
        # Each round would be a batch of its own, and a batch may take a day.
        search=search or ("once" if batch_api else ""),
        width=width or 0,
        target=target,
    )
    for line in options.ignored(search, prompts=prompts, width=width, target=target):
        say(line, style="yellow")
    given = None
    if pool_file is not None:
        given, model = _given(pool_file, public)
    if most is not None:
        settings = _up_to(most, settings, model, given is not None)
    if dry_run:
        if given is not None:
            raise BadInput("a pool asks no model: there is nothing to foresee", field="--dry-run")
        show_cost(
            public,
            for_model(settings, model),
            model,
            budget=budget,
            reviewer=reviewer,
            batch_api=batch_api,
            as_json=as_json,
            configured=configured,
        )
        return
    for warning in problem.warnings:
        say(f"{path}: {warning}", style="yellow")
    _say_doubts(problem)
    digest = _digest(public, [model, reviewer, chooser.name], settings)
    run_dir = out or Path("runs") / f"{public.problem_id}-{digest}"
    try:
        with Journal.open(run_dir) as journal, open_pool(box) as pool:
            say(pool.note)
            opened: Model = PoolModel(model or "")
            if given is None:
                opened = open_model(
                    model, journal=journal, budget=budget, batch_api=batch_api, settings=configured
                )
            with ExitStack() as models:
                models.enter_context(closing(opened))
                known = journal.newest_raw("plan", "solve")
                settings = for_model(settings, model).as_before(known.body if known else None)
                plan: dict[str, JsonValue] = {
                    "model": opened.name,
                    "reviewer": reviewer,
                    "policy": chooser.name,
                }
                if reviewer is not None:
                    form = traits_of(reviewer, reviewer=True).prompt_form
                    plan["reviewer_small"] = form == "small"
                small = opened.traits.prompt_form == "small"
                _same_run(journal, run_dir, {**_identity(public, settings, small=small), **plan})
                tools = _tools(problem, pool, journal, opened, submissions, chooser)
                tools = replace(tools, rules=local_rules(public, submissions, least))
                if reviewer is not None:
                    reader = open_model(reviewer, journal=journal, budget=budget, beside=opened)
                    models.enter_context(closing(reader))
                    tools = replace(tools, reviewer=reader)
                with Display(public.problem_id) as display:
                    tools = replace(tools, given=given)
                    solution = solve_problem(ProblemRun.of(public, tools, settings, display))
            source = write_source(solution, run_dir)
            result = report(public.problem_id, solution, source, problem.doubts)
            journal.append(SOLUTION, public.problem_id, result)
    except KeyboardInterrupt:
        say(f"interrupted: the same command goes on where this stopped ({run_dir})")
        raise
    judged = problem.secret is not None and submissions > 0
    if as_json:
        json_line(result.printed())
    else:
        explain(public.problem_id, solution, source, run_dir, judged=judged)
    raise typer.Exit(exit_code(solution, judged=judged))


def _load(path: str, given: list[Any] | None) -> Problem:
    """Read the problem; samples given with `--sample` replace those that it shows."""
    problem = load(resolve(path))
    if not given:
        return problem
    samples, remarks = samples_given(given)
    for remark in remarks:
        say(remark, style="yellow")
    return with_samples(problem, samples)


def _say_doubts(problem: Problem) -> None:
    """Say what may have been read wrongly, and how to correct it."""
    for doubt in problem.doubts:
        say(f"doubt: {doubt}", style="yellow")
    if problem.doubts:
        say("correct with --sample IN OUT, or with a problem.yaml beside the statement")


def _up_to(most: int, settings: RunSettings, model: str | None, is_pool: bool) -> RunSettings:
    """Let a policy have up to `most` candidates."""
    if is_pool:
        raise BadInput("a pool asks no model: there are no more candidates", field="--most")
    least = for_model(settings, model).candidates
    if most < least:
        raise BadInput(
            f"{most} is below the {least} candidates that are asked for in any case",
            field="--most",
            hint="raise it, or lower -n",
        )
    return replace(settings, most=most)


def _given(path: Path, public: PublicProblem) -> tuple[tuple[Candidate, ...], str]:
    """Read a pool's candidates for a problem, and name the pool by its content."""
    found = list(read_pool(path))
    given = tuple(candidate for problem_id, candidate in found if problem_id == public.problem_id)
    if not given:
        others = sorted({problem_id for problem_id, _ in found})[:5]
        raise BadInput(
            f"holds no candidate of {public.problem_id!r}",
            file=path,
            field="problem_id",
            hint=f"it has {', '.join(others)}" if others else "it is empty",
        )
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return given, f"pool:{digest[:12]}"


def for_model(settings: RunSettings, spec: str | None) -> RunSettings:
    """Fill in what was not set: small models get short prompts, few samples and one way to ask.

    A recording gets what it was asked.
    """
    traits = traits_of(spec)
    asked: Any = {} if traits.recorded is None else recorded_settings(traits.recorded)
    small = traits.prompt_form == "small"
    languages, prompts = usual_ways(traits.prompt_form)
    return replace(
        settings,
        candidates=settings.candidates or (8 if small else 32),
        search=options.searching(settings.search or asked.get("search"), settings.target),
        width=settings.width or asked.get("width") or (4 if small else 8),
        languages=settings.languages or tuple(asked.get("languages", languages)),
        prompts=settings.prompts or tuple(asked.get("prompts", prompts)),
        max_tokens=settings.max_tokens or asked.get("max_tokens"),
        # A recording answers the very questions that it was asked.
        temperature=asked.get("temperature", settings.temperature),
        top_p=asked.get("top_p", settings.top_p),
    )


def _tools(
    problem: Problem,
    pool: Pool,
    journal: Journal,
    model: Model,
    submissions: int,
    policy: Policy,
) -> Tools:
    return Tools(
        model=model,
        pool=pool,
        journal=journal,
        policy=policy,
        judge=local_judge(problem, pool, journal, submissions),
        rules=local_rules(problem.public, submissions),
    )


def _identity(
    public: PublicProblem, settings: RunSettings, *, small: bool = False
) -> dict[str, JsonValue]:
    """What must not change within a run; more candidates or submissions may be asked for."""
    counts = ("candidates", "most")
    kept = {name: value for name, value in asdict(settings).items() if name not in counts}
    text = public.model_dump_json()
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    identity: dict[str, JsonValue] = json.loads(
        json.dumps({"problem": public.problem_id, "statement": digest, "small": small, **kept})
    )
    return identity


def _digest(public: PublicProblem, model: JsonValue, settings: RunSettings) -> str:
    identity = without_advice(_identity(public, settings))
    text = json.dumps([identity, model], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _same_run(journal: Journal, run_dir: Path, plan: dict[str, JsonValue]) -> None:
    known = journal.newest_raw("plan", "solve")
    if known is None:
        journal.append_raw("plan", "solve", plan)
        return
    for name, value in plan.items():
        # What an earlier version did not know was as it is by default.
        if known.body.get(name, value) != value:
            raise BadInput(
                f"this run was started with another {name}",
                file=run_dir,
                field=name,
                hint="give the same options, or another --out",
            )
