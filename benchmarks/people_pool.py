"""People's programs as a pool: right and wrong C programs of Codeforces problems, from Codeflaws.

    python benchmarks/people_pool.py GIT_DIR [--box B] [--core N] [--programs N] [--out FILE]

GIT_DIR is the git directory of `codeflaws/codeflaws` (MIT), read at commit 7b4622922. Each of its
defects is a program that Codeforces rejected beside one of the same person that it accepted. Taken
are problems with an even contest number (the odd ones are kept for independent checking) and at
least `--programs` different programs. The first two short tests are the samples, as Codeforces
orders them; no statement is known, so inputs come from the samples alone. A program is right where
it passes every test that is there in full. Problems on which a fifth of the accepted programs fail
are left out: their answers are compared by a checker that is not there.

Written are outcome keys and verdicts, and in place of a source a text of its length; never a
source, a test or an answer.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import completion_pool
from labelled_pool import without_sources

from medalist.agent.choose.recorded_pool import Recorded, read_pool, write_pool
from medalist.agent.extract.identity import program_id
from medalist.agent.types import Program
from medalist.errors import BadInput, MedalistError
from medalist.problems.formats import load
from medalist.sandbox.pool import Pool, open_pool

COMMIT = "7b4622922"
FOLDER = "benchmark"
LANGUAGE = "c"
_INPUT = re.compile(r"(?P<kept>heldout-)?input-(pos|neg)(?P<number>[0-9]+)")
_SAMPLE_BYTES = 400
_SAMPLES = 2
_TESTS = 60
_WRONG_LABELS = 0.2


@dataclass
class Defects:
    """What is there of one problem.

    Attributes:
        rejected: Sources that Codeforces rejected.
        accepted: Sources that it accepted.
        tests: Answer by input, in the order of the data set, samples first.
    """

    rejected: set[str] = field(default_factory=set)
    accepted: set[str] = field(default_factory=set)
    tests: dict[str, str] = field(default_factory=dict)


def main() -> int:
    """Make the pool, problem by problem; what was made before is not made again."""
    parser = argparse.ArgumentParser(description="A pool of people's programs.")
    parser.add_argument("git_dir", type=Path)
    parser.add_argument("--box", choices=["auto", "docker", "local"], default="auto")
    parser.add_argument("--core", type=int, action="append", help="cores to use; all")
    parser.add_argument("--programs", type=int, default=12, help="fewest programs of a problem")
    parser.add_argument(
        "--but", type=Path, action="append", default=[], help="not the problems of this pool"
    )
    parser.add_argument("--out", type=Path, default=Path("codeflaws-even.pool.jsonl"))
    options = parser.parse_args()
    try:
        made = list(read_pool(options.out)) if options.out.is_file() else []
        done = {problem.problem_id.upper() for problem in made}
        done |= {row.problem_id.upper() for path in options.but for row in read_pool(path)}
        with open_pool(options.box, cores=options.core) as pool:
            for name, folders in problems(options.git_dir, options.programs):
                if name in done:
                    continue
                recorded = observed(name, defects(options.git_dir, folders), pool)
                if recorded is not None and len(recorded.view.programs) >= options.programs:
                    made.append(recorded)
                    write_pool(options.out, made)
        print(f"{len(made)} problems in {options.out}")
    except MedalistError as error:
        print(f"people_pool: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def problems(git_dir: Path, fewest: int) -> Iterator[tuple[str, list[str]]]:
    """Yield the problems that are taken, each with the folders of its defects."""
    by_problem: dict[str, list[str]] = defaultdict(list)
    for folder in git(git_dir, "ls-tree", "--name-only", f"{COMMIT}:{FOLDER}").decode().split():
        contest, letter, *rest = folder.split("-")
        if rest and contest.isdigit() and int(contest) % 2 == 0:
            by_problem[f"{contest}{letter}"].append(folder)
    for name, folders in sorted(by_problem.items()):
        if 2 * len(folders) >= fewest:
            yield name, folders


def defects(git_dir: Path, folders: list[str]) -> Defects:
    """Read programs and tests of one problem."""
    known = Defects()
    numbered: list[tuple[bool, int, str, str]] = []
    for folder in folders:
        files = read_folder(git_dir, f"{FOLDER}/{folder}")
        contest, letter, _, rejected, accepted = folder.split("-")[:5]
        known.rejected.add(files.get(f"{contest}-{letter}-{rejected}.c", ""))
        known.accepted.add(files.get(f"{contest}-{letter}-{accepted}.c", ""))
        for name, text in files.items():
            named = _INPUT.fullmatch(name)
            answer = files.get(name.replace("input-", "output-"))
            # Codeforces shows long tests cut, with dots at their end.
            if named and answer is not None and "..." not in text[-8:] + answer[-8:]:
                numbered.append((named["kept"] is None, int(named["number"]), text, answer))
    for *_, text, answer in sorted(numbered):
        known.tests.setdefault(text.rstrip() + "\n", answer)
    known.rejected -= {""}
    known.accepted -= {""}
    return known


def observed(name: str, known: Defects, pool: Pool) -> Recorded | None:
    """Run and judge the programs of one problem; None where it cannot be a pool."""
    tests = list(known.tests.items())[:_TESTS]
    short = [test for test in tests if len(test[0]) <= _SAMPLE_BYTES][:_SAMPLES]
    if len(tests) < 5 or len(short) < _SAMPLES:
        return None
    sources = sorted(known.rejected | known.accepted)
    programs = [
        Program(program_id(LANGUAGE, source), LANGUAGE, source, (f"p{number}",))
        for number, source in enumerate(sources)
    ]
    with tempfile.TemporaryDirectory() as folder:
        write_package(Path(folder) / name.lower(), name, short, tests)
        problem = load(Path(folder) / name.lower())
        recorded = completion_pool.observe(problem, programs, pool)
    accepted = [program.program_id for program in programs if program.source in known.accepted]
    labels = [
        recorded.truth[solution].solved for solution in accepted if solution in recorded.truth
    ]
    if not labels or labels.count(False) > _WRONG_LABELS * len(labels):
        print(f"{name} is left out: accepted programs fail its tests", file=sys.stderr)
        return None
    print(f"{name}: {len(recorded.view.programs)} programs, {len(tests)} tests", file=sys.stderr)
    return without_sources(recorded)


def write_package(
    folder: Path, name: str, samples: list[tuple[str, str]], tests: list[tuple[str, str]]
) -> None:
    """Write the problem as a package: its samples, its tests, and a statement without a story."""
    for part, rows in {"sample": samples, "secret": tests}.items():
        where = folder / "data" / part
        where.mkdir(parents=True)
        for number, (text, answer) in enumerate(rows, 1):
            (where / f"{number:03}.in").write_text(text, encoding="utf-8")
            (where / f"{number:03}.ans").write_text(answer, encoding="utf-8")
    (folder / "problem.yaml").write_text(
        f"name: {name}\nlimits:\n  time_limit: 2\n  memory: 256\n", encoding="utf-8"
    )
    statement = folder / "problem_statement"
    statement.mkdir()
    (statement / "problem.en.md").write_text("Its statement is not known.\n", encoding="utf-8")


def read_folder(git_dir: Path, folder: str) -> dict[str, str]:
    """Return the texts of one folder's files by their names."""
    rows = git(git_dir, "ls-tree", f"{COMMIT}:{folder}").decode().splitlines()
    named = [(row.split()[2], row.partition("\t")[2]) for row in rows if " blob " in row]
    asked = "".join(f"{digest}\n" for digest, _ in named).encode()
    answer = git(git_dir, "cat-file", "--batch", given=asked)
    texts, place = {}, 0
    for _, name in named:
        end = answer.index(b"\n", place)
        header = answer[place:end].split()
        if header[-1] == b"missing":  # a snapshot may lack its largest files
            place = end + 1
            continue
        size = int(header[2])
        texts[name] = answer[end + 1 : end + 1 + size].decode("utf-8", "replace")
        place = end + size + 2
    return texts


def git(git_dir: Path, *words: str, given: bytes = b"") -> bytes:
    """Return what a git command prints.

    Raises:
        BadInput: It fails.
    """
    command = ["git", f"--git-dir={git_dir}", *words]
    done = subprocess.run(command, input=given, capture_output=True, check=False)
    if done.returncode:
        words_of_git = done.stderr.decode("utf-8", "replace").strip()
        raise BadInput(words_of_git, file=git_dir, hint="fetch codeflaws/codeflaws")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
