"""What helpers do to a choice that is hard: bad ones of all kinds, good ones, and none.

    python benchmarks/helpers.py [--seeds N] [--problems ID,ID] [--kinds K,K] [--rows FILE]
    python benchmarks/helpers.py --rows FILE --table

A scripted endpoint plays the model. Its programs are the bundled packages' own submissions, dealt
so that choosing is hard: all pass the samples, a wrong one is the text with most votes, in every
fourth deal wrong ones have most votes together, and the machine makes no inputs of its own
(`--evidence 0`), so that nothing else separates what passes the samples. Its helpers
(generators, validators, predicted tests, checkers, generators for a pair, a judge of pairs) are
those of `tests/data/player`, or bad ones (beside good ones of the other kinds, or alone), or none.
For each problem, seed and kind of helpers one run as `medalist solve` makes it chooses one program
of the same candidates and submits it.

Each run is a row of `--rows` as soon as it has ended; the same command continues behind the rows
that are there. What programs printed is remembered within a process, and with `--memory FILE` for
later ones: programs, inputs and helpers come back with every seed. Checkers are asked only where
many answers may be right: elsewhere bad ones count as good ones. The table shows the mean score
over problems and seeds (0 to 1) by kind, its difference to no helpers with a bootstrap interval
over problems, and how many runs ended worse or better than the same run without helpers. The exit
code is 1 if a kind of bad helpers is worse than none beyond its interval, or good ones are not
better.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from remembering import RememberingPool

from medalist.agent.llm.scripted.scripted import ScriptedEndpoint
from medalist.agent.llm.scripted.scripted_answers import (
    FAULTS,
    Fault,
    LabelledProgram,
    Repertoire,
    ScriptedAnswers,
    prompt_of,
    question_of,
    read_repertoires,
)
from medalist.agent.llm.scripted.scripted_replies import Reply, SeenRequest
from medalist.agent.run.options import RunOptions
from medalist.agent.run.solving import Assignment
from medalist.agent.steps.stages import STAGE_SETTINGS
from medalist.problems.formats import load
from medalist.problems.secret import Problem
from medalist.sandbox.box import Run
from medalist.sandbox.languages import source as source_of
from medalist.sandbox.limits import RunLimits
from medalist.sandbox.pool import Pool, open_pool

ROOT = Path(__file__).resolve().parent.parent
PLAYER = ROOT / "tests" / "data" / "player"
ARCHIVE = ROOT / "problems" / "archive"
NONE = "no helpers"
GOOD = "good helpers"
ALL = "all faults"
ALONE = " (alone)"
"""The end of a kind's name whose helpers are the only ones: a fault without good ones beside it."""
KINDS: dict[str, tuple[Fault, ...]] = {
    NONE: (),
    GOOD: (),
    **{fault: (fault,) for fault in FAULTS},
    ALL: FAULTS,
    **{f"{fault}{ALONE}": (fault,) for fault in FAULTS},
}
HELPERS = {
    "generators": 2,
    "validators": 3,
    "duels": 3,
    "tests": 2,
    "checkers": 3,
    "pair_generators": 2,
}
"""How many of each kind are asked for; settings that this version does not have are left out."""
SETTINGS_OF = {
    "generators for pairs": ("pair_generators",),
    "generators": ("generators",),
    "validators": ("validators", "generators"),  # without good generators they have no say
    "tests": ("tests",),
    "checkers": ("checkers",),
    "the judge": ("duels",),
}
"""What is asked for where a fault is alone, by the beginning of its name."""
RUN_SEEDS = 4
"""Seeds of runs: the machine's own draws are the same for every fourth seed."""
SKILL = 0.9
"""How likely a good helper, or a good judge, is right."""


def main() -> int:
    """Run what is missing, and print the table."""
    parser = argparse.ArgumentParser(description="What helpers do to a choice that is hard.")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument(
        "--problems", default=",".join(sorted(path.name for path in PLAYER.iterdir()))
    )
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--rows", type=Path, default=Path("helpers.jsonl"))
    parser.add_argument("--table", action="store_true", help="Print the table; run nothing.")
    parser.add_argument("--cores", type=int, default=1)
    parser.add_argument("--memory", type=Path, help="A file that remembers what programs did.")
    options = parser.parse_args()
    if not options.table:
        logging.getLogger("medalist").setLevel(logging.ERROR)
        _run_missing(options)
    return _show(whole_rows(options.rows))


