"""pass@k of prompts on recorded answers, judged on the problems' own tests, at equal tokens.

    python benchmarks/prompts.py FILE... [--cache FILE] [--k 1,2,4,8] [--leave-out ID,...]
        [--least N] [--box B] [--json]

A file holds one answer a line: `problem, prompt, language, completion, finish` and, where known,
`model` and `usage`. Problems are looked for among the bundled ones and in the shared archives;
answers to others are counted as `not_judged`. `--leave-out` names problems whose statements have
changed since. An answer that is in two files counts once. Every distinct program is judged
once; `--cache` keeps the verdicts for the next time.

A way to ask is a model, a prompt and a language. For each: the mean over problems of the unbiased
estimate of pass@k, and of pass at the tokens that k answers of the cheapest way take on average.
Ways are compared in pairs on the problems that both have, with the 80 % interval of the difference
over problems (bootstrap, 2,000 draws). With `--json` the last line is one object: `ways`,
`pairs`, `answers`, `not_judged`.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import statistics
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

from medalist.agent.extract.answer import extract
from medalist.agent.propose import program_id
from medalist.errors import BadInput, MedalistError
from medalist.problems.assemble import submission
from medalist.problems.formats import find_bundled, load
from medalist.problems.judging import judge
from medalist.problems.secret import Problem
from medalist.problems.verdict import Verdict
from medalist.sandbox.pool import Pool, open_pool

ROOT = Path(__file__).resolve().parents[1]
DRAWS = 2000
MODEL = "qwen2.5-coder-1.5b-instruct"  # of the files that do not say


class Way(NamedTuple):
    """One way to ask."""

    model: str
    prompt: str
    language: str

    def __str__(self) -> str:
        """Name it in a table."""
        return f"{self.prompt}, {self.language} ({self.model})"


class Answer(NamedTuple):
    """A judged answer."""

    right: bool
    tokens: int


def rows(files: Sequence[Path], leave_out: Collection[str]) -> Iterator[dict[str, Any]]:
    """Read the recorded answers, each once."""
    seen = set()
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            row = {"model": MODEL, **json.loads(line)}
            row["problem"] = row["problem"].rpartition("/")[2]
            key = (row["problem"], row.get("prompt"), row.get("seed"), row["completion"])
            if row["problem"] not in leave_out and key not in seen:
                seen.add(key)
                yield row


def find(name: str) -> Problem | None:
    """A bundled or shared problem, None if it is not on this machine."""
    try:
        return load(find_bundled(name))
    except MedalistError:
        shared = Path(os.environ.get("MEDALIST_SHARED", ROOT.parent / "shared"))
        for place in sorted(shared.glob(f"archives/*/{name.rpartition('/')[2]}")):
            try:
                return load(place)
            except BadInput:
                continue
    return None


class Judged:
    """Verdicts of programs, each found out once and kept."""

    def __init__(self, cache: Path | None, pool: Pool) -> None:
        self._pool = pool
        self._cache = cache
        self._problems: dict[str, Problem | None] = {}
        self._known: dict[str, str] = {}
        if cache is not None and cache.is_file():
            for line in cache.read_text(encoding="utf-8").splitlines():
                self._known.update(json.loads(line))

    def right(self, row: Mapping[str, Any]) -> bool | None:
        """Whether an answer is a right program; None where the problem is not here."""
        name = row["problem"]
        if name not in self._problems:
            self._problems[name] = find(name)
        problem = self._problems[name]
        if problem is None:
            return None
        extraction = extract(
            row["completion"],
            language=row["language"],
            public=problem.public,
            finish=row.get("finish", "stop"),
        )
        if extraction.source is None or extraction.language is None:
            return False
        key = f"{name} {program_id(extraction.language, extraction.source)}"
        if key not in self._known:
            source = submission(problem.public, extraction.language, extraction.source)
            judgement = judge(problem, source, self._pool)
            assert judgement.verdict is not Verdict.JE, judgement.message
            self._known[key] = judgement.verdict.value
            if self._cache is not None:
                with self._cache.open("a", encoding="utf-8") as file:
                    file.write(json.dumps({key: judgement.verdict.value}) + "\n")
        return self._known[key] == Verdict.AC.value


def pass_at(count: int, right: int, k: float) -> float:
    """Estimate the chance that one of k answers is right, without bias; k may be a fraction."""
    whole = math.floor(k)
    if whole != k:
        share = k - whole
        return (1 - share) * pass_at(count, right, whole) + share * pass_at(count, right, whole + 1)
    if count - right < k:
        return 1.0
    return 1 - math.prod(1 - k / n for n in range(count - right + 1, count + 1))


def curve(by_problem: Mapping[str, Sequence[Answer]], k: float) -> dict[str, float]:
    """Return pass@k of each problem; with fewer answers than k, as many as there are."""
    return {
        name: pass_at(len(answers), sum(answer.right for answer in answers), min(k, len(answers)))
        for name, answers in by_problem.items()
    }


def interval(differences: Sequence[float]) -> tuple[float, float]:
    """Return the 80 % bootstrap interval of a mean over problems."""
    rng = random.Random(0)
    means = sorted(
        statistics.fmean(rng.choices(differences, k=len(differences))) for _ in range(DRAWS)
    )
    return means[DRAWS // 10], means[-DRAWS // 10]


def main() -> None:
    """Judge and print tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--leave-out", default="")
    parser.add_argument("--k", default="1,2,4,8")
    parser.add_argument(
        "--least", type=int, default=4, help="answers a problem, else it is left out"
    )
    parser.add_argument("--box", choices=["auto", "docker", "local"], default="auto")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    result: dict[Way, dict[str, list[Answer]]] = defaultdict(lambda: defaultdict(list))
    answers = not_judged = 0
    with open_pool(options.box) as pool:
        judged = Judged(options.cache, pool)
        for row in rows(options.files, options.leave_out.split(",")):
            answers += 1
            right = judged.right(row)
            if right is None:
                not_judged += 1
                continue
            usage = row.get("usage") or {}
            tokens = usage.get("completion_tokens") or len(row["completion"]) // 3
            way = Way(row["model"], row["prompt"], row["language"])
            result[way][row["problem"]].append(Answer(right, tokens))
    ways = {
        way: kept
        for way, problems in sorted(result.items())
        if (kept := {name: a for name, a in problems.items() if len(a) >= options.least})
    }
    ks = [int(k) for k in options.k.split(",")]
    report(ways, ks, answers, not_judged, as_json=options.json)


