"""`medalist stress`: a small input on which a solution and a brute force differ."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Literal

import typer

from medalist.agent.commands.console import say
from medalist.agent.commands.stress_report import exit_code, tell
from medalist.agent.evidence.grammar import Grammar
from medalist.agent.evidence.inputs import InputSuite
from medalist.agent.evidence.shrink import shrink
from medalist.agent.evidence.stress_inputs import generator_inputs, mixed, statement_inputs
from medalist.errors import BadInput
from medalist.problems.formats import load, resolve
from medalist.problems.helper import Helper
from medalist.problems.input_validity import InputValidity, compiled
from medalist.problems.judging.calibrate import calibrate
from medalist.problems.judging.read_source import language_named, read_source
from medalist.problems.model import ProblemLimits, PublicProblem
from medalist.problems.secret import Blob, Group, Problem, SecretProblem, TestCase
from medalist.problems.stress import StressTest
from medalist.problems.stress_search import StressSearch
from medalist.sandbox.box import Source
from medalist.sandbox.languages import LANGUAGES
from medalist.sandbox.pool import Pool, open_pool

_USUAL = ProblemLimits(time_assumed=True)
_NOTHING = TestCase("stress/0", Blob.of(b""), None)
_BARE = Problem(PublicProblem(problem_id="stress", statements={"en": ""}, limits=_USUAL))
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)"', re.MULTILINE)


def stress(
    solution: Annotated[Path, typer.Argument(help="The program that may be wrong.")],
    brute: Annotated[Path, typer.Argument(help="A program that is right, and may be slow.")],
    problem: Annotated[
        str | None,
        typer.Option(
            "--problem",
            "-p",
            help="A package, a statement, or a bundled problem: makes inputs, says what is equal.",
        ),
    ] = None,
    generator: Annotated[
        Path | None,
        typer.Option(
            "--generator",
            "-g",
            help="A program that prints an input; it gets a seed (1, 2, ..).",
        ),
    ] = None,
    args: Annotated[
        str, typer.Option(help="Arguments of the generator; {seed} stands for the seed.")
    ] = "",
    validator: Annotated[
        Path | None,
        typer.Option(help="A program that ends with exit code 0 on valid inputs only."),
    ] = None,
    until: Annotated[
        int | None, typer.Option(min=1, help="Stop after comparing on N inputs.")
    ] = None,
    seconds: Annotated[float, typer.Option(min=1, help="Maximum seconds of the search.")] = 60.0,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the first input.")] = 1,
    tolerance: Annotated[
        float | None,
        typer.Option(min=0, help="Numbers that differ by no more are equal (absolute, relative)."),
    ] = None,
    time_limit: Annotated[
        float | None,
        typer.Option(
            min=0.01, help="Time limit of the solution, seconds (default: the problem's)."
        ),
    ] = None,
    brute_seconds: Annotated[
        float, typer.Option(min=0.01, help="Time limit of the brute force, seconds.")
    ] = 10.0,
    no_shrink: Annotated[
        bool, typer.Option("--no-shrink", help="Do not minimise the input.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Write the input into this file, too.")
    ] = None,
    lang: Annotated[
        str | None, typer.Option(help=f"Language of all programs: {', '.join(LANGUAGES)}.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    box: Annotated[
        Literal["auto", "docker", "local"], typer.Option(help="Where the programs run.")
    ] = "auto",
) -> None:
    """Find a small input on which a solution and a brute force differ.

    Exit code 1 if there is one, 0 if none was found, 4 if the time ended before --until inputs.
    """
    if problem is None and generator is None:
        raise BadInput("no inputs", hint="give --problem, --generator or both")
    if out is not None and out.exists():
        raise BadInput("exists already", file=out)
    row = language_named(lang)
    asked = _problem(problem, tolerance)
    suite = InputSuite(asked.public, seed) if problem is not None else None
    programs = _program(solution, row, asked), _program(brute, row, asked)
    if validator is not None:
        asked = _with_validator(asked, validator, _program(validator, row, _BARE))
    makes = None if generator is None else _program(generator, row, _BARE)
    with open_pool(box) as pool:
        say(pool.note)
        asked = _with_limits(asked, pool, time_limit)
        known = InputValidity(_with_place(asked), pool, lambda _: True)
        test = StressTest(asked, *programs, pool, brute_seconds)
        search = StressSearch(test, known, pool.size, until=until, seconds=seconds)
        sources = [statement_inputs(suite, seed)] if suite is not None else []
        if makes is not None:
            ready = compiled(makes, pool, "--generator")
            sources.append(generator_inputs(ready, shlex.split(args), pool, seed))
        cut = _Shrinking(suite.grammar if suite else None, known.validated, wanted=not no_shrink)
        batches = (
            [(generated.content, generated.origin) for generated in batch]
            for batch in mixed(*sources)
        )
        try:
            search.run(batches, smallest=lambda content: not no_shrink and not cut.can(content))
            counterexample = search.report.counterexample
            if counterexample is not None and cut.can(counterexample.found.content):
                search.shrink(cut)
        except KeyboardInterrupt:
            tell(search.report, json, out)
            raise
    tell(search.report, json, out)
    raise typer.Exit(exit_code(search.report, until))


@dataclass(frozen=True)
class _Shrinking:
    """Cuts inputs down where something says of the smaller ones that they are valid."""

    grammar: Grammar | None
    validated: bool
    wanted: bool

    def can(self, content: bytes) -> bool:
        fits = self.grammar is not None and self.grammar.allowed(content)
        return self.wanted and (self.validated or fits)

    def __call__(self, content: bytes, exposing: Callable[[bytes], bool]) -> bytes:
        def asked(smaller: bytes) -> bool:
            return self.can(smaller) and exposing(smaller)

        return shrink(content, asked, grammar=self.grammar)


def _problem(path: str | None, tolerance: float | None) -> Problem:
    if path is None:
        problem = _BARE
    else:
        problem = load(resolve(path))
        for warning in (*problem.warnings, *problem.doubts):
            say(f"warning: {warning}", style="yellow")
        if problem.public.special_checker and (
            problem.secret is None or not problem.secret.checker
        ):
            say(
                "warning: several outputs may be right, and there is no checker",
                style="yellow",
            )
    if tolerance is None:
        return problem
    equality = problem.public.equality.model_copy(
        update={"abs_tol": tolerance, "rel_tol": tolerance}
    )
    return replace(problem, public=problem.public.model_copy(update={"equality": equality}))


def _with_limits(problem: Problem, pool: Pool, time_s: float | None) -> Problem:
    """Return the problem with the time limit that the user names, or else a measured one."""
    if time_s is None:
        limits = calibrate(problem, pool, jobs=pool.size, progress=say).limits
    else:
        limits = problem.public.limits.model_copy(update={"time_s": time_s, "time_assumed": False})
    if limits.time_assumed:
        say(f"time limit {limits.time_s:g} s (assumed; set it with --time-limit)")
    return replace(problem, public=problem.public.model_copy(update={"limits": limits}))


def _program(path: Path, language: str | None, problem: Problem) -> Source:
    """Read a program, with the headers beside it that it includes (`testlib.h`)."""
    source = read_source(path, language, problem)
    files = dict(source.files)
    waiting = [] if path.is_dir() else list(files)
    while waiting:
        for name in _INCLUDE.findall(files[waiting.pop()].decode(errors="replace")):
            header = path.parent / name
            if name not in files and ".." not in Path(name).parts and header.is_file():
                files[name] = header.read_bytes()
                waiting.append(name)
    return replace(source, files=files)


def _with_validator(problem: Problem, path: Path, source: Source) -> Problem:
    helper = Helper(path.name, source.language, source.files, source.main, "testlib")
    secret = problem.secret or SecretProblem(groups=())
    validators = (*secret.validators, helper)
    return replace(problem, secret=replace(secret, validators=validators, unread_validators=()))


def _with_place(problem: Problem) -> Problem:
    """Return the problem with a place for tests, where it has none of its own."""
    secret = problem.secret or SecretProblem(groups=())
    if not secret.all_tests():
        secret = replace(secret, groups=(Group("stress", (_NOTHING,)),))
    return replace(problem, secret=secret)
