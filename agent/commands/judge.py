"""`medalist judge`: judges programs on a problem's tests."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.table import Table

from medalist.agent.commands.console import data, json_line, out, say
from medalist.agent.commands.judge_generations import Grading, judge_generations
from medalist.agent.propose.generations import is_generations
from medalist.problems.formats import load, resolve
from medalist.problems.judging import Judgement, JudgeOptions
from medalist.problems.judging import judge as judge_source
from medalist.problems.judging.calibrate import Calibration, calibrate
from medalist.problems.judging.from_samples import with_samples
from medalist.problems.judging.judgement_row import judgement_row
from medalist.problems.judging.read_source import by_standard, language_named, read_source
from medalist.problems.verdict import Verdict
from medalist.sandbox.languages import LANGUAGES
from medalist.sandbox.pool import open_pool

_STYLES = {Verdict.AC: "green", Verdict.PAC: "yellow", Verdict.JE: "bold magenta"}


def judge(
    path: Annotated[str, typer.Argument(help="A problem package, or a bundled problem's name.")],
    sources: Annotated[list[Path], typer.Argument(help="Programs: files, or folders of files.")],
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object per source.")] = False,
    lang: Annotated[
        str | None, typer.Option(help=f"Language of the sources: {', '.join(LANGUAGES)}.")
    ] = None,
    std: Annotated[
        str | None,
        typer.Option(
            help="Standard of C++ sources (17, gnu++20, c++23, ...); without it gnu++20, and where "
            "that does not compile gnu++17 and gnu++23."
        ),
    ] = None,
    box: Annotated[
        Literal["auto", "docker", "local"], typer.Option(help="Where the programs run.")
    ] = "auto",
    limit_scale: Annotated[
        float, typer.Option(min=0.01, max=100.0, help="Multiply the time limit by this.")
    ] = 1.0,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="Run every test, also after a failure.")
    ] = False,
    show_diff: Annotated[
        bool,
        typer.Option("--show-diff", help="Show the first difference of the first failing test."),
    ] = False,
) -> None:
    """Judge programs on all tests of a problem.

    Of a data set, LiveCodeBench's generations (one .json: [{question_id, code_list}]) are graded.
    """
    if len(sources) == 1 and is_generations(sources[0]):
        with open_pool(box) as pool:
            say(pool.note)
            how = Grading(language_named(lang, std), limit_scale, json)
            raise typer.Exit(judge_generations(resolve(path), sources[0], pool, how))
    problem = with_samples(load(resolve(path)), path)
    programs = [read_source(source, language_named(lang, std), problem) for source in sources]
    if std is not None:
        programs = [by_standard(program, std) for program in programs]
    for warning in problem.warnings:
        say(f"warning: {warning}", style="yellow")
    for doubt in problem.doubts:
        say(f"doubt: {doubt}", style="yellow")
    with open_pool(box) as pool, ExitStack() as stack:
        say(pool.note)
        calibration = calibrate(problem, pool, jobs=pool.size, progress=say)
        _say_limits(calibration, limit_scale)
        calibration = calibration.scaled(limit_scale)
        limits = calibration.limits
        workers = stack.enter_context(ThreadPoolExecutor(pool.size))
        judgements: Iterator[Judgement] = workers.map(
            lambda program: judge_source(
                problem, program, pool, limits=limits, how=JudgeOptions(keep_going=keep_going)
            ),
            programs,
        )
        verdicts = set()
        for source, judgement in zip(sources, judgements, strict=True):
            verdicts.add(judgement.verdict)
            if json:
                json_line(judgement_row(str(source), judgement, calibration, problem.doubts))
            else:
                _show(source, judgement)
            failing = judgement.failing_test
            if show_diff and failing is not None and failing.message:
                say(f"{source}: {failing.test_id}: {failing.message}")
    if Verdict.JE in verdicts:
        raise typer.Exit(3)
    raise typer.Exit(0 if verdicts == {Verdict.AC} else 1)


def _say_limits(calibration: Calibration, scale: float) -> None:
    limits = calibration.limits
    source = "as the package states"
    if limits.time_assumed:
        source = "assumed: the package states none and has no accepted solution to measure"
    elif calibration.slowest_cpu_s is not None:
        source = (
            f"from {calibration.references} accepted solutions, "
            f"the slowest took {calibration.slowest_cpu_s:.2f} s"
        )
    scaled = f", scaled by {scale:g}" if scale != 1 else ""
    say(f"time limit {limits.time_s * scale:g} s ({source}{scaled}), memory {limits.memory_mb} MiB")


def _show(source: Path, judgement: Judgement) -> None:
    score = "" if judgement.score is None else f"  {judgement.score:g} points"
    failing = judgement.failing_test
    where = f"  {failing.test_id}: {failing.verdict}" if failing else ""
    row = LANGUAGES.get(judgement.language)
    spoken = f"  {row.standard or row.title}" if row else ""
    data(
        f"{judgement.verdict:<4}{source}{score}  {judgement.cpu_s:.3f} s  "
        f"{judgement.memory_mb:.1f} MiB  {len(judgement.tests)} tests{spoken}{where}"
    )
    if judgement.groups and judgement.score is not None:
        table = Table("group", "verdict", "points", box=None, pad_edge=False)
        for group in judgement.groups:
            style = _STYLES.get(group.verdict, "red")
            points = "-" if group.ignored else f"{group.score:g}"
            table.add_row(group.group_id, f"[{style}]{group.verdict}[/]", points)
        out.print(table)
    if judgement.message:
        say(judgement.message)
    if not judgement.trusted:
        say("this box could not hold every promise: see `medalist doctor`", style="yellow")
