"""Are the inputs that medalist makes inputs that can occur, and do they show wrong programs?

    python benchmarks/inputs.py [--repos DIR] [--shared DIR] [--packages OWNER/NAME:PATH ...]
        [--ids ID ...] [--inputs 40] [--large 4] [--seed 0] [--no-submissions] [--box local]
        [--json FILE]

Problems are the bundled ones and, with `--repos`, those of the manifest of `--shared`: their
packages are taken from git directories `DIR/<owner>+<name>/repo` at the manifest's commit, with
their validators and labelled submissions. `--packages` takes others instead, at the commit that the
manifest has for their repository. Interactive, multi-pass and output-only problems are left out.

Inputs are made from the public half alone. The package's validators (with the flags of any of its
test groups), labelled submissions and tests only measure:

- `valid`: how many inputs every validator that can be run accepts (a dash: there is none).
- `bounds`: whether every bound was read, else the values whose bounds were guessed.
- `value`: the largest number in the inputs, against the largest in the package's tests.
- `kB`: the longest input, against the package's longest.
- `wrong`: labelled wrong submissions (not those labelled only as too slow) that differ from the
  first accepted one on some valid input, of how many.
- `split`: accepted submissions that differ from the first on some input, of how many others. A run
  that ends by its time limit is not a difference here, but one of a wrong submission is.
- `s`: seconds to make the inputs.
"""

from __future__ import annotations

import argparse
import json
import posixpath
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from medalist.agent.evidence.behaviour_table import BehaviourTable
from medalist.agent.evidence.canonical import same
from medalist.agent.evidence.distinguishing import is_timeout
from medalist.agent.evidence.grammar import read_grammar
from medalist.agent.evidence.inputs import InputSuite, contents
from medalist.agent.evidence.matrix import FillOptions, fill, run_limits
from medalist.errors import MedalistError
from medalist.problems.data_faults import accepts, validator_run
from medalist.problems.formats import load
from medalist.problems.judging.calibrate import references
from medalist.problems.judging.context import whole_source
from medalist.problems.judging.helper_limits import helper_limits
from medalist.problems.model import Kind
from medalist.problems.secret import Group, LabelledSubmission, Problem
from medalist.problems.test_from_input import source_of
from medalist.problems.verdict import Verdict
from medalist.sandbox.box import Executable, Source
from medalist.sandbox.pool import Pool, open_pool

_BUNDLED = Path(__file__).parent.parent / "problems/archive"
_CPU_S = 4.0  # of a submission on an input, at most; a busy machine is slow


@dataclass
class Row:
    """What was measured of one problem; see the module's text."""

    problem: str
    made: int = 0
    valid: int | None = None
    rejected: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    guessed: list[str] | None = None
    value: int = 0
    package_value: int = 0
    size: int = 0
    package_size: int = 0
    wrong: int = 0
    separated: int = 0
    missed: list[str] = field(default_factory=list)
    accepted: int = 0
    split: list[str] = field(default_factory=list)
    seconds: float = 0.0
    note: str = ""


def packages(options: argparse.Namespace, folder: Path) -> Iterator[Path]:
    """Yield the folders of packages; those of repositories are written into `folder`."""
    if not options.packages:
        yield from sorted(path.parent for path in _BUNDLED.glob("*/problem.yaml"))
    if options.repos is None:
        return
    manifest = json.loads((options.shared / "archives/manifest.json").read_text())
    commits = {row["source"].removeprefix("github.com/"): row["commit"] for row in manifest}
    wanted = options.packages or [
        f"{row['source'].removeprefix('github.com/')}:{row['path']}" for row in manifest
    ]
    for text in wanted:
        repository, path = text.split(":")
        git = options.repos / repository.replace("/", "+") / "repo"
        missing = extract(git, commits[repository], path, folder / git.parent.name)
        if missing:
            print(f"{text}: {missing} files are not in {git}", file=sys.stderr, flush=True)
        yield folder / git.parent.name / path