def report(
    ways: Mapping[Way, Mapping[str, list[Answer]]],
    ks: Sequence[int],
    answers: int,
    not_judged: int,
    *,
    as_json: bool,
) -> None:
    """Print what was measured."""
    tokens = {
        way: statistics.fmean(answer.tokens for part in problems.values() for answer in part)
        for way, problems in ways.items()
    }
    print("| way to ask | problems | answers | tokens an answer |", end="")
    print("".join(f" pass@{k} |" for k in ks))
    print("|---|---|---|---|" + "---|" * len(ks))
    table = []
    for way, problems in ways.items():
        count = sum(map(len, problems.values()))
        means = {k: statistics.fmean(curve(problems, k).values()) for k in ks}
        shown = "".join(f" {mean:.3f} |" for mean in means.values())
        print(f"| {way} | {len(problems)} | {count} | {tokens[way]:.0f} |{shown}")
        table.append({"way": str(way), "problems": len(problems), "answers": count, "pass": means})
    print(
        "\n| at equal tokens | problems both have | tokens | first | second | difference (80 %) |"
    )
    print("|---|---|---|---|---|---|")
    pairs = []
    for one, other in combinations(ways, 2):
        both = sorted(ways[one].keys() & ways[other].keys())
        if len(both) < 2:
            continue
        for k in ks:
            spent = k * min(tokens[one], tokens[other])
            scores = [
                curve({name: ways[way][name] for name in both}, spent / tokens[way])
                for way in (one, other)
            ]
            first, second = (statistics.fmean(score.values()) for score in scores)
            low, high = interval([scores[0][name] - scores[1][name] for name in both])
            print(
                f"| {one} against {other} | {len(both)} | {spent:.0f} | {first:.3f} | "
                f"{second:.3f} | {first - second:+.3f} ({low:+.3f} to {high:+.3f}) |"
            )
            pairs.append([str(one), str(other), k, first, second, low, high])
    print(f"\n{answers} answers, {not_judged} of them to problems that are not here")
    if as_json:
        result = {"ways": table, "pairs": pairs, "answers": answers, "not_judged": not_judged}
        print(json.dumps(result))


if __name__ == "__main__":
    main()
