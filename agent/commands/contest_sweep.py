"""`medalist contest sweep`: the same candidates under one, ten, fifty, ... and any number of
submissions.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box
from rich.table import Table as Screen

from medalist.agent.choose.policies import POLICIES, policy_named
from medalist.agent.choose.policy import PolicyRules
from medalist.agent.choose.policy_replay import Draws, Scores, mean_interval, measure
from medalist.agent.choose.recorded_pool import Recorded
from medalist.agent.commands import options
from medalist.agent.commands.console import data, json_line, out, say
from medalist.agent.commands.curves import curves
from medalist.agent.commands.kind_names import KindName
from medalist.agent.commands.replay import load_recorded, numbers
from medalist.agent.contest.run import PARTICIPANTS
from medalist.errors import BadInput

_FULL = 100.0
# OpenAI, "Competitive Programming with Large Reasoning Models", arXiv 2502.06807, section 3:
# IOI 2024, six problems of 100 points, one model (o1-ioi) on the same problems.
O1_IOI_FULL = 600.0
O1_IOI = {50: 213.0, 10_000: 362.14}
O1_IOI_RANDOM = {50: 156.0}
_LABEL = (
    "o1-ioi's published points (IOI 2024, 6 problems, 600 points) are of another model and other "
    "problems: they show the shape of the gap, not a comparison."
)


def contest_sweep(
    source: Annotated[
        Path, typer.Argument(help="A run, a contest run, or a pool (.jsonl, .jsonl.xz).")
    ],
    submissions: Annotated[
        str, typer.Option(help="Comma-separated numbers, and `all` for every program.")
    ] = "1,10,50,500,all",
    policy: Annotated[
        list[str] | None, typer.Option(help=f"May be repeated: {', '.join(POLICIES)}, or a file.")
    ] = None,
    resamples: Annotated[int, typer.Option(min=1, help="Random orders per problem.")] = 5,
    rules: Annotated[
        KindName | None,
        typer.Option(help="Rules of a pool's problems; a run has its own."),
    ] = None,
    picture: Annotated[Path | None, typer.Option(help="Also draw it, as SVG.")] = None,
    as_json: Annotated[bool, options.JSON] = False,
) -> None:
    """Replay the same candidates under several numbers of submissions, in points of 100 a problem.

    Nothing is generated or judged: a program that no judge has seen counts as rejected.
    """
    words = [word.strip() for word in submissions.split(",")]
    counts = numbers(",".join(word for word in words if word != "all") or "1")
    pool, own = _load(source, rules)
    chosen = [policy_named(name) for name in dict.fromkeys(policy or ("medalist", "random"))]
    scores = measure(
        pool,
        chosen,
        lambda one: replace(own[one.problem_id], wrong_cost=0.0),
        Draws(submissions=counts, resamples=resamples),
    )
    result = _result(scores, pool, counts, with_all="all" in words)
    if picture is not None:
        _draw(result, picture)
    if as_json:
        json_line(result)
    else:
        _show(result)
    say(_LABEL)


def _load(path: Path, rules: str | None) -> tuple[list[Recorded], dict[str, PolicyRules]]:
    """Read a pool or run; of a contest run, all problems of all participants."""
    if not (path / PARTICIPANTS).is_dir():
        return load_recorded(path, rules)
    pool: list[Recorded] = []
    own: dict[str, PolicyRules] = {}
    for folder in sorted((path / PARTICIPANTS).iterdir()):
        problems, known = load_recorded(folder, rules)
        for problem in problems:
            name = f"{folder.name}/{problem.problem_id}"
            pool.append(Recorded(name, problem.view, problem.truth))
            own[name] = known[problem.problem_id]
    if not pool:
        raise BadInput("nobody played in this run", file=path)
    return pool, own


def _result(
    scores: Scores, pool: list[Recorded], counts: list[int], *, with_all: bool
) -> dict[str, Any]:
    budgets = [str(count) for count in counts] + ["all"] * with_all
    policies: dict[str, Any] = {}
    for name, columns in scores.by_problem.items():
        by_budget = {str(count): columns[count] for count in counts}
        if with_all:
            by_budget["all"] = scores.everything
        policies[name] = {budget: _points(values) for budget, values in by_budget.items()}
    return {
        "problems": len(scores.problems),
        "full": _FULL * len(scores.problems),
        "candidates": sum(sum(recorded.view.votes.values()) for recorded in pool),
        "programs": sum(len(recorded.view.programs) for recorded in pool),
        "most_programs": max(len(recorded.view.programs) for recorded in pool),
        "budgets": budgets,
        "policies": policies,
        "published": {
            "note": _LABEL,
            "source": "arXiv 2502.06807, IOI 2024",
            "full": O1_IOI_FULL,
            "o1-ioi": {str(count): points for count, points in O1_IOI.items()},
            "o1-ioi, 50 at random": {str(count): one for count, one in O1_IOI_RANDOM.items()},
        },
    }


def _points(values: tuple[float, ...]) -> dict[str, float]:
    """Points of all problems together, with the interval over problems."""
    interval = mean_interval(values)
    full = _FULL * len(values)
    return {"points": full * interval.mean, "lo": full * interval.low, "hi": full * interval.high}


def _show(result: dict[str, Any]) -> None:
    title = f"points of {result['full']:g} ({result['problems']} problems), by submissions allowed"
    screen = Screen(title=title, box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    screen.add_column("policy", no_wrap=True)
    for budget in result["budgets"]:
        screen.add_column(budget, justify="right")
    for name, cells in result["policies"].items():
        row = [
            f"{cells[budget]['points']:.0f} [{cells[budget]['lo']:.0f}, {cells[budget]['hi']:.0f}]"
            for budget in result["budgets"]
        ]
        screen.add_row(name, *row)
    out.print(screen)
    full = result["published"]["full"]
    for name in ("o1-ioi", "o1-ioi, 50 at random"):
        points = result["published"][name].items()
        parts = (f"{one:g} at {count} ({one / full:.1%})" for count, one in points)
        data(f"published, of {full:g} points: {name} {', '.join(parts)}")
    data(
        f"candidates {result['candidates']}, distinct programs {result['programs']} "
        f"(maximum per problem {result['most_programs']})"
    )


def _draw(result: dict[str, Any], path: Path) -> None:
    full = result["full"]

    def place(budget: str) -> float:
        return float(result["most_programs"] if budget == "all" else budget)

    lines = {
        name: sorted((place(budget), cell["points"] / full) for budget, cell in cells.items())
        for name, cells in result["policies"].items()
    }
    for name in ("o1-ioi", "o1-ioi, 50 at random"):
        points = result["published"][name].items()
        lines[f"{name}*"] = [(float(count), one / O1_IOI_FULL) for count, one in points]
    top = max(y for points in lines.values() for _, y in points)
    text = curves(
        lines,
        across="submissions per problem (* published, IOI 2024: other model, other problems)",
        up="share of the points",
        top=top,
    )
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(error.strerror or str(error), file=path) from error