def extract(git: Path, commit: str, path: str, into: Path) -> int:
    """Write a folder of a commit; return how many files a partial copy of a repository lacks.

    Of a test that is missing its input or its answer neither is written.
    """
    listing = _git(git, "ls-tree", "-rz", commit, f"{path}/").decode().split("\0")
    files = {name: head.split() for head, name in (line.split("\t") for line in listing if line)}
    result: dict[str, bytes] = {}
    wanted = "".join(f"{blob}\n" for _, _, blob in files.values()).encode()
    stream = _git(git, "cat-file", "--batch", given=wanted)
    place = 0
    for name in files:
        head = stream.index(b"\n", place)
        words = stream[place:head].split()
        place = head + 1
        if len(words) == 3:  # else it is missing
            result[name] = stream[place : place + int(words[2])]
            place += int(words[2]) + 1
    lacking = {name.rsplit(".", 1)[0] for name in files if name not in result and "/data/" in name}
    # A link to what is lacking is lacking, too.
    for name, content in result.items():
        to = posixpath.normpath(
            posixpath.join(posixpath.dirname(name), content[:999].decode("latin"))
        )
        if files[name][0] == "120000" and (to not in result or to.rsplit(".", 1)[0] in lacking):
            lacking.add(name.rsplit(".", 1)[0])
    for name, content in result.items():
        if name.rsplit(".", 1)[0] in lacking:
            continue
        target = into / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if files[name][0] == "120000":
            target.symlink_to(content.decode())
        else:
            target.write_bytes(content)
    return len(files) - len(result)


def _git(git: Path, *args: str, given: bytes = b"") -> bytes:
    command = ["git", "--git-dir", str(git), *args]
    return subprocess.run(command, input=given, check=True, capture_output=True).stdout


def flags(groups: Sequence[Group]) -> list[tuple[str, ...]]:
    """The flags with which validators are called in some group."""
    result = (test.input_flags for group in groups for test in group.all_tests())
    return list(dict.fromkeys(result)) or [()]


def validate(problem: Problem, inputs: Sequence[bytes], pool: Pool, row: Row) -> list[bytes]:
    """Return the inputs that all validators accept that can be run."""
    assert problem.secret is not None
    row.unread = [Path(path).name for path in problem.secret.unread_validators]
    built = []
    for helper in problem.secret.validators:
        result = pool.compile(Source(helper.language, helper.files, helper.main))
        if result.executable is None:
            row.unread.append(helper.main)
        else:
            built.append((helper, result.executable))
    if not built:
        return list(inputs)
    valid: dict[bytes, None] = {}
    limits = helper_limits(problem.secret.validation_s)
    for given in flags(problem.secret.groups):
        left = [content for content in inputs if content not in valid]
        for helper, executable in built:
            with pool.box(secret=True) as box:
                runs = (validator_run(helper, content, given) for content in left)
                outcomes = list(box.run_many(executable, runs, limits))
            left = [c for c, o in zip(left, outcomes, strict=True) if accepts(helper, o)]
        valid.update(dict.fromkeys(left))
    row.valid = len(valid)
    row.rejected = [c[:200].decode(errors="replace") for c in inputs if c not in valid]
    return [content for content in inputs if content in valid]


def compare(
    problem: Problem, inputs: Sequence[bytes], valid: Sequence[bytes], pool: Pool, row: Row
) -> None:
    """Run the labelled submissions and compare them with the first accepted one."""
    public = problem.public
    if public.special_checker:
        row.note = "several answers are right: submissions are not compared"
        return
    accepted = references(problem)
    assert problem.secret is not None
    wrong = [
        submission
        for submission in problem.secret.submissions
        if submission.language is not None
        and submission.permitted
        and Verdict.AC not in submission.permitted
        and submission.label != "time_limit_exceeded"
    ]
    first = next((solution for solution in accepted if _built(problem, solution, pool)), None)
    if first is None:
        row.note = "no accepted submission could be run"
        return
    limits = run_limits(public, min(_CPU_S, max(1.0, public.limits.time_s)))
    for labelled, texts in ((accepted, inputs), (wrong, valid)):
        table = BehaviourTable("inputs", public.equality)
        table.add_inputs(texts)
        run = _built(problem, first, pool)
        assert run is not None
        (right,) = fill(table, [("", run)], pool, FillOptions(limits))
        # A wrong one has shown it where it first differs; a tolerance takes a closer look.
        like = right if labelled is wrong and public.equality.is_equivalence else None
        built = {
            f"{item.label}/{item.name}": program
            for item in labelled
            if item is not first and (program := _built(problem, item, pool)) is not None
        }
        differ = [
            result.program_id
            for result in fill(
                table, built.items(), pool, FillOptions(limits, workers=pool.size, like=like)
            )
            if _differ(table, right.keys, result.keys, slow=labelled is wrong)
        ]
        if labelled is wrong:
            row.wrong, row.separated = len(built), len(differ)
            row.missed = [f"missed: {name}" for name in built if name not in differ]
        else:
            row.accepted, row.split = len(built), [f"split: {name}" for name in differ]


def _built(problem: Problem, one: LabelledSubmission, pool: Pool) -> Executable | None:
    return pool.compile(whole_source(problem, source_of(one))).executable


