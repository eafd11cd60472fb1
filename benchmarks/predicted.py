"""What tests with predicted outputs do to a choice when they are right, few, wrong or malicious.

    python benchmarks/predicted.py [POOL] [--resamples N] [--json]

The tests of the HumanEval pool are a model's own, some right and some wrong. They are played to the
policy `medalist` (weights as they ship) as it takes the tests of `solve --tests`: as bounded votes
(`choose.predicted_tests`). Beside that: no tests; the sixteen that were written most often; as many
as there are, with outputs that no program prints; and as many that all say what one program prints
that is wrong. Printed is the share of problems solved within 1, 3 and 10 submissions, and the Brier
score of the belief in the first one.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.choose.policy import ExpectedOutput, PolicyRules
from medalist.agent.choose.policy_replay import play
from medalist.agent.choose.recorded_pool import Recorded, read_pool, resample
from medalist.agent.types import OutcomeKey

POOL = Path(__file__).parent / "pools" / "humaneval-codegen16b.pool.jsonl.xz"
COUNTS = (1, 3, 10)
FEW = 16
RULES = PolicyRules(submissions=max(COUNTS))

Claims = tuple[ExpectedOutput, ...]


def none(_: Recorded) -> Claims:
    """No tests at all."""
    return ()


def of_the_model(problem: Recorded) -> Claims:
    """The model's own tests."""
    return tuple(claim._replace(predicted=True) for claim in problem.view.claims)


def few(problem: Recorded) -> Claims:
    """Those that were written most often."""
    return tuple(sorted(of_the_model(problem), key=lambda claim: -claim.weight)[:FEW])


def nonsense(problem: Recorded) -> Claims:
    """As many, with outputs that nobody prints."""
    return tuple(item._replace(key=OutcomeKey("=nonsense")) for item in of_the_model(problem))


def of_a_liar(problem: Recorded) -> Claims:
    """As many, all of them what one wrong program prints where it differs from a right one."""
    view, truth = problem.view, problem.truth
    rows = {
        right: [row for name, row in view.behaviours.items() if truth[name].solved is right]
        for right in (False, True)
    }
    if not rows[False] or not rows[True]:
        return nonsense(problem)
    liar = random.Random(problem.problem_id).choice(rows[False])
    claims = [
        ExpectedOutput(place, key, predicted=True)
        for place, (key, right) in enumerate(zip(liar.keys, rows[True][0].keys, strict=True))
        if key is not None and key.is_output and key != right
    ]
    return tuple(claims[: max(1, len(view.claims))])


KINDS: dict[str, Callable[[Recorded], Claims]] = {
    "no tests": none,
    "the model's own": of_the_model,
    f"of these the {FEW} most frequent": few,
    "outputs that nobody prints": nonsense,
    "what one wrong program prints": of_a_liar,
}


def measured(problems: Sequence[Recorded], resamples: int) -> dict[str, float]:
    """The share solved within so many submissions, and the Brier score."""
    solved = dict.fromkeys(COUNTS, 0)
    brier = []
    for problem in problems:
        for seed in range(resamples):
            drawn = replace(problem, view=resample(problem.view, seed))
            history = play(ExpectedGain(), drawn, RULES)
            for count in COUNTS:
                solved[count] += any(feedback.solved for _, feedback in history[:count])
            if history:
                first, feedback = history[0]
                belief = ExpectedGain().gain_of(drawn.view, (), RULES, first.program_id)
                brier.append((belief - feedback.solved) ** 2)
    plays = len(problems) * resamples
    shares = {str(count): round(one / plays, 4) for count, one in solved.items()}
    return shares | {"brier": round(sum(brier) / max(1, len(brier)), 4)}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("pool", type=Path, nargs="?", default=POOL)
    parser.add_argument("--resamples", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    problems = list(read_pool(options.pool))
    result = {}
    print("| tests | 1 | 3 | 10 | Brier |\n|---|---|---|---|---|")
    for name, tests in KINDS.items():
        played = [
            replace(problem, view=replace(problem.view, claims=tests(problem)))
            for problem in problems
        ]
        result[name] = measured(played, options.resamples)
        print(f"| {name} | {' | '.join(f'{value:.3f}' for value in result[name].values())} |")
    if options.json:
        print(json.dumps(result))


if __name__ == "__main__":
    main()
