"""The tables of the page."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from medalist.agent.report import number_text as text
from medalist.agent.report.call_summary import CallSummary
from medalist.agent.report.estimates import IntervalEstimate, mean_of_known, wilson
from medalist.agent.report.losses import CAUSES, losses
from medalist.agent.report.problem_facts import NO_BUILD, NO_PROGRAM, NOT_JUDGED, ProblemFacts

_DIFFICULTIES = ("trivial", "easy", "medium", "hard", "insane")
_NOT_STATED = "not stated"
_LATENCIES = (0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600)  # seconds
_NAMES = {
    "AC": "accepted (AC)",
    "PAC": "partial score (PAC)",
    "WA": "wrong answer (WA)",
    "PE": "presentation error (PE)",
    "TLE": "time limit (TLE)",
    "ILE": "idleness limit (ILE)",
    "MLE": "memory limit (MLE)",
    "OLE": "output limit (OLE)",
    "RTE": "run-time error (RTE)",
    "CE": "compile error (CE)",
}

_FAILURES = {
    "time": "CPU time limit",
    "idle": "idle until the wall limit",
    "memory": "memory limit",
    "output": "output limit",
    "runtime": "crash or exit code",
}


@dataclass(frozen=True)
class Bar:
    """A row of a table with a bar: share 0 to 1, and its interval where it has one."""

    label: str
    numbers: tuple[str, ...]
    share: float
    interval: IntervalEstimate | None = None


@dataclass(frozen=True)
class Bars:
    """A table whose rows have bars: a key for links and files, caption and column heads."""

    key: str
    caption: str
    heads: tuple[str, ...]
    rows: tuple[Bar, ...]
    note: str = ""


def groups(problems: Sequence[ProblemFacts]) -> list[Bars]:
    """Count solved problems by difficulty, kind and source, with Wilson's intervals.

    The last is left out where all problems have one source, or none.
    """
    tables = [
        _solved_by("difficulty", "Solved by difficulty", problems, _difficulty),
        _solved_by("kind", "Solved by kind of problem", problems, _kind),
        _solved_by("source", "Solved by source of the problem", problems, _source),
    ]
    return tables if len(tables[-1].rows) > 1 else tables[:-1]


def _solved_by(
    key: str,
    caption: str,
    problems: Sequence[ProblemFacts],
    group: Callable[[ProblemFacts], str],
) -> Bars:
    by_value: dict[str, list[ProblemFacts]] = {}
    for problem in problems:
        by_value.setdefault(group(problem), []).append(problem)
    rows = []
    for name in sorted(by_value, key=_group_order):
        count = sum(item.state == "solved" for item in by_value[name])
        share = wilson(count, len(by_value[name]))
        numbers = (
            f"{count} of {len(by_value[name])}",
            text.percent(share.low),
            text.interval(share),
        )
        rows.append(Bar(name, numbers, share.low, share))
    return Bars(key, caption, (key, "solved", "share", "95\u202f% interval"), tuple(rows))


def _difficulty(problem: ProblemFacts) -> str:
    """A word, or the range of a rating."""
    said = problem.about.difficulty
    if not said:
        return _NOT_STATED
    try:
        rating = float(said)
    except ValueError:
        return str(said)
    if not 100 <= rating < 10_000:
        return f"{rating:.0f}"
    base = int(rating // 400 * 400)
    return f"{base} to {base + 399}"


def _kind(problem: ProblemFacts) -> str:
    return problem.about.kind or _NOT_STATED


def _source(problem: ProblemFacts) -> str:
    return problem.about.source or _NOT_STATED


def _group_order(name: str) -> tuple[float, str]:
    """Words from easy to hard, ratings by number, other words after them, and last the unknown."""
    if name.lower() in _DIFFICULTIES:
        return _DIFFICULTIES.index(name.lower()), ""
    first = name.split()[0] if name.split() else ""
    if first.isdecimal():
        return float(first), ""
    return math.inf, "\U0010ffff" if name == _NOT_STATED else name


def fates(problems: Iterable[ProblemFacts]) -> Bars:
    """What became of the candidates."""
    counts: Counter[str] = Counter()
    for problem in problems:
        counts.update(problem.fates)
    return _shares("candidates", "What became of the candidates", "candidate", _named(counts))


def submissions(problems: Iterable[ProblemFacts]) -> Bars:
    """Count submissions by verdict."""
    counts = Counter(verdict for problem in problems for verdict in problem.verdicts)
    return _shares("submissions", "Submissions by verdict", "verdict", _named(counts))


def failed_runs(problems: Iterable[ProblemFacts]) -> Bars:
    """Count programs by how they failed on samples and generated inputs."""
    counts: Counter[str] = Counter()
    total = 0
    for problem in problems:
        counts.update(problem.failed_runs)
        total += len(problem.choice.view.programs) if problem.choice else 0
    named = {_FAILURES.get(name, name): count for name, count in counts.most_common()}
    return _shares(
        "runs", "Programs that failed on a sample or a generated input", "failure", named, total
    )


def causes(problems: Iterable[ProblemFacts]) -> Bars:
    """Attribute points to causes, for the problems of which every program was judged."""
    known = [
        problem.choice
        for problem in problems
        if problem.choice is not None and problem.choice.complete
    ]
    points = dict.fromkeys(CAUSES, 0.0)
    for choice in known:
        for cause, lost in losses(choice).items():
            points[cause] += lost
    return Bars(
        "causes",
        "Where the points went",
        ("cause", "points"),
        tuple(
            Bar(f"{cause}: {meaning}", (f"{points[cause]:.2f}",), points[cause] / len(known))
            for cause, meaning in CAUSES.items()
        )
        if known
        else (),
        f"A problem is worth one point. Of {len(known)} problems every program was judged.",
    )


def stages(problems: Iterable[ProblemFacts]) -> Bars:
    """Add up the seconds of each stage."""
    counts: Counter[str] = Counter()
    for problem in problems:
        counts.update(problem.stages)
    total = sum(counts.values())
    return Bars(
        "time",
        "Where the time went",
        ("stage", "time", "share"),
        tuple(
            Bar(stage, (text.seconds(spent), text.percent(spent / total)), spent / total)
            for stage, spent in counts.items()
            if total
        ),
        "Problems that are worked on side by side count each for itself.",
    )


def allocated(problems: Iterable[ProblemFacts]) -> Bars:
    """Count problems by the last decision of an allocation, and how many of them are solved."""
    ends: dict[str, list[bool]] = {}
    for problem in problems:
        if problem.allocation:
            last = problem.allocation[-1]
            end = f"{last.then} after {last.samples} of {last.strategy}"
            ends.setdefault(end, []).append(problem.state == "solved")
    total = sum(map(len, ends.values()))
    return Bars(
        "allocation",
        "Where the allocation ended",
        ("last decision", "problems", "solved"),
        tuple(
            Bar(end, (text.count(len(some)), text.count(sum(some))), len(some) / total)
            for end, some in sorted(ends.items(), key=lambda item: -len(item[1]))
        ),
        "Problems that a right submission ended at a look before have the decision of that before "
        "it; docs/allocation.md.",
    )


def spending(calls: CallSummary) -> Bars:
    """What each stage that asks a model has used."""
    total = sum(used.tokens for used in calls.stages.values())
    return Bars(
        "spending",
        "What the stages used",
        ("stage", "answers", "tokens", "cost", "share of tokens", "bits"),
        tuple(
            Bar(
                stage,
                (
                    text.count(used.calls),
                    text.count(used.tokens),
                    text.dollars(used.cost_usd),
                    text.percent(used.tokens / total),
                    f"{calls.bits[stage]:.2f}" if stage in calls.bits else "",
                ),
                used.tokens / total,
            )
            for stage, used in calls.stages.items()
            if total
        ),
        "Failed calls count, too; stages, and the bits that they were worth, are described in "
        "docs/pipeline.md.",
    )


def latencies(calls: CallSummary) -> Bars:
    """Count answers by how long they took."""
    edges = [0.0, *_LATENCIES, math.inf]
    counts = [
        sum(low <= latency < high for latency in calls.latencies_s) for low, high in pairwise(edges)
    ]
    filled = [place for place, count in enumerate(counts) if count]
    names = {}
    for place in range(filled[0], filled[-1] + 1) if filled else ():
        low, high = edges[place], edges[place + 1]
        name = f"{low:g} to {high:g}\u202fs" if high < math.inf else f"{low:g}\u202fs or more"
        names[name] = counts[place]
    return _shares("latency", "Seconds to an answer", "latency", names)


def failures(calls: CallSummary) -> Bars:
    """Count what went wrong with model calls."""
    counts = Counter({f"no answer: {message}": n for message, n in calls.failures.most_common(12)})
    for finish, n in calls.finishes.items():
        if finish != "stop":
            counts[f"answer ended by {finish}"] = n
    if calls.unknown:
        counts["in flight when a session ended (charged at its maximum)"] = calls.unknown
    total = calls.answered + calls.failures.total() + calls.unknown
    return _shares("calls", "Failed model calls", "what", counts, total)


def latency_figures(calls: CallSummary) -> Mapping[str, float]:
    """Return median, 90 % point and maximum in seconds; empty without answers."""
    ordered = sorted(calls.latencies_s)
    if not ordered:
        return {}
    ninetieth = ordered[min(len(ordered) - 1, int(0.9 * len(ordered)))]
    return {"median": statistics.median(ordered), "90\u202f%": ninetieth, "longest": ordered[-1]}


def points(problems: Sequence[ProblemFacts]) -> IntervalEstimate:
    """Return the mean share of a problem's points that was held at the end."""
    return mean_of_known([problem.gained for problem in problems])


def _named(counts: Mapping[str, int]) -> dict[str, int]:
    """Verdicts and what stands for them, in one order and in words."""
    order = [*_NAMES, NO_BUILD, NO_PROGRAM, NOT_JUDGED]
    names = sorted(counts, key=lambda name: order.index(name) if name in order else len(order))
    return {_NAMES.get(name, name): counts[name] for name in names}


def _shares(
    key: str, caption: str, head: str, counts: Mapping[str, int], total: int | None = None
) -> Bars:
    whole = total or sum(counts.values())
    return Bars(
        key,
        caption,
        (head, "count", "share"),
        tuple(
            Bar(name, (text.count(number), text.percent(number / whole)), number / whole)
            for name, number in counts.items()
        ),
    )
