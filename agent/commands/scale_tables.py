"""The tables that `medalist scale` prints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.markup import escape
from rich.table import Table as Screen

from medalist.agent.commands.console import data, out, printable
from medalist.agent.report.number_text import dollars, short


def show(result: Mapping[str, Any]) -> None:
    """Print tables of a result (`scale_result`), or of the three numbers alone."""
    for item in result.get("strategies", ()):
        _curves(item)
        _law(item)
    several = len(result.get("strategies", ())) > 1
    for table in result.get("matched", ()):
        if several:  # else the curves say it
            _matched(table)
    for table in result.get("frontier", ()):
        if table["rows"] and (several or table["submissions"] is not None):
            _frontier(table)
    _three(result["three_numbers"])


def _curves(one: Mapping[str, Any]) -> None:
    screen = Screen(title=f"{_name(one['name'])}: {one['problems']} problems, points by samples")
    screen.add_column("samples", justify="right")
    units = [unit for unit in one["curves"][0]["points"][0]["costs"] if unit != "samples"]
    for unit in units:
        screen.add_column(unit, justify="right")
    for curve in one["curves"]:
        screen.add_column(_name(_chooser(curve)))
    for rows in zip(*(curve["points"] for curve in one["curves"]), strict=True):
        costs = [_cost(rows[0]["costs"][unit], unit) for unit in units]
        screen.add_row(str(rows[0]["k"]), *costs, *(_range(row, "mean") for row in rows))
    out.print(screen)


def _chooser(curve: Mapping[str, Any]) -> str:
    if curve["submissions"] is None:
        return "unlimited"
    return f"{curve['submissions']} by {curve['policy']}"


def _law(one: Mapping[str, Any]) -> None:
    law, test = one["law"], one["held_out"]
    if law is None:
        data(f"{one['name']}: no law can be fitted (no sample is right, all are, or one was drawn)")
        return
    data(
        f"{one['name']}: coverage = exp(-a k^-b) for k up to {law['fitted_up_to']}, "
        f"a = {_range(law['a'])}, b = {_range(law['b'])}, mean error {law['error']:.4f}"
    )
    far = "; ".join(f"{row['k']} samples {_range(row)}" for row in law["beyond"])
    data(f"{one['name']}: extrapolated, not measured: {far}")
    if test is not None:
        data(
            f"{one['name']}: put to the test: fitted on {test['seen']} samples, the mean error up "
            f"to {test['most']} is {_range(test['error'])} (bias {test['bias']:+.3f}; a flat line: "
            f"{test['error_of_a_flat_line']:.3f}); it predicts {_range(test['predicted'])} at "
            f"{test['most']}, measured {test['measured']:.3f}"
        )


def _matched(table: Mapping[str, Any]) -> None:
    unit = table["unit"]
    screen = Screen(title=f"points at the same {unit} per problem, {_allowed(table)}")
    screen.add_column(unit, justify="right")
    for name in table["curves"]:
        screen.add_column(_name(name))
    for row in table["rows"]:
        cells = ("" if value is None else f"{value:.3f}" for value in row["points"])
        screen.add_row(_cost(row["cost"], unit), *cells)
    out.print(screen)


def _frontier(table: Mapping[str, Any]) -> None:
    unit = table["unit"]
    screen = Screen(title=f"best by {unit} per problem, {_allowed(table)}")
    screen.add_column("from", justify="right")
    for name in ("strategy", "samples", "points"):
        screen.add_column(name)
    for row in table["rows"]:
        screen.add_row(
            _cost(row["from"], unit), _name(row["curve"]), str(row["k"]), _range(row, "mean")
        )
    out.print(screen)


def _three(rows: list[Mapping[str, Any]]) -> None:
    screen = Screen("strategy", "submissions", "problems", "random", "chosen", "all")
    for row in rows:
        chosen = [f"{_name(name)} {_range(one, 'mean')}" for name, one in row["chosen"].items()]
        screen.add_row(
            _name(row["strategy"]),
            row["submissions"],
            str(row["problems"]),
            _range(row["random"], "mean"),
            "\n".join(chosen) or "-",
            _range(row["all"], "mean"),
        )
    out.print(screen)


def _name(text: str) -> str:
    return escape(printable(text))


def _allowed(table: Mapping[str, Any]) -> str:
    n = table["submissions"]
    return "unlimited submissions" if n is None else f"{n} submission{'s' * (n > 1)}"


def _cost(value: float, unit: str) -> str:
    return dollars(value) if unit == "dollars" else short(value)


def _range(one: Mapping[str, Any], name: str = "value") -> str:
    if one["lo"] is None:
        return f"{one[name]:.3f}"
    return f"{one[name]:.3f} [{one['lo']:.3f}, {one['hi']:.3f}]"
