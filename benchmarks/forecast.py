"""The anytime forecast, scored on recorded answers.

    python benchmarks/forecast.py FILE... [--leave-out ID,...] [--cache FILE] [--draws 50]
        [--box B] [--json]

Files and `--cache` as in `prompts.py`. Every answer is tried on the samples and judged. `trust` is
the share of sample-passing answers that are right. Then, for each problem and each draw, some of
its answers are seen and the rest is forecast: the chance that a right one is among all of them,
against whether there is one. `trust` is taken from the other problems, so that no forecast knows
its own. Lower Brier is better; `constant` always says how many problems have a right answer.

Last line with `--json`: `trust`, `passing` (answers), `rows` (seen, forecasts, brier, constant,
bias, and `inside`, the share of draws in which the mean over problems is in its interval).
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
from collections import defaultdict
from pathlib import Path

from medalist.agent.evidence.sample_trial import SampleTrials
from medalist.agent.extract.answer import extract
from medalist.agent.forecast import Chance, coverage, score
from medalist.agent.types import Candidate
from medalist.sandbox.pool import open_pool

sys.path.insert(0, str(Path(__file__).parent))
from prompts import Judged, find, rows

SEEN = (2, 4, 8)
Answers = dict[str, list[tuple[bool, bool]]]  # by problem: passes the samples, is right


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--leave-out", default="")
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--draws", type=int, default=50)
    parser.add_argument("--box", choices=["auto", "docker", "local"], default="auto")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    result: Answers = defaultdict(list)
    with open_pool(options.box) as pool:
        judged = Judged(options.cache, pool)
        trials: dict[str, SampleTrials] = {}
        for row in rows(options.files, options.leave_out.split(",")):
            right = judged.right(row)
            problem = find(row["problem"])
            if right is None or problem is None or not problem.public.samples:
                continue
            extraction = extract(
                row["completion"],
                language=row["language"],
                public=problem.public,
                finish=row.get("finish", "stop"),
            )
            passes = False
            if extraction.source is not None:
                known = trials.setdefault(row["problem"], SampleTrials(problem.public, pool))
                passes = known([(Candidate("c", ""), extraction)])[0].passes_all
            result[row["problem"]].append((passes, right))
    passing = [right for answers in result.values() for passes, right in answers if passes]
    trust = statistics.fmean(passing) if passing else 0.0
    print(f"{len(passing)} answers pass the samples, {trust:.3f} of them are right")
    table = [measure(result, seen, options.draws) for seen in SEEN]
    for line in table:
        print(line)
    if options.json:
        print(json.dumps({"trust": trust, "passing": len(passing), "rows": table}))


def measure(result: Answers, seen: int, draws: int) -> dict[str, float]:
    """Forecast from `seen` answers of each problem, many times."""
    rng = random.Random(seen)
    pairs = []
    groups = []
    names = [name for name, answers in result.items() if len(answers) >= 2 * seen]
    for _ in range(draws):
        chances, outcomes = [], []
        for name in names:
            shuffled = rng.sample(result[name], len(result[name]))
            others = [r for o in names if o != name for passes, r in result[o] if passes]
            trust = statistics.fmean(others) if others else 1.0
            right = sum(passes for passes, _ in shuffled[:seen])
            chances.append(Chance(seen, right, trust))
            outcomes.append(float(any(good for _, good in shuffled)))
            pairs.append((chances[-1].coverage(len(shuffled) - seen), outcomes[-1]))
        more = round(statistics.fmean(len(result[name]) for name in names)) - seen
        groups.append((coverage(chances, more), statistics.fmean(outcomes)))
    single = score(pairs)
    base = statistics.fmean(outcome for _, outcome in pairs)
    constant = statistics.fmean((base - outcome) ** 2 for _, outcome in pairs)
    return {
        "seen": seen,
        "problems": len(names),
        "forecasts": single.forecasts,
        "brier": round(single.brier, 4),
        "constant": round(constant, 4),
        "bias": round(single.bias, 4),
        "inside": score(groups).inside,
    }


if __name__ == "__main__":
    main()