def _run_missing(options: argparse.Namespace) -> None:
    done = {(row["problem"], row["seed"], row["kind"]) for row in whole_rows(options.rows)}
    known = {
        read_repertoire.title: read_repertoire
        for read_repertoire in read_repertoires(ARCHIVE, PLAYER)
    }
    with (
        open_pool(cores=range(options.cores)) as host,
        RememberingPool(host, options.memory) as remembering,
        options.rows.open("a") as rows,
    ):
        pool = cast("Pool", remembering)
        for seed in range(options.seeds):
            for name in options.problems.split(","):
                problem = load(ARCHIVE / name)
                repertoire = known[problem.public.title]
                passing = passing_programs(problem, repertoire.programs, pool)
                for kind in options.kinds.split(","):
                    if (name, seed, kind) in done or not _asks(problem, kind):
                        continue
                    began = time.monotonic()
                    player = dealt_player(repertoire, passing, seed, kind)
                    score, stages = _score(problem, player, seed, kind, pool)
                    took = round(time.monotonic() - began, 2)
                    row = {"problem": name, "seed": seed, "kind": kind, "score": score}
                    rows.write(json.dumps({**row, "seconds": took, "calls": stages}) + "\n")
                    rows.flush()


def _asks(problem: Problem, kind: str) -> bool:
    """Whether helpers of a kind are asked at all: checkers only where many answers may be right."""
    return problem.public.special_checker or not kind.startswith("checkers")


def passing_programs(
    problem: Problem, programs: Sequence[LabelledProgram], pool: Pool
) -> list[LabelledProgram]:
    """Return the programs whose outputs on the samples are those that the samples show.

    Where many answers are right, those that end properly.
    """
    public = problem.public
    limits = RunLimits(cpu_s=public.limits.time_s)
    rows = {"python": "python3", "cpp": "cpp20"}
    chosen = []
    for program in programs:
        made = pool.compile(source_of(rows[program.language], program.source)).executable
        if made is None:
            continue
        runs = [Run(stdin=sample.input.encode()) for sample in public.samples]
        with pool.box() as box, closing(box.run_many(made, runs, limits)) as outcomes:
            said = list(outcomes)
        right = [sample.output.split() for sample in public.samples]
        same = [out.stdout.decode("utf-8", "replace").split() for out in said] == right
        many = problem.secret is not None and problem.secret.checker is not None
        if same or (many and all(out.ok for out in said)):
            chosen.append(program)
    return chosen


@dataclass
class DealtPlayer:
    """A player whose programs are dealt; all else is answered by `ScriptedAnswers`."""

    answers: ScriptedAnswers
    dealt: Sequence[LabelledProgram]
    _turn: int = 0
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, seen: SeenRequest) -> Reply:
        """Answer a request; the programs come in turn, whoever asks first."""
        if question_of(prompt_of(seen)) != "solution":
            return self.answers(seen)
        with self._guard:
            one = self.dealt[self._turn % len(self.dealt)]
            self._turn += 1
        return Reply(f"```{one.language}\n{one.source.rstrip()}\n```\n")


def dealt_player(
    known: Repertoire, passing: Sequence[LabelledProgram], seed: int, kind: str
) -> DealtPlayer:
    """Deal nine programs, or ten: the same for every kind of helpers."""
    rng = random.Random(hashlib.sha256(f"{known.title}/{seed}".encode()).digest())
    right = [program for program in passing if program.right]
    wrong = [program for program in passing if not program.right] or [
        program for program in known.programs if not program.right
    ]
    rng.shuffle(right)
    rng.shuffle(wrong)
    hopeless = seed % 4 == 3
    counted = [2, 1, 1] if not hopeless else [2, 1]
    dealt = [right[place % len(right)] for place, count in enumerate(counted) for _ in range(count)]
    main, *others = wrong
    dealt += [main] * (3 if not hopeless else 4)
    dealt += [other for other in others[:2] for _ in range(1 if not hopeless else 2)]
    rng.shuffle(dealt)
    answers = ScriptedAnswers([known], seed=seed, skill=SKILL, faults=KINDS[kind])
    return DealtPlayer(answers, dealt)


