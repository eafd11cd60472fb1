"""`medalist problems audit`: finds weak tests, and offers new ones that repair them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

from medalist.agent.commands.console import data, err, json_line, say
from medalist.agent.commands.problems_check import LABELLED, PYTHON, packages
from medalist.agent.evidence.input_mutations import sample_inputs
from medalist.agent.evidence.inputs import InputSuite, contents
from medalist.agent.evidence.program_mutants import mutants
from medalist.agent.evidence.shrink import shrink
from medalist.agent.extract.answer import of_candidate
from medalist.agent.extract.identity import program_id
from medalist.agent.languages import labelled
from medalist.agent.propose.candidate_file import read_pool
from medalist.errors import BadInput
from medalist.problems.assemble import submission
from medalist.problems.audit import Audit, AuditSettings, Suspect, audit
from medalist.problems.formats import load
from medalist.problems.judging.calibrate import calibrate, references
from medalist.problems.judging.context import HelperBroken
from medalist.problems.judging.generated import with_generated
from medalist.problems.labelled import (
    python_row,
    python_rows,
    with_languages,
    with_python,
    with_submissions,
)
from medalist.problems.model import PublicProblem, Sample
from medalist.problems.secret import LabelledSubmission, Problem, TestCase
from medalist.problems.verdict import Verdict
from medalist.sandbox.box import Source
from medalist.sandbox.languages import LANGUAGES, language_of
from medalist.sandbox.pool import open_pool

_POOLS = (".jsonl", ".jsonl.gz", ".jsonl.xz", ".json")
_SEEDS, _SEED_BYTES = 12, 600
_DISPUTES = 3
_EVERY = 100_000


def problems_audit(
    paths: Annotated[list[str], typer.Argument(help="Packages, or folders full of packages.")],
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object per problem.")
    ] = False,
    programs: Annotated[
        list[Path] | None,
        typer.Option(help="A program or a pool (.jsonl) that the tests may accept; repeatable."),
    ] = None,
    mutated: Annotated[
        int, typer.Option("--mutants", min=0, help="Mutants of each accepted solution.")
    ] = 40,
    inputs: Annotated[int, typer.Option(min=1, help="Inputs generated for the comparison.")] = 400,
    seconds: Annotated[
        float,
        typer.Option(
            min=1,
            help="Seconds per problem; a time limit that is not stated is measured first, and "
            "cached.",
        ),
    ] = 300.0,
    seed: Annotated[int, typer.Option(help="Seed of mutants and inputs.")] = 1,
    python: Annotated[str, PYTHON] = python_rows()[0],
    submissions: Annotated[Path | None, LABELLED] = None,
    out: Annotated[
        Path | None, typer.Option(file_okay=False, help="Write the new tests into this folder.")
    ] = None,
    box: Annotated[
        Literal["auto", "docker", "local"], typer.Option(help="Where the programs run.")
    ] = "auto",
) -> None:
    """Find wrong programs that the tests accept, each with a small input that exposes it.

    Suspects are mutants of the accepted solutions and the programs given. Exit code 1 if any is
    accepted and wrong.
    """
    python = python_row(python)
    folders = [path for given in paths for path in packages(given)]
    weak = False
    with open_pool(box) as pool, _bar() as bar:
        say(pool.note)
        for folder in folders:
            try:
                problem = load(folder)
                if submissions is not None:
                    problem = with_submissions(problem, submissions)
                problem = with_generated(with_python(problem, python), pool)
                problem, missing = with_languages(problem, pool)
                for line in missing:
                    say(f"{folder.name}: {line}")
                _stage(bar, f"{folder.name}: its {len(references(problem))} accepted solutions")
                limits = calibrate(problem, pool, jobs=pool.size, progress=say).limits
                public = problem.public.model_copy(update={"limits": limits})
                problem = Problem(public, problem.secret)
                suspects = [*_given(public, programs or []), *_mutants(problem, mutated, seed)]
                started = time.monotonic()
                done = _stage(bar, f"{folder.name}: {len(suspects)} programs", len(suspects))
                suite = InputSuite(problem.public, seed)
                made = _inputs(problem, suite, inputs, seed)
                settings = _settings(suite, seconds, pool.size, done)
                report = audit(problem, pool, suspects, made, settings)
            except (BadInput, HelperBroken) as error:
                weak = True
                say(f"FAULT  {folder}: {error}", style="red")
                continue
            weak = weak or bool(report.weak) or bool(report.disputes)
            if json:
                json_line(_face(report, len(references(problem)), time.monotonic() - started))
            else:
                _show(report, len(references(problem)))
            if out is not None:
                _write(report.tests, out / report.problem_id if len(folders) > 1 else out)
    raise typer.Exit(1 if weak else 0)


def _bar() -> Progress:
    columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=err, transient=True, disable=not err.is_terminal)


def _stage(bar: Progress, what: str, total: int | None = None) -> Callable[[], None]:
    """Show what is being done, as a bar in a terminal and as a line elsewhere."""
    for task in bar.task_ids:
        bar.remove_task(task)
    if bar.disable:
        say(what)
    task = bar.add_task(what, total=total)
    return lambda: bar.advance(task)


def _settings(
    suite: InputSuite, seconds: float, jobs: int, done: Callable[[], None]
) -> AuditSettings:
    grammar = suite.grammar

    def smaller(content: bytes, exposing: Callable[[bytes], bool]) -> bytes:
        return shrink(content, exposing, grammar=grammar)

    return AuditSettings(
        shrink=smaller,
        plausible=lambda content: grammar is not None and grammar.allowed(content),
        seconds=seconds,
        jobs=jobs,
        done=done,
    )


def _inputs(problem: Problem, suite: InputSuite, count: int, seed: int) -> list[bytes]:
    """Make inputs from the statement, and by changing the package's own small tests."""
    assert problem.secret is not None
    small = sorted(
        (test for test in problem.secret.all_tests() if (test.input.size or 0) <= _SEED_BYTES),
        key=lambda test: test.input.size or 0,
    )
    texts = dict.fromkeys(test.input.read().decode(errors="replace") for test in small)
    step = max(1, len(texts) // _SEEDS)
    seeds = tuple(Sample(input=text) for text in list(texts)[::step] if text.strip())
    like = problem.public.model_copy(update={"samples": (*problem.public.samples, *seeds)})
    from_statement = contents(suite.made(count // 2))
    return [*from_statement, *sample_inputs(like, count - len(from_statement), seed)]


def _mutants(problem: Problem, count: int, seed: int) -> Iterator[Suspect]:
    """Change the accepted solutions in small ways, each in turn; half make a type too narrow."""
    made = (_mutants_of(reference, count, seed) for reference in references(problem))
    for turn in zip_longest(*made):
        yield from (suspect for suspect in turn if suspect is not None)


def _mutants_of(reference: LabelledSubmission, count: int, seed: int) -> Iterator[Suspect]:
    language = reference.language or ""
    family = labelled(LANGUAGES[language].family)
    if family is None:
        return
    text = reference.files[reference.main].decode(errors="replace")
    made = mutants(text, family, count=_EVERY, seed=seed)
    narrow = [item for item in made if item.narrows][: (count + 1) // 2]
    others = [item for item in made if not item.narrows]
    for mutant in [*narrow, *others][:count]:
        files = {**reference.files, reference.main: mutant.source.encode()}
        source = Source(language, files, reference.main)
        yield Suspect(f"{reference.name}, {mutant.change}", source)


def _given(public: PublicProblem, paths: list[Path]) -> Iterator[Suspect]:
    """Read the programs that the user names, equal ones once."""
    for path in paths:
        if not path.name.endswith(_POOLS):
            yield _program(public, path)
            continue
        seen = set()
        for _, candidate in read_pool(path, public.problem_id):
            extraction = of_candidate(candidate, public)
            if extraction.source is None or extraction.language is None:
                continue
            key = program_id(extraction.language, extraction.source)
            if key not in seen:
                seen.add(key)
                source = submission(public, extraction.language, extraction.source)
                yield Suspect(f"{path.name}, {candidate.candidate_id}", source)


def _program(public: PublicProblem, path: Path) -> Suspect:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadInput(error.strerror or "cannot be read", file=path) from error
    language = language_of(path.name, content[:4096].decode(errors="replace"))
    if language is None:
        raise BadInput("not a program in a language that medalist runs", file=path)
    return Suspect(str(path), submission(public, language, content))


def _show(report: Audit, solutions: int) -> None:
    accepted = report.judged[Verdict.AC]
    valid = "valid by its validators" if report.validated else "that fit the statement's input"
    line = (
        f"{report.problem_id}: {report.judged.total()} programs, {accepted} accepted by the tests, "
        f"{len(report.weak)} of them wrong; {solutions} solutions agree on {report.inputs} inputs "
        f"{valid}"
    )
    data(f"{line}; {report.unjudged} programs not judged, out of time" if report.unjudged else line)
    for weakness in report.weak:
        data(
            f"  WEAK  {weakness.suspect.name}: accepted, but {weakness.verdict} on "
            f"{weakness.test.test_id}"
        )
    for test in report.tests:
        data(f"  {test.test_id}: {_text(test)[0]!r} -> {_text(test)[1]!r}")
    for dispute in report.disputes[:_DISPUTES]:
        data(f"  DISPUTE  the accepted solutions differ: {dispute}")


def _face(report: Audit, solutions: int, seconds: float) -> dict[str, Any]:
    return {
        "problem": report.problem_id,
        "solutions": solutions,
        "inputs": report.inputs,
        "validated": report.validated,
        "judged": {str(verdict): count for verdict, count in sorted(report.judged.items())},
        "unjudged": report.unjudged,
        "seconds": round(seconds, 1),
        "weak": [
            {
                "program": weakness.suspect.name,
                "verdict": weakness.verdict,
                "test": weakness.test.test_id,
            }
            for weakness in report.weak
        ],
        "tests": [
            {"id": test.test_id, "input": _text(test)[0], "answer": _text(test)[1]}
            for test in report.tests
        ],
        "disputes": list(report.disputes),
    }


def _text(test: TestCase) -> tuple[str, str]:
    answer = test.answer.read() if test.answer else b""
    return test.input.read().decode(errors="replace"), answer.decode(errors="replace")


def _write(tests: list[TestCase], folder: Path) -> None:
    """Write `<group>/audit-01.in` and `.ans`, as they are in a package's `data/`."""
    for test in tests:
        path = folder / test.test_id
        path.parent.mkdir(parents=True, exist_ok=True)
        for blob, ending in ((test.input, ".in"), (test.answer, ".ans")):
            target = path.with_name(path.name + ending)
            if target.exists():
                raise BadInput("exists already", file=target)
            target.write_bytes(blob.read() if blob else b"")
