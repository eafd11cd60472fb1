"""Do checkers that a model wrote say what the package's own checker says, and what does it bring?

    python benchmarks/checkers.py [--packages FOLDER ...] [--problems ID,ID] [--seeds N]
        [--mutants N] [--box auto] [--json]

For each problem there are four recorded answers to medalist's own prompt for checkers, in
`tests/data/player` or `benchmarks/data/checkers` (written by a strong model from the prompt alone:
statement and samples). `--packages` are folders of packages with special checkers, for the problems
that are not bundled; `benchmarks/data/README.md` says where they come from.

Programs are the package's labelled ones in Python and C++ and `--mutants` mutants of its right
ones. They are run on samples, on inputs that medalist makes from the statement (those that the
package's validators accept, if it has any), and on the package's smallest tests.

`agree` is the share of (program, input) pairs that were decided on which the panel says `right`
where the package's checker accepts, beside an answer of a right program. `kept` is how many of
the four have a vote, or why the panel abstains.

`without`, `checkers`, `privileged` and `bad` are how often the program that would be submitted
first is right, over `--seeds` draws of 8 candidates of which about a quarter is right and half of
the wrong ones are one and the same program: without checkers, with them, with the package's own,
and with three that accept everything beside one good one.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.choose.make_view import Observed, make_view
from medalist.agent.choose.policy import PolicyRules
from medalist.agent.evidence.behaviour_table import BehaviourTable
from medalist.agent.evidence.judged import OutputColumn, OutputsJudge
from medalist.agent.evidence.matrix import FillOptions, fill, run_limits
from medalist.agent.evidence.origin import SAMPLE, Origin
from medalist.agent.evidence.program_mutants import mutants
from medalist.agent.extract.identity import program_id
from medalist.agent.journal import Journal
from medalist.agent.propose.candidate_file import PoolModel
from medalist.agent.propose.checker_programs import CheckerAnswers
from medalist.agent.solve import ProblemRun, RunSettings, Tools
from medalist.agent.steps.building import compile_program
from medalist.agent.steps.checking import CHECKERS, CheckerPanel, CheckersRecord
from medalist.agent.submit.package_equality import lent_equality
from medalist.agent.types import OutcomeKey, Program, Submission
from medalist.errors import MedalistError
from medalist.problems.assemble import submission
from medalist.problems.formats import load, resolve
from medalist.problems.judging import judge
from medalist.problems.judging.checkers import CheckedOutput, checker_run, read_answer
from medalist.problems.judging.context import run_helper
from medalist.problems.judging.helper_limits import helper_limits
from medalist.problems.secret import Blob, Problem
from medalist.problems.test_from_input import Oracle
from medalist.problems.verdict import Verdict
from medalist.sandbox.box import Executable, Source
from medalist.sandbox.languages import LANGUAGES
from medalist.sandbox.pool import Pool, open_pool

ROOT = Path(__file__).resolve().parent.parent
ANSWERS = (ROOT / "tests/data/player", ROOT / "benchmarks/data/checkers")
ACCEPTS_ALL = "def check(input_text, output_text, reference_text):\n    return True, None\n"
COLUMNS = (
    "problem", "kept", "programs", "inputs", "pairs", "undecided", "agree", "without", "checkers",
    "privileged", "bad",
)  # fmt: skip
CANDIDATES, RIGHT, FAVOURITE = 8, 0.25, 0.5
TESTS, LARGEST = 20, 1 << 16  # tests of the package, and bytes of one


@dataclass(frozen=True)
class Bench:
    """A problem with programs that were run.

    Attributes:
        problem: The problem.
        programs: Distinct programs.
        right: Whether each passes all tests of the package.
        table: What they did.
        origins: Where each input comes from.
        answers: The judge's answer to each input.
    """

    problem: Problem
    programs: tuple[Program, ...]
    right: dict[str, bool]
    table: BehaviourTable
    origins: tuple[Origin, ...]
    answers: tuple[bytes, ...]


def recorded_checkers(name: str) -> list[str]:
    """Return the recorded checkers of a problem."""
    return [
        path.read_text()
        for folder in ANSWERS
        for path in sorted(folder.glob(f"{name}/checker-*.py"))
    ]


def labelled(problem: Problem, pool: Pool, count: int) -> dict[Program, bool]:
    """Return the package's programs and mutants of its right ones, and whether each is right."""
    assert problem.secret is not None
    programs: dict[str, Program] = {}
    right: dict[str, bool] = {}

    def add(language: str, source: str, label: str) -> str | None:
        name = program_id(language, source)
        if name not in programs:
            program = Program(name, language, source, (label,))
            if compile_program(problem.public, program, pool).executable is None:
                return None
            judged = judge(problem, submission(problem.public, language, source), pool)
            programs[name] = program
            right[name] = judged.verdict is Verdict.AC
        return name

    for solution in problem.secret.submissions:
        family = LANGUAGES[solution.language].family if solution.language in LANGUAGES else ""
        if family in ("python", "cpp") and len(solution.files) == 1:
            add(family, solution.files[solution.main].decode("utf-8", "replace"), solution.name)
    accepted = [program for program in programs.values() if right[program.program_id]]
    accepted.sort(key=lambda one: (one.language != "python", len(one.source)))
    for number, parent in enumerate(accepted[:3]):
        for mutant in mutants(parent.source, parent.language, count=count // 3, seed=number):
            add(parent.language, mutant.source, f"mutant of {parent.candidates[0]}")
    return {program: right[program.program_id] for program in programs.values()}


def inputs_of(problem: Problem, pool: Pool, run: ProblemRun) -> list[tuple[bytes, bytes, Origin]]:
    """Return inputs with answers that the package's checker accepts, and where they come from."""
    public, secret = problem.public, problem.secret
    assert secret is not None
    by_name = {
        sample.input.encode(): (sample.output.encode(), SAMPLE)
        for sample in public.samples
        if sample.output is not None
    }
    made = [generated.content for generated in run.inputs.made(40)]
    grammar = run.inputs.grammar
    try:
        oracle = Oracle(problem, pool, lambda content: bool(grammar and grammar.allowed(content)))
        for test in oracle.tests(made):
            assert test.answer is not None
            by_name.setdefault(test.input.read(), (test.answer.read(), Origin("grammar", 0.9)))
    except MedalistError as error:
        print(f"{public.problem_id}: no generated inputs: {error}", file=sys.stderr)
    tests = [test for test in secret.all_tests() if test.answer is not None]
    tests.sort(key=lambda test: len(test.input.read()))
    for test in tests[:TESTS]:
        if len(test.input.read()) <= LARGEST and test.answer is not None:
            by_name.setdefault(test.input.read(), (test.answer.read(), Origin("grammar", 0.9)))
    return [(content, answer, origin) for content, (answer, origin) in by_name.items()]


def prepared(problem: Problem, pool: Pool, run: ProblemRun, count: int) -> Bench:
    """Run the programs."""
    right = labelled(problem, pool, count)
    inputs = inputs_of(problem, pool, run)
    table = BehaviourTable("bench", problem.public.equality)
    table.add_inputs(content for content, _, _ in inputs)
    built = {item: compile_program(problem.public, item, pool).executable for item in right}
    ready = [(one.program_id, ran) for one, ran in built.items() if ran is not None]
    how = FillOptions(run_limits(problem.public), workers=pool.size)
    for _ in fill(table, ready, pool, how):
        pass
    return Bench(
        problem,
        tuple(right),
        {one.program_id: value for one, value in right.items()},
        table,
        tuple(origin for _, _, origin in inputs),
        tuple(answer for _, answer, _ in inputs),
    )


def own_verdicts(
    bench: Bench, columns: Sequence[OutputColumn], pool: Pool
) -> dict[tuple[int, OutcomeKey], bool]:
    """Return what the package's checker says of each output, beside a right answer."""
    secret = bench.problem.secret
    assert secret is not None
    like = secret.all_tests()[-1]
    checker = like.checker or secret.checker
    assert checker is not None
    source = Source(checker.language, checker.files, checker.main, checker.compile_flags)
    built = pool.compile(source).executable
    assert isinstance(built, Executable)
    places = [
        (index, key, output)
        for index, column in enumerate(columns)
        for key, output in column.outputs.items()
        if output is not None
    ]
    tests = [
        replace(
            like,
            input=Blob.of(columns[index].input),
            answer=Blob.of(bench.answers[index]),
            files={},
        )
        for index, _, _ in places
    ]
    runs = (
        checker_run(checker, CheckedOutput(test, columns[index].input, output))
        for test, (index, _, output) in zip(tests, places, strict=True)
    )
    limits = helper_limits(secret.validation_s)
    with pool.box(secret=True) as box, closing(run_helper(box, built, runs, limits)) as outcomes:
        return {
            (index, key): read_answer(checker, outcome, test).verdict is Verdict.AC
            for outcome, test, (index, key, _) in zip(outcomes, tests, places, strict=True)
        }


@dataclass
class Watched:
    """A judge of outputs that keeps what it was asked about."""

    judge: OutputsJudge
    columns: Sequence[OutputColumn] = ()

    def judged(self, columns: Sequence[OutputColumn]) -> Any:
        """Judge, and keep the outputs."""
        self.columns = columns
        return self.judge.judged(columns)


def agreement(bench: Bench, run: ProblemRun, panel: CheckerPanel, pool: Pool) -> dict[str, Any]:
    """Compare the panel with the package's checker on all pairs of program and input."""
    watched = Watched(panel)
    make_view(Observed(run.inputs, bench.table, bench.origins), bench.programs, judge=watched)
    said = panel.judged(watched.columns)
    record = run.tools.journal.get(CHECKERS, run.problem_id)
    assert isinstance(record, CheckersRecord)
    own = own_verdicts(bench, watched.columns, pool)
    pairs = agreed = undecided = rejected = 0
    for name in (program.program_id for program in bench.programs):
        for index, key in enumerate(bench.table.behaviour(name).keys):
            if (index, key) not in own or key is None or not said.decides:
                continue
            if key not in said.results[index]:
                undecided += len(watched.columns[index].outputs) > 1
                continue
            pairs += 1
            agreed += (said.results[index][key] == "right") == own[index, key]
            rejected += not own[index, key]
    return {
        "kept": record.kept,
        "abstained": record.abstained,
        "weights": [checker.weight for checker in record.checkers],
        "pairs": pairs,
        "agreed": agreed,
        "wrong": rejected,
        "undecided": undecided,
        "contested": record.contested,
        "outputs": record.outputs,
    }


def chosen(bench: Bench, run: ProblemRun, judge: OutputsJudge | None, seed: int) -> bool:
    """Draw candidates, choose one, and return whether it is right."""
    rng = random.Random(f"{bench.problem.public.problem_id}/{seed}")
    good = [program for program in bench.programs if bench.right[program.program_id]]
    bad = [program for program in bench.programs if not bench.right[program.program_id]]
    favourite = rng.choice(bad)
    drawn: dict[str, list[str]] = {}
    kinds = ["right"] + [
        "right" if rng.random() < RIGHT else "wrong" for _ in range(CANDIDATES - 1)
    ]
    for number, kind in enumerate(kinds):
        liked = favourite if rng.random() < FAVOURITE else rng.choice(bad)
        one = rng.choice(good) if kind == "right" else liked
        drawn.setdefault(one.program_id, []).append(f"c{number}")
    programs = [
        replace(program, candidates=tuple(drawn[program.program_id]))
        for program in bench.programs
        if program.program_id in drawn
    ]
    rng.shuffle(programs)
    seen = Observed(run.inputs, bench.table, bench.origins)
    view = make_view(seen, programs, seed=seed, judge=judge)
    decision = ExpectedGain().decide(view, (), PolicyRules(submissions=1, least=0.0))
    return isinstance(decision, Submission) and bench.right[decision.program_id]


def measured(path: Path, pool: Pool, options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Measure one problem."""
    problem = load(path)
    sources = recorded_checkers(problem.public.problem_id)
    judges: dict[str, OutputsJudge | None] = {"without": None}
    row: dict[str, Any] = {"problem": problem.public.problem_id, "asked": len(sources)}
    with Journal.open(folder / "good") as journal, Journal.open(folder / "bad") as other:
        run = run_of(problem, pool, journal)
        bench = prepared(problem, pool, run, options.mutants)
        row |= {
            "programs": len(bench.programs),
            "right": sum(bench.right.values()),
            "inputs": len(bench.origins),
        }
        panel = CheckerPanel(run, CheckerAnswers(tuple(sources), len(sources)))
        row |= agreement(bench, run, panel, pool)
        judges["checkers"] = panel
        judges["privileged"] = lent_equality(problem, pool, True)
        lax = tuple(f"# {number}\n{ACCEPTS_ALL}" for number in range(3))
        judges["bad"] = CheckerPanel(
            run_of(problem, pool, other), CheckerAnswers((*lax, sources[0]), 4)
        )
        if 0 < row["right"] < row["programs"]:
            for name, one in judges.items():
                wins = [chosen(bench, run, one, seed) for seed in range(options.seeds)]
                row[name] = sum(wins) / len(wins)
    return row


def run_of(problem: Problem, pool: Pool, journal: Journal) -> ProblemRun:
    """Return a run that asks nobody."""
    tools = Tools(PoolModel("recorded"), pool, journal, ExpectedGain())
    return ProblemRun.of(problem.public, tools, RunSettings(candidates=CANDIDATES))


def shown(row: dict[str, Any]) -> str:
    """Return a row of the table."""
    kept = row["abstained"] and f"abstains: {row['abstained']}"
    share = f"{row['agreed'] / row['pairs']:.3f}" if row["pairs"] else "-"
    gains = [
        f"{row[name]:.2f}" if name in row else "-"
        for name in ("without", "checkers", "privileged", "bad")
    ]
    cells = [
        row["problem"],
        kept or f"{row['kept']} of {row['asked']}",
        f"{row['programs']} ({row['right']} right)",
        row["inputs"],
        f"{row['pairs']} ({row['wrong']} wrong)",
        row["undecided"],
        share,
        *gains,
    ]
    return f"| {' | '.join(map(str, cells))} |"


def main() -> int:
    """Run and print; 1 where the panel neither abstains nor agrees on 95 of 100 pairs."""
    parser = argparse.ArgumentParser(description="Checkers that a model wrote, and the package's.")
    parser.add_argument("--packages", type=Path, nargs="*", default=[])
    parser.add_argument("--problems", default="pairup,strangers")
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--mutants", type=int, default=18)
    parser.add_argument("--box", default="auto")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    paths = [*(resolve(name) for name in options.problems.split(",") if name), *options.packages]
    rows = []
    print(f"| {' | '.join(COLUMNS)} |\n{'|---' * len(COLUMNS)}|")
    with open_pool(options.box) as pool:
        for path in paths:
            with tempfile.TemporaryDirectory() as folder:
                rows.append(measured(path, pool, options, Path(folder)))
            print(shown(rows[-1]), flush=True)
    if options.json:
        print(json.dumps(rows))
    return int(any(row["pairs"] and row["agreed"] < 0.95 * row["pairs"] for row in rows))


if __name__ == "__main__":
    sys.exit(main())
