"""What curves are drawn from: recorded samples with verdicts, of run directories and pool files.

A pool file is one of (`.xz` if so named; all but evidence also `.gz`):

- evidence, as `choose.recorded_pool` describes it: policies can be played on it;
- candidates, `{"problem_id", "candidate_id", "source", "label"}` a line (`medalist export --as
  pool`);
- verdicts alone, `{"problem_id", "labels": ["AC", "WA", null, ...]}` a line, one label a sample.

A label is a verdict; null, or that the judge failed (`JE`), is unknown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from medalist.agent.choose.policy import PolicyRules
from medalist.agent.choose.recorded_pool import Recorded, read_pool
from medalist.agent.contest.kinds import read_rules
from medalist.agent.propose.candidate_file import object_lines
from medalist.agent.report.problem_facts import ProblemFacts
from medalist.agent.report.runs import read_run
from medalist.errors import BadInput
from medalist.problems.verdict import Verdict

UNITS = ("samples", "tokens", "dollars", "seconds")
"""What compute is counted in."""

_RIGHT, _UNKNOWN = "AC", "unknown"


@dataclass(frozen=True)
class SampledProblem:
    """One problem with its samples.

    Attributes:
        problem_id: Its name.
        samples: How many samples it has, also those without a program.
        right: How many the judge accepted.
        unknown: How many were never judged.
        recorded: Its evidence; None where policies cannot be played.
        rules: What a policy may gain on it.
        costs: Unit (`UNITS`) to what one sample used, the mean; without the units that nobody
            recorded.
    """

    problem_id: str
    samples: int
    right: int
    unknown: int = 0
    recorded: Recorded | None = None
    rules: PolicyRules = field(default_factory=PolicyRules)
    costs: Mapping[str, float] = field(default_factory=lambda: {"samples": 1.0})


@dataclass(frozen=True)
class SampledStrategy:
    """A way to sample: its name and the problems that it was tried on."""

    name: str
    problems: tuple[SampledProblem, ...]

    def up_to(self, most: int) -> SampledStrategy:
        """Return it with those problems alone that have at least `most` samples."""
        return replace(
            self, problems=tuple(problem for problem in self.problems if problem.samples >= most)
        )

    def usual_samples(self) -> int:
        """The number of samples that half of the problems have, at least 1."""
        return max(1, sorted(problem.samples for problem in self.problems)[len(self.problems) // 2])


def read_strategies(sources: Sequence[str], samples: int | None) -> list[SampledStrategy]:
    """Read sources, in order; those of the same name are one strategy.

    Args:
        sources: Paths, `NAME=` before them where the file's name does not do.
        samples: How many samples each problem of a pool had; those that the pool does not hold
            count as wrong (evidence holds only programs that compile). None: as many as it holds.

    Raises:
        BadInput: A source cannot be read, or holds no sample.
    """
    by_strategy: dict[str, list[SampledProblem]] = {}
    for source in sources:
        given, path = split_name(source)
        name = given or path.name.split(".")[0] or path.resolve().name
        by_strategy.setdefault(name, []).extend(_read(path, samples))
    return [SampledStrategy(name, tuple(problems)) for name, problems in by_strategy.items()]


def split_name(source: str) -> tuple[str, Path]:
    """Take `NAME=PATH` apart; without a name it is empty."""
    given, _, rest = source.partition("=")
    named = bool(rest) and not Path(source).exists()
    return (given, Path(rest)) if named else ("", Path(source))


def rules_of_pool(one: Recorded, kind: str | None) -> PolicyRules:
    """Return under which rules a pool's problem is played; None: as its verdicts have subtasks."""
    subtasks = sorted({name for feedback in one.truth.values() for name in feedback.subtasks})
    chosen = read_rules(kind or ("ioi" if subtasks else "icpc"))
    return chosen.policy_rules(1, chosen.pool_wrong_cost, dict.fromkeys(subtasks, 1.0))


def _read(path: Path, samples: int | None) -> list[SampledProblem]:
    if path.is_dir():
        problems = [_of_run(problem) for problem in read_run(path).problems if problem.candidates]
    elif "programs" in next(object_lines(path), (0, {}))[1]:
        problems = [_padded(_of_evidence(recorded), samples, path) for recorded in read_pool(path)]
    else:
        problems = [_padded(label, samples, path) for label in _of_labels(path)]
    if not any(problem.samples for problem in problems):
        raise BadInput("holds no sample", file=path)
    return problems


def _of_run(facts: ProblemFacts) -> SampledProblem:
    calls, count = facts.calls, facts.candidates
    spent = {
        "tokens": float(calls.charged_tokens),
        "dollars": calls.usd or 0.0,
        "seconds": sum(facts.stages.values()),
    }
    choice = facts.choice
    return SampledProblem(
        problem_id=facts.problem_id,
        samples=count,
        right=facts.right,
        unknown=facts.unknown,
        recorded=None if choice is None else choice.replayable(),
        rules=PolicyRules() if choice is None else choice.rules,
        costs={"samples": 1.0} | {unit: total / count for unit, total in spent.items() if total},
    )


def _of_evidence(one: Recorded) -> SampledProblem:
    votes = one.view.votes
    return SampledProblem(
        problem_id=one.problem_id,
        samples=sum(votes.values()),
        right=sum(count for name, count in votes.items() if one.truth[name].solved),
        recorded=one,
        rules=rules_of_pool(one, None),
    )


def _padded(one: SampledProblem, samples: int | None, path: Path) -> SampledProblem:
    if samples is None:
        return one
    if samples < one.samples:
        raise BadInput(
            f"{one.problem_id} has {one.samples} samples, more than {samples}",
            file=path,
            field="--samples",
        )
    return replace(one, samples=samples)


def _of_labels(path: Path) -> list[SampledProblem]:
    counts: dict[str, Counter[str]] = {}
    for number, row in object_lines(path):
        problem = row.get("problem_id", row.get("problem"))
        labels = row["labels"] if "labels" in row else [row.get("label")]
        if not isinstance(problem, str | int) or not isinstance(labels, list):
            raise BadInput(
                "a line needs `problem_id`, and `label`, `labels` or `programs`",
                file=f"{path}:{number}",
            )
        here = counts.setdefault(str(problem), Counter())
        for label in labels:
            here[_known(label, path, number)] += 1
    return [
        SampledProblem(name, here.total(), here[_RIGHT], here[_UNKNOWN])
        for name, here in counts.items()
    ]


def _known(label: object, path: Path, number: int) -> str:
    if label is None or label == "JE":
        return _UNKNOWN
    if isinstance(label, str) and label in {*Verdict}:
        return label
    raise BadInput(
        f"{label!r} is not a verdict",
        file=f"{path}:{number}",
        hint=f"one of {', '.join(Verdict)}, or null",
    )
