"""One self-contained HTML page about finished runs.

Everything that comes from outside (titles, model names, programs, inputs, outputs, messages) is
escaped by the templates, and its control characters and signs that turn the direction of text are
shown instead of obeyed. The page's policy lets it load nothing and run only its own script.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from medalist import __version__
from medalist.agent.quote import cut_middle, printable
from medalist.agent.report import number_text as text
from medalist.agent.report import tables
from medalist.agent.report.estimates import (
    EstimateBounds,
    IntervalEstimate,
    mean,
    mean_of_known,
    wilson,
)
from medalist.agent.report.facts import SUBMISSIONS, ReportFacts
from medalist.agent.report.losses import CAUSES, losses
from medalist.agent.report.plot import plot, scales
from medalist.agent.report.problem_facts import ProblemFacts
from medalist.agent.types import Program

_TEMPLATES = resources.files(__package__) / "templates"
_OWN = ("report.css", "report.js")

_SETTINGS = ("candidates", "submissions", "languages", "prompts", "search", "width", "seed",
             "max_tokens", "evidence", "small", "schedule", "shard")  # fmt: skip
"""What is shown of a plan: nothing that could name a path of the machine."""

_SOURCES = 600_000  # characters of programs on a page, shared among its problems
_DETAILED = 1500  # submissions told in detail on a page, the same


@dataclass(frozen=True)
class Figure:
    """A row of the headline: a value, its interval and where that comes from, and a detail."""

    name: str
    value: str
    detail: str = ""
    interval: str = ""
    method: str = ""


@dataclass(frozen=True)
class Told:
    """A problem as the page tells it.

    Attributes:
        anchor: Its place on the page, never made from a name.
        right: How many of its candidates are right.
        lost: Cause to points, without those gained; empty where programs were never judged.
        source: The program that was handed in, shortened if it is long.
        detailed: The number of submissions shown in detail.
    """

    anchor: str
    facts: ProblemFacts
    right: str
    lost: Mapping[str, float]
    program: Program | None
    source: str
    detailed: int


def render(facts: ReportFacts) -> str:
    """Return the page."""
    across = scales(facts)
    style, script = (_TEMPLATES.joinpath(name).read_text("utf-8") for name in _OWN)
    template = _environment().get_template("report.html.j2")
    return template.render(
        style=Markup(style),  # noqa: S704 - our own file, and CSS must not be escaped
        script=Markup(script),  # noqa: S704 - the same
        policy="; ".join(
            [
                "default-src 'none'",
                f"style-src '{_digest(style)}'",
                f"script-src '{_digest(script)}'",
                "base-uri 'none'",
                "form-action 'none'",
            ]
        ),
        version=__version__,
        text=text,
        facts=facts,
        settings=list(_settings(facts)),
        headline=list(_headline(facts)),
        groups=tables.groups(facts.problems),
        plot=plot(facts.curves, across) if facts.curves else None,
        scales=across,
        uneven=_uneven(facts),
        submissions=SUBMISSIONS,
        everything=_everything(facts),
        causes=tables.causes(facts.problems),
        meanings=CAUSES,
        costs=[
            tables.allocated(facts.problems),
            tables.spending(facts.calls),
            tables.stages(facts.problems),
            tables.latencies(facts.calls),
        ],
        latency=tables.latency_figures(facts.calls),
        fates=tables.fates(facts.problems),
        troubles=[
            table
            for table in (
                tables.submissions(facts.problems),
                tables.failed_runs(facts.problems),
                tables.failures(facts.calls),
            )
            if table.rows
        ],
        problems=list(_told(facts)),
        sources=_sources(facts),
    )


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("medalist.agent.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _shown(value: object) -> object:
    """Show control characters of whatever a template puts out."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return printable(value)
    return value


