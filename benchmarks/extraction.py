"""Extraction and merging on recorded answers: what is found, what is merged, and that it is safe.

    python benchmarks/extraction.py [--json] [--inputs 200]

Reads `tests/data/completions.jsonl` (real answers of the embedded model, each with what was found
right when it was read by a person) and `completions-nasty.jsonl` (made by hand). Programs that
are merged, by tokens or by build, are run side by side on inputs made from the problem's samples;
`changed` counts programs that behave differently from the one that they were merged into.

Last line with --json: completions, programs, truncated, without_program, right, nasty,
nasty_right, merged_by_tokens, merged_by_build, merge_rate, runs_compared, inputs, changed,
not_run (programs whose problem is not on this machine), ms_per_answer.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from medalist.agent.evidence.behaviour_table import BehaviourTable
from medalist.agent.evidence.input_mutations import sample_inputs
from medalist.agent.evidence.matrix import FillOptions, fill
from medalist.agent.extract.answer import extract
from medalist.agent.extract.builds import build_key, merge_builds, script_keys
from medalist.agent.propose import Extracted, Extraction, merge, program_id
from medalist.agent.types import Candidate, Program
from medalist.errors import MedalistError
from medalist.problems.assemble import submission
from medalist.problems.formats import load
from medalist.problems.model import Kind, PublicProblem
from medalist.sandbox.box import Executable
from medalist.sandbox.limits import MIB, RunLimits
from medalist.sandbox.pool import Pool, open_pool

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "tests" / "data"
Pair = tuple[Candidate, Extraction]


def rows(name: str) -> Iterator[dict[str, Any]]:
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def extracted(row: dict[str, Any], text: str) -> Extraction:
    public = PublicProblem(problem_id="p", statements={"en": "-"}, kind=Kind(row["kind"]))
    return extract(text, language=row["language"], public=public, finish=row["finish"])


def is_right(extraction: Extraction, expected: str, wanted: str | None) -> bool:
    if extraction.source is None or extraction.language is None:
        return extraction.found == expected and wanted is None
    return (
        extraction.found == expected
        and program_id(extraction.language, extraction.source) == wanted
    )


def nasty() -> tuple[int, int]:
    right = count = 0
    for row in rows("completions-nasty.jsonl"):
        wanted = None if row["source"] is None else program_id(row["got"], row["source"])
        extraction = extracted(row, row["text"])
        right += is_right(extraction, row["found"], wanted)
        count += 1
    return right, count


def real() -> tuple[dict[str, list[Pair]], dict[str, Any]]:
    """All pairs by problem, and the figures of extraction."""
    by_problem: dict[str, list[Pair]] = defaultdict(list)
    counts: dict[Extracted, int] = defaultdict(int)
    right = total = 0
    started = time.perf_counter()
    for row in rows("completions.jsonl"):
        extraction = extracted(row, row["completion"])
        candidate = Candidate(f"{row['problem']}/{total}", row["completion"])
        by_problem[row["problem"]].append((candidate, extraction))
        counts[extraction.found] += 1
        right += is_right(extraction, row["found"], row["program"])
        total += 1
    elapsed = time.perf_counter() - started
    return by_problem, {
        "completions": total,
        "programs": counts[Extracted.PROGRAM],
        "truncated": counts[Extracted.TRUNCATED],
        "without_program": total - counts[Extracted.PROGRAM] - counts[Extracted.TRUNCATED],
        "right": right,
        "ms_per_answer": round(1000 * elapsed / total, 2),
    }


def problem(name: str) -> PublicProblem | None:
    """The public half of a bundled or shared problem, None if it is not on this machine."""
    shared = Path(os.environ.get("MEDALIST_SHARED", ROOT.parent / "shared"))
    places = [ROOT / "problems" / "archive" / name, *shared.glob(f"archives/*/{name}")]
    for place in places:
        try:
            return load(place).public
        except MedalistError:
            continue
    return None


def alone(pairs: Iterable[Pair]) -> list[Program]:
    """Every distinct text as a separate program, so that merged ones can be run side by side."""
    texts: dict[tuple[str, str], Program] = {}
    for candidate, result in pairs:
        if result.source is not None and result.language is not None:
            key = (result.language, result.source)
            texts.setdefault(key, Program(f"t{len(texts)}", *key, (candidate.candidate_id,)))
    return list(texts.values())


def compiled(
    public: PublicProblem, programs: Sequence[Program], pool: Pool
) -> dict[str, Executable]:
    with ThreadPoolExecutor(pool.size) as workers:
        results = workers.map(
            lambda one: pool.compile(submission(public, one.language, one.source)), programs
        )
        pairs = zip(programs, results, strict=True)
        return {one.program_id: got.executable for one, got in pairs if got.executable is not None}


def check(
    name: str, pairs: Sequence[Pair], pool: Pool, inputs: int, figures: dict[str, int]
) -> None:
    """Merge the programs of one problem in both steps, and run what was merged."""
    public = problem(name)
    merged = merge(pairs)
    candidates = sum(len(program.candidates) for program in merged)
    figures["candidates"] += candidates
    figures["merged_by_tokens"] += candidates - len(merged)
    if public is None or public.kind is not Kind.BATCH:
        figures["not_run"] += len(merged)
        return
    texts = alone(pairs)
    built = compiled(public, texts, pool)
    first_of: dict[str, Program] = {}
    for text in texts:
        first_of.setdefault(program_id(text.language, text.source), text)
    firsts = list(first_of.values())
    runnable = [first for first in firsts if first.program_id in built]
    scripts = [item for item in runnable if item.language == "python"]
    keys = script_keys(scripts, "python3", "bytecode.py", pool)
    keys |= {
        program.program_id: build_key(built[program.program_id])
        for program in runnable
        if program.language != "python"
    }
    groups = merge_builds(
        [replace(first, candidates=(first.program_id,)) for first in firsts], keys
    )
    figures["merged_by_build"] += len(firsts) - len(groups)
    leader = {member: group.program_id for group in groups for member in group.candidates}
    pairs_to_run = [
        (text.program_id, leader[first_of[program_id(text.language, text.source)].program_id])
        for text in texts
    ]
    twins = [(one, other) for one, other in pairs_to_run if one != other]
    table = BehaviourTable("extraction", public.equality)
    table.add_inputs(sample_inputs(public, inputs, seed=1))
    wanted = {name for pair in twins for name in pair}
    limits = RunLimits(cpu_s=2.0, memory_bytes=public.limits.memory_mb * MIB)
    chosen = {name: executable for name, executable in built.items() if name in wanted}
    for _ in fill(table, chosen.items(), pool, FillOptions(limits, workers=pool.size)):
        pass
    figures["inputs"] = max(figures["inputs"], len(table.inputs))
    for one, other in twins:
        figures["runs_compared"] += len(table.inputs)
        same = (one in built) == (other in built) and (
            one not in built or table.behaviour(one).keys == table.behaviour(other).keys
        )
        figures["changed"] += not same


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="one object on the last line")
    parser.add_argument("--inputs", type=int, default=200, help="inputs a problem")
    parser.add_argument("--problems", nargs="*", help="merge the programs of these only")
    options = parser.parse_args()
    by_problem, outcome = real()
    outcome["nasty_right"], outcome["nasty"] = nasty()
    figures: dict[str, int] = defaultdict(int)
    pool = open_pool()
    try:
        for name, pairs in sorted(by_problem.items()):
            if options.problems and name not in options.problems:
                continue
            check(name, pairs, pool, options.inputs, figures)
    finally:
        pool.close()
    candidates = figures.pop("candidates")
    merged = figures["merged_by_tokens"] + figures["merged_by_build"]
    result = {**outcome, **figures, "merge_rate": round(merged / candidates, 4)}
    for key, value in result.items():
        print(f"{key:18} {value}")
    if options.json:
        print(json.dumps(result))


if __name__ == "__main__":
    main()