def _differ(
    table: BehaviourTable, first: Sequence[str | None], second: Sequence[str | None], *, slow: bool
) -> bool:
    """Whether two rows differ; of the second, running out of time counts only if `slow`."""
    return any(
        one is not None
        and other is not None
        and not is_timeout(one)
        and (slow or not is_timeout(other))
        and not table_same(table, one, other)
        for one, other in zip(first, second, strict=False)
    )


def table_same(table: BehaviourTable, first: str | None, second: str | None) -> bool:
    """Whether two outcomes are one, with the tolerance that the problem declares."""
    if first == second:
        return True
    outputs = [table.output(key) for key in (first, second) if key is not None]
    if len(outputs) < 2 or outputs[0] is None or outputs[1] is None:
        return False
    return same(outputs[0], outputs[1], table.equality)


def largest(contents: Iterator[bytes]) -> tuple[int, int]:
    """Return the largest absolute number and the length in bytes of the longest content."""
    value = size = 0
    for content in contents:
        size = max(size, len(content))
        numbers = re.findall(rb"(?<![\w.])-?\d{1,19}(?![\w.])", content)
        value = max(value, max((abs(int(token)) for token in numbers), default=0))
    return value, size


def measure(folder: Path, pool: Pool, options: argparse.Namespace) -> Row | None:
    """Measure one problem; None if it is of a kind that has no inputs of ours."""
    problem = load(folder)
    public = problem.public
    if public.kind not in (Kind.BATCH, Kind.FUNCTION) or problem.secret is None:
        return None
    row = Row(public.problem_id)
    started = time.perf_counter()
    suite = InputSuite(public, options.seed)
    made = contents(suite.made(options.inputs))
    made += [content for content in contents(suite.large(options.large)) if content not in made]
    row.seconds = round(time.perf_counter() - started, 2)
    row.made = len(made)
    grammar = read_grammar(public)
    row.guessed = None if grammar is None else sorted(getattr(grammar, "guessed", ()))
    row.value, row.size = largest(iter(made))
    row.package_value, row.package_size = largest(
        test.input.read() for test in problem.secret.all_tests()
    )
    try:
        valid = validate(problem, made, pool, row)
        if made and not options.no_submissions:
            compare(problem, made, valid, pool, row)
    except MedalistError as error:
        row.note = str(error)
    return row


def show(row: Row) -> str:
    """One line of the table."""
    valid = f"{row.valid}/{row.made}" if row.valid is not None else f"-/{row.made}"
    bounds = "no format" if row.guessed is None else " ".join(row.guessed) or "all"
    return (
        f"| {row.problem} | {valid} | {bounds} | {row.value:.3g} / {row.package_value:.3g} "
        f"| {row.size / 1000:.1f} / {row.package_size / 1000:.1f} "
        f"| {row.separated}/{row.wrong} | {len(row.split)}/{row.accepted} | {row.seconds:.1f} |"
    )


def summary(rows: Sequence[Row]) -> dict[str, object]:
    """The figures over all problems."""
    asked = [row for row in rows if row.valid is not None and row.made]
    valid, made = sum(row.valid or 0 for row in asked), sum(row.made for row in asked)
    return {
        "problems": len(rows),
        "validated": len(asked),
        "valid": [valid, made, round(valid / max(1, made), 3)],
        "below_0.8": [row.problem for row in asked if (row.valid or 0) < 0.8 * row.made],
        "bounds_read": sum(row.guessed == [] for row in rows),
        "no_inputs": [row.problem for row in rows if not row.made],
        "wrong_separated": [sum(row.separated for row in rows), sum(row.wrong for row in rows)],
        "accepted_split": [sum(len(row.split) for row in rows), sum(row.accepted for row in rows)],
        "seconds": round(sum(row.seconds for row in rows), 1),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repos", type=Path)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--packages", nargs="*", default=[])
    parser.add_argument("--ids", nargs="*")
    parser.add_argument("--inputs", type=int, default=40)
    parser.add_argument("--large", type=int, default=4)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--no-submissions", action="store_true")
    parser.add_argument("--box", default="local")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows = []
    print("| problem | valid | bounds | value | kB | wrong | split | s |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, open_pool(options.box) as pool:
        for package in packages(options, Path(folder)):
            if options.ids and package.name not in options.ids:
                continue
            try:
                row = measure(package, pool, options)
            except MedalistError as error:
                print(f"{package.name}: {error}", file=sys.stderr, flush=True)
                continue
            if row is not None:
                rows.append(row)
                print(show(row), flush=True)
                notes = [row.note, *row.unread, *row.missed, *row.split]
                if any(notes):
                    print(f"{row.problem}:", *filter(None, notes), file=sys.stderr, flush=True)
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=1))
    print(json.dumps(summary(rows)))


if __name__ == "__main__":
    main()