def _asked(kind: str) -> Sequence[str]:
    """Return the settings of the helpers that a kind of them asks for."""
    if kind == NONE:
        return ()
    if not kind.endswith(ALONE):
        return tuple(HELPERS)
    return next(names for begin, names in SETTINGS_OF.items() if kind.startswith(begin))


def _score(
    problem: Problem, player: DealtPlayer, seed: int, kind: str, pool: Pool
) -> tuple[float, dict[str, int]]:
    """Solve once; return the share of the points, and what was asked by stage."""
    helpers = dict.fromkeys(HELPERS, 0) | {name: HELPERS[name] for name in _asked(kind)}
    amounts = {name: count for name, count in helpers.items() if name in STAGE_SETTINGS}
    given: dict[str, Any] = {
        "model": "writer",
        "candidates": len(player.dealt),
        "search": "once",
        "evidence": 0,
        "mutants": 0,
        "subtask_share": 0,
        "prompts": "direct",
        "always_submit": True,
        "seed": seed % RUN_SEEDS,
        **amounts,
    }
    with ScriptedEndpoint(player) as endpoint, tempfile.TemporaryDirectory() as folder:
        os.environ["OPENAI_BASE_URL"] = endpoint.base_url
        for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):  # read at every start, of no use on loopback
            os.environ.pop(name, None)
        options = RunOptions.given(given)
        run = Assignment(problem, options, options.configured(), out=Path(folder) / "run")
        result = run.solve(pool).result
    share = float(result.solved) if result.score is None else result.score / 100
    return share, {stage: used.calls for stage, used in result.stages.items()}


def whole_rows(path: Path) -> list[dict[str, Any]]:
    """Return the rows that are whole: the last one may have been cut by a kill."""
    result = []
    for line in path.read_text().splitlines() if path.exists() else ():
        try:
            result.append(json.loads(line))
        except ValueError:
            continue
    return result


def _show(rows: Sequence[dict[str, Any]]) -> int:
    scores = {(row["kind"], row["problem"], row["seed"]): row["score"] for row in rows}
    # Bad helpers that are never asked (see `_asks`) do what good ones do.
    unasked = [kind for kind in KINDS if kind.startswith("checkers") and not kind.endswith(ALONE)]
    for kind, problem, seed in [key for key in scores if key[0] == GOOD]:
        for other in unasked:
            scores.setdefault((other, problem, seed), scores[kind, problem, seed])
    print("| helpers | runs | mean score | beside none (95 %) | worse | better |")
    print("|---|---|---|---|---|---|")
    failed = False
    for kind in KINDS:
        places = [
            key[1:] for key in scores if key[0] == kind and (NONE, *key[1:]) in scores
        ]  # fmt: skip
        if not places:
            continue
        gains = {place: scores[(kind, *place)] - scores[(NONE, *place)] for place in places}
        mean = sum(scores[(kind, *place)] for place in places) / len(places)
        low, high = interval(gains)
        gain = sum(gains.values()) / len(gains)
        worse = sum(gain < 0 for gain in gains.values())
        better = sum(gain > 0 for gain in gains.values())
        print(
            f"| {kind} | {len(places)} | {mean:.3f} | {gain:+.3f} ({low:+.3f} to {high:+.3f}) "
            f"| {worse} | {better} |"
        )
        failed |= low <= 0 if kind == GOOD else high < 0
    seconds = sum(row["seconds"] for row in rows)
    print(f"\n{len(rows)} runs, {seconds / max(1, len(rows)):.2f} s each")
    return int(failed)


def interval(gains: dict[tuple[str, int], float], draws: int = 2000) -> tuple[float, float]:
    """Return a bootstrap interval of the mean gain, problems drawn with replacement."""
    by_problem: dict[str, list[float]] = {}
    for (problem, _), gain in gains.items():
        by_problem.setdefault(problem, []).append(gain)
    groups = list(by_problem.values())
    rng = random.Random(0)
    means = []
    for _ in range(draws):
        drawn = [item for _ in groups for item in rng.choice(groups)]
        means.append(sum(drawn) / len(drawn))
    means.sort()
    return means[int(0.025 * draws)], means[int(0.975 * draws)]


if __name__ == "__main__":
    sys.exit(main())
