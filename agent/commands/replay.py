"""`medalist replay`: any policy over recorded evidence, without model and sandbox."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table as Screen

from medalist.agent.choose.examples import examples
from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.choose.fitting import fit_without
from medalist.agent.choose.policies import POLICIES, policy_named
from medalist.agent.choose.policy import Policy, PolicyRules
from medalist.agent.choose.policy_replay import (
    Draws,
    MeanInterval,
    Scores,
    compare,
    gap_closed,
    holm,
    mean_interval,
    measure,
)
from medalist.agent.choose.recorded_choice import RecordedChoice, choices, each_decision
from medalist.agent.choose.recorded_pool import Recorded, read_pool
from medalist.agent.commands.console import json_line, out, say
from medalist.agent.commands.curves import curves
from medalist.agent.commands.kind_names import KindName
from medalist.agent.commands.replay_rounds import round_lines, rounds_result
from medalist.agent.journal import Journal
from medalist.agent.scale.scale_source import rules_of_pool
from medalist.agent.types import Submission
from medalist.errors import BadInput

_COMPARED_WITH = "random"


def replay(
    source: Annotated[
        Path | None, typer.Argument(help="A run directory, or a pool (.jsonl, .jsonl.xz).")
    ] = None,
    pool: Annotated[Path | None, typer.Option(help="The same as the argument.")] = None,
    policy: Annotated[
        list[str] | None,
        typer.Option(help=f"May be repeated: {', '.join(POLICIES)}, or a Python file. All."),
    ] = None,
    submissions: Annotated[str, typer.Option(help="Comma-separated numbers.")] = "1,10,50",
    resamples: Annotated[int, typer.Option(min=1, help="Random orders per problem.")] = 20,
    candidates: Annotated[
        int | None, typer.Option(min=1, help="Draw N candidates per problem (n@k).")
    ] = None,
    rules: Annotated[
        KindName | None,
        typer.Option(help="Rules of a pool's problems; a run has its own."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only verify that the run's own choices are reproduced.")
    ] = False,
    held_out: Annotated[
        bool,
        typer.Option(
            "--held-out",
            help="Fit the weights of `medalist` for each problem on the other problems; those that "
            "ship may have seen the pool. Needs numpy.",
        ),
    ] = False,
    picture: Annotated[Path | None, typer.Option(help="Also draw it, as SVG.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Replay policies over a run or a pool and compare how much they gain."""
    path = source or pool
    if path is None:
        raise BadInput("give a run directory or a pool", field="RUN|POOL")
    if check:
        _check(path, as_json=as_json)
        return
    counts = numbers(submissions)
    chosen = [policy_named(name) for name in (policy or POLICIES)]
    if _COMPARED_WITH not in [policy.name for policy in chosen]:
        chosen.insert(0, policy_named(_COMPARED_WITH))
    problems, own_rules = load_recorded(path, rules)
    scores = measure(
        problems,
        _held_out(problems, chosen) if held_out else chosen,
        lambda one: own_rules[one.problem_id],
        Draws(submissions=counts, resamples=resamples, candidates=candidates),
    )
    result = _result(scores, chosen, counts)
    if path.is_dir() and (rounds := rounds_result(path, chosen)):
        result["rounds"] = rounds
    if picture is not None:
        _draw(result, picture)
    if as_json:
        json_line(result)
    else:
        _show(result, counts)


def _held_out(
    problems: Sequence[Recorded], chosen: Sequence[Policy]
) -> Callable[[Recorded], list[Policy]]:
    """Return which policies play on a problem: the fitted one with weights that never saw it."""
    described = [examples(problem) for problem in problems]
    places = {one.problem_id: place for place, one in enumerate(problems)}
    if sum(map(bool, described)) < 2:
        raise BadInput("there are no other problems to fit on", field="--held-out")

    def policies(one: Recorded) -> list[Policy]:
        fitted = ExpectedGain(fit_without(described, places[one.problem_id]))
        return [fitted if policy.name == fitted.name else policy for policy in chosen]

    return policies


def numbers(text: str) -> list[int]:
    """Read `--submissions`."""
    try:
        values = sorted({int(part) for part in text.split(",")})
    except ValueError as error:
        raise BadInput(f"{text!r} is not a list of numbers", field="--submissions") from error
    if not values or values[0] < 1:
        raise BadInput("numbers must be at least 1", field="--submissions")
    return values


