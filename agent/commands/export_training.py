"""`medalist export --as sft|dpo|kto|rl`: labelled answers of runs as trainers open them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

import typer

from medalist.agent.commands.console import say
from medalist.agent.export.contamination import SHARE, HeldOutArchives
from medalist.agent.export.step_rows import step_rows
from medalist.agent.export.training_answers import (
    TrainingAnswer,
    labelled_answers,
    without_near_copies,
)
from medalist.agent.export.training_files import TrainingSet, write_training
from medalist.agent.export.training_rows import (
    NeutralRow,
    PairKind,
    agreed_rows,
    kto_rows,
    rl_rows,
    self_pairs,
    sft_rows,
    tree_pairs,
    verdict_pairs,
)
from medalist.agent.export.training_targets import STEP_A_ROW, Form, Target, Thinking
from medalist.agent.journal import Journal
from medalist.agent.journal.plans import BATCH, BATCH_PLAN
from medalist.agent.propose.self_scores import scores_of
from medalist.agent.propose.step_records import STEPS_PLAN, THE_STEPS
from medalist.agent.submit.contest_judge import ContestJudge
from medalist.agent.submit.package_judge import package_feedback
from medalist.agent.types import Program
from medalist.errors import BadInput
from medalist.problems.formats import load, load_archive, resolve
from medalist.problems.secret import Problem
from medalist.sandbox.pool import open_pool

OVERLAP: Any = typer.Option(
    min=0.01,
    max=1.0,
    help="The share of a held-out statement's runs of 13 words from which a row is refused; 1 for "
    "families of problems whose statements are alike.",
)


@dataclass(frozen=True)
class TrainingOptions:
    """What was asked for; see `medalist export --help`."""

    form: Form
    target: Target = "trl"
    thinking: Thinking = "drop"
    threshold: float = 1.0
    per_problem: int | None = None
    pairs: PairKind = "verdict"
    difference: float = 0.3
    mix: float = 0.5
    reflect: bool = False
    validation: float = 0.1
    problems: Sequence[str] = field(default_factory=tuple)
    held_out: Sequence[str] = field(default_factory=tuple)
    overlap: float = SHARE
    verify: int | None = None
    by: Literal["verdict", "agreement"] = "verdict"


def export_training(
    runs: Sequence[Path], to: Path, options: TrainingOptions, *, quiet: bool = False
) -> dict[str, Any]:
    """Write training data and return the manifest, with what was judged again as `verified`.

    Raises:
        BadInput: The runs hold nothing to train on, or the target has no such form.
    """
    left_out: Counter[str] = Counter()
    read = _labelled_steps if options.form == "steps" else _labelled_answers
    rows, answers, known = read(runs, options, left_out)
    if not rows and not quiet:
        if answers:
            right = sum(answer.share >= options.threshold for answer in answers)
            raise BadInput(
                f"no rows of the form {options.form}: {len(answers)} labelled answers, {right} of "
                f"them with {options.threshold:g} of the points",
                file=runs[0],
                hint="a lower --threshold, or more answers",
            )
        why = ", ".join(f"{reason}: {count}" for reason, count in sorted(left_out.items()))
        hint = "`medalist regret RUN --problem PACKAGE` judges what was not submitted"
        if options.form == "steps":
            hint = "`medalist steps RUN --out FOLDER` labels steps; export FOLDER"
        raise BadInput(f"nothing with a label ({why or 'no answers'})", file=runs[0], hint=hint)
    what = TrainingSet(
        form=options.form,
        target=options.target,
        thinking=options.thinking,
        validation=options.validation,
        held_out=HeldOutArchives(
            {name: one.public for name, one in archive_problems(options.held_out).items()},
            options.overlap,
        ),
        publics={name: one.public for name, one in known.items()},
        options={**asdict(options), "runs": [run.name for run in runs]},
    )
    manifest = write_training(rows, what, to, left_out)
    if options.verify is not None:
        manifest["verified"] = _verified(answers, known, options.verify)
    if not quiet:
        _tell(manifest, to)
    return manifest


_Read: TypeAlias = tuple[list[NeutralRow], list[TrainingAnswer], dict[str, Problem]]
"""Rows, the answers that they were made of, and the problems."""


def _labelled_answers(
    runs: Sequence[Path], options: TrainingOptions, left_out: Counter[str]
) -> _Read:
    known = archive_problems(options.problems)
    answers: list[TrainingAnswer] = []
    criticism: dict[str, float] = {}
    for run in runs:
        with Journal.open(run, readonly=True) as journal:
            known = planned_problems(journal) | known
            publics = {name: one.public for name, one in known.items()}
            labelled = labelled_answers(journal, run.name, publics, scores_of(run))
        answers += labelled.answers
        left_out += labelled.left_out
        criticism |= labelled.criticism
    if options.form != "rl":
        answers = without_near_copies(answers, left_out)
    return list(_rows(answers, criticism, options)), answers, known


def _labelled_steps(
    folders: Sequence[Path], options: TrainingOptions, left_out: Counter[str]
) -> _Read:
    if options.verify is not None:
        raise BadInput("steps hold no programs to judge", field="--verify")
    known = archive_problems(options.problems)
    rows: list[NeutralRow] = []
    for folder in folders:
        with Journal.open(folder, readonly=True) as journal:
            step_a_row = options.target in STEP_A_ROW
            rows += step_rows(journal, left_out, step_a_row=step_a_row)
            plan = journal.get(STEPS_PLAN, THE_STEPS)
        for run in map(Path, plan.runs if plan is not None else ()):
            if run.is_dir():
                with Journal.open(run, readonly=True) as journal:
                    known = planned_problems(journal) | known
    return rows, [], known


def _tell(manifest: dict[str, Any], to: Path) -> None:
    sides = ", ".join(f"{count} {side}" for side, count in manifest["rows"].items())
    say(f"{sides} rows of {manifest['form']} for {manifest['for']} are in {to}")
    for reason, count in manifest["left_out"].items():
        say(f"left out: {count} ({reason})", style="yellow")
    if "verified" in manifest:
        told = manifest["verified"]
        say(f"judged again: {told['judged']}, {len(told['differ'])} of them with another verdict")
        for line in told["differ"]:
            say(f"  {line}", style="red")


def _rows(
    answers: Sequence[TrainingAnswer], criticism: Mapping[str, float], options: TrainingOptions
) -> Iterator[NeutralRow]:
    if options.form == "rl":
        return rl_rows(answers)
    if options.form == "kto":
        return kto_rows(answers, options.threshold)
    if options.form == "sft" and options.by == "agreement":
        return agreed_rows(answers, options.per_problem)
    if options.form == "sft":
        return sft_rows(answers, options.threshold, options.per_problem, reflect=options.reflect)
    if options.pairs == "tree":
        return tree_pairs(answers, criticism, mix=options.mix, difference=options.difference)
    if options.pairs == "self":
        return self_pairs(answers)
    return verdict_pairs(answers, options.threshold, options.per_problem)


def archive_problems(archives: Sequence[str]) -> dict[str, Problem]:
    """Return problems of archives, by their ids there and by their own."""
    problems: dict[str, Problem] = {}
    for archive in archives:
        path = resolve(archive)
        entries = list(load_archive(path)) if path.is_dir() or path.is_file() else []
        loaded = [(entry.problem_id, entry.load()) for entry in entries]
        if not entries:
            problem = load(path)
            loaded = [(problem.public.problem_id, problem)]
        for name, problem in loaded:
            problems[name] = problems[problem.public.problem_id] = problem
    return problems


def planned_problems(journal: Journal) -> dict[str, Problem]:
    """Return the problems of a batch whose packages are still at their paths."""
    plan = journal.get(BATCH_PLAN, BATCH)
    problems: dict[str, Problem] = {}
    for problem_ in plan.problems if plan is not None else ():
        try:
            problem = load(problem_.path)
        except BadInput:
            continue
        problems[problem_.id] = problems[problem.public.problem_id] = problem
    return problems


def _verified(
    answers: Sequence[TrainingAnswer], problems: Mapping[str, Problem], most: int
) -> dict[str, object]:
    """Judge randomly drawn rows again, and return those with another verdict."""
    able = [answer for answer in answers if answer.problem_id in problems]
    drawn = random.Random(0).sample(able, min(most, len(able)))
    differ = []
    with ExitStack() as stack:
        pool = stack.enter_context(open_pool()) if drawn else None
        for shown in drawn:
            assert pool is not None
            problem = problems[shown.problem_id]
            judge = ContestJudge(problem, package_feedback(problem.public), pool)
            program = Program(shown.program_id, shown.language, shown.source, (shown.candidate_id,))
            verdict = str(judge.submit(program).verdict)
            if verdict != shown.verdict:
                differ.append(
                    f"{shown.problem_id} {shown.candidate_id}: {shown.verdict}, now {verdict}"
                )
    return {"judged": len(drawn), "no_package": len(answers) - len(able), "differ": differ}