def _digest(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def _settings(facts: ReportFacts) -> Iterator[tuple[str, str]]:
    for name in _SETTINGS:
        values = dict.fromkeys(
            _setting(run.plan[name]) for run in facts.runs if run.plan.get(name) is not None
        )
        if values:
            yield name.replace("_", " "), "; ".join(values)


def _setting(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _headline(facts: ReportFacts) -> Iterator[Figure]:
    bootstrap = "bootstrap over problems"
    problems = facts.problems
    solved = sum(problem.state == "solved" for problem in problems)
    share = wilson(solved, len(problems))
    yield Figure(
        "Solved",
        text.percent(share.low),
        f"{solved} of {len(problems)} problems",
        text.interval(share),
        "Wilson",
    )
    if any(problem.choice and problem.choice.rules.subtasks for problem in problems):
        points = tables.points(problems)
        yield Figure("Points held", text.percent(points.low), "", text.interval(points), bootstrap)
    everything = _everything(facts)
    if everything:
        one = facts.curves[0].points[0][1]
        meaning = "a candidate is right"
        yield Figure("pass@1", text.share(one), meaning, text.interval(one), bootstrap)
        name = "Sampled right" if _uneven(facts) else f"pass@{facts.counts[-1]}"
        meaning = "of the problems have a right candidate"
        yield Figure(name, text.share(everything), meaning, text.interval(everything), bootstrap)
    for name, values, shown in (
        ("Candidates per problem", [float(problem.candidates) for problem in problems], text.count),
        (
            "Tokens per problem",
            [float(problem.calls.charged_tokens) for problem in problems],
            text.count,
        ),
        ("Time per problem", [sum(problem.stages.values()) for problem in problems], text.seconds),
    ):
        if any(values):
            average = mean_of_known(values)
            span = f"{shown(average.interval_low)} to {shown(average.interval_high)}"
            yield Figure(name, shown(average.low), f"{shown(sum(values))} in all", span, bootstrap)
    wall_s = sum(run.wall_s for run in facts.runs)
    if wall_s:
        yield Figure("Wall time", text.seconds(wall_s), "of all sessions")
    usd = facts.calls.usd
    each = f"{text.dollars(usd / solved)} per solved problem" if usd and solved else ""
    yield Figure("Cost", text.dollars(usd), each)


def _uneven(facts: ReportFacts) -> tuple[int, int] | None:
    """The fewest and the most candidates of a problem, where these differ."""
    numbers = [problem.candidates for problem in facts.chosen]
    return (min(numbers), max(numbers)) if len(set(numbers)) > 1 else None


def _everything(facts: ReportFacts) -> IntervalEstimate | None:
    """The share that submitting every candidate would solve."""
    if not facts.chosen:
        return None
    return mean(
        [
            EstimateBounds(float(problem.right > 0), float(problem.right + problem.unknown > 0))
            for problem in facts.chosen
        ]
    )


def _told(facts: ReportFacts) -> Iterator[Told]:
    most = max(400, min(6000, _SOURCES // len(facts.problems)))
    detailed = max(2, min(10, _DETAILED // len(facts.problems)))
    for number, one in enumerate(facts.problems, 1):
        right = str(one.right)
        if one.unknown:
            right += f" to {one.right + one.unknown}"
        program = _handed_in(one)
        source = "" if program is None else cut_middle(program.source, most)
        yield Told(f"p{number}", one, right, _lost(one), program, source, detailed)


def _lost(problem: ProblemFacts) -> dict[str, float]:
    if problem.choice is None or not problem.choice.complete:
        return {}
    lost = losses(problem.choice).items()
    return {cause: points for cause, points in lost if cause != "gained" and points > 0}


def _sources(facts: ReportFacts) -> dict[str, list[str]]:
    """Where problems come from, with the licence, to their titles."""
    sources: dict[str, list[str]] = {}
    for problem in facts.problems:
        parts = (problem.about.source, problem.about.license)
        if any(parts):
            sources.setdefault(", ".join(part for part in parts if part), []).append(problem.title)
    return sources


def _handed_in(problem: ProblemFacts) -> Program | None:
    """The best program that was submitted, else the first of the largest cluster."""
    choice = problem.choice
    if choice is None or not choice.view.programs:
        return None
    programs: Mapping[str, Any] = {program.program_id: program for program in choice.view.programs}
    if choice.history:
        best = max(choice.history, key=lambda item: (item[1].solved, item[1].score or 0.0))
        return programs.get(best[0].program_id)
    first = choice.view.clusters[0].programs[0] if choice.view.clusters else next(iter(programs))
    return programs.get(first)