def load_recorded(path: Path, rules: str | None) -> tuple[list[Recorded], dict[str, PolicyRules]]:
    """Read the problems of a run directory or a pool, and under which rules they are played."""
    if path.is_dir():
        with Journal.open(path, readonly=True) as journal:
            recorded = choices(journal)
        unknown = sum(not choice.complete for choice in recorded)
        if unknown:
            say(
                f"{unknown} of {len(recorded)} problems have programs that were never judged; they "
                "count as rejected (`medalist regret` judges them)"
            )
        return [choice.replayable() for choice in recorded], {
            choice.problem_id: choice.rules for choice in recorded
        }
    problems = list(read_pool(path))
    if not problems:
        raise BadInput("holds no problem", file=path)
    return problems, {problem.problem_id: rules_of_pool(problem, rules) for problem in problems}


def _check(path: Path, *, as_json: bool) -> None:
    """Replay each problem with the run's own policy and compare with what was submitted."""
    with Journal.open(path, readonly=True) as journal:
        recorded = choices(journal)
        differing = list(
            dict.fromkeys(
                one.problem_id
                for one, place in each_decision(journal)
                if not _reproduced(one, place)
            )
        )
    made = sum(len(choice.history) for choice in recorded)
    if as_json:
        json_line({"problems": len(recorded), "submissions": made, "differing": differing})
    else:
        say(
            f"{made} submissions to {len(recorded)} problems: "
            + (f"these differ: {', '.join(differing)}" if differing else "all reproduced")
        )
    if differing:
        raise typer.Exit(1)


def _reproduced(one: RecordedChoice, place: int) -> bool:
    """Whether the run's policy makes a submission again, knowing what was known then."""
    if place >= len(one.history):
        return False  # what was submitted is not even among the programs
    decision = policy_named(one.policy).decide(one.view, one.history[:place], one.rules)
    made, _ = one.history[place]
    return isinstance(decision, Submission) and decision.program_id == made.program_id


def _result(scores: Scores, chosen: Sequence[Policy], counts: Sequence[int]) -> dict[str, Any]:
    policies = {
        policy.name: {
            str(k): {
                **_interval(mean_interval(scores.by_problem[policy.name][k])),
                "gap_closed": gap_closed(scores, policy.name, k).mean,
            }
            for k in counts
        }
        for policy in chosen
    }
    best = max(policies, key=lambda name: sum(policies[name][str(k)]["mean"] for k in counts))
    compared = {
        f"{name} at {k}": compare(scores, best, name, k)
        for name in policies
        if name != best
        for k in counts
    }
    corrected = holm({key: one.p_value for key, one in compared.items()})
    return {
        "problems": len(scores.problems),
        "everything": sum(scores.everything) / len(scores.everything),
        "policies": policies,
        "best_policy": best,
        "comparisons": {
            key: {**_interval(one.difference), "p": corrected[key]} for key, one in compared.items()
        },
    }


def _interval(one: MeanInterval) -> dict[str, float]:
    return {"mean": one.mean, "lo": one.low, "hi": one.high}


def _show(result: dict[str, Any], counts: Sequence[int]) -> None:
    screen = Screen(
        title=f"{result['problems']} problems, everything submitted {result['everything']:.3f}"
    )
    screen.add_column("policy", no_wrap=True)
    for k in counts:
        screen.add_column(f"within {k}", justify="right")
        screen.add_column("gap", justify="right")
    for name, cells in result["policies"].items():
        row = [name]
        for k in counts:
            cell = cells[str(k)]
            row.append(f"{cell['mean']:.3f} [{cell['lo']:.3f}, {cell['hi']:.3f}]")
            row.append(f"{cell['gap_closed']:.2f}")
        screen.add_row(*row)
    out.print(screen)
    for line in round_lines(result.get("rounds", {})):
        out.print(line, markup=False)
    out.print(f"{result['best_policy']} against the others (p corrected after Holm):")
    for key, one in result["comparisons"].items():
        out.print(
            f"  {key}: {one['mean']:+.3f} [{one['lo']:+.3f}, {one['hi']:+.3f}], p = {one['p']:.3f}",
            markup=False,
        )


def _draw(result: dict[str, Any], path: Path) -> None:
    lines = {
        name: [(float(k), cell["mean"]) for k, cell in cells.items()]
        for name, cells in result["policies"].items()
    }
    text = curves(lines, across="submissions", up="gain", top=result["everything"])
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(error.strerror or str(error), file=path) from error
