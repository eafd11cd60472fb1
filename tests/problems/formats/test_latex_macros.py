"""Macros and olymp.sty's forms in LaTeX statements, as `medalist problems show` has them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from medalist.agent.commands.main import app
from medalist.problems.formats.latex import convert

# Each macro is ten of the one before: the last is 10^21 letters long.
GROWING = r"\newcommand{\a}{xxxxxxxxxx}" + "".join(
    rf"\newcommand{{\{new}}}{{{old * 10}}}"
    for old, new in zip(
        [rf"\{c} " for c in "abcdefghijklmnopqrst"], "bcdefghijklmnopqrstu", strict=True
    )
)


def show(path: Path) -> dict[str, Any]:
    result = CliRunner().invoke(app, ["problems", "show", str(path), "--json"])
    assert result.exit_code == 0, result.output
    facts: dict[str, Any] = json.loads(result.stdout)
    return facts


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"\newcommand{\maxa}{123}At most \maxa{} in all, $a \le \maxa$.",
         "At most 123 in all, $a \\le 123$."),
        ("\\def\\maxb{10^5}\n$b \\le \\maxb$", "$b \\le 10^5$"),
        (r"\newcommand\n{7}\n\ of \n.", "7 of 7."),
        (r"\newcommand{\p}[2]{#2 after #1}\p{one}{\emph{two}}", "*two* after one"),
        (r"\newcommand{\p}[2][x]{#1-#2}\p{a} \p[b]{c}", "x-a b-c"),
        (r"\def\pair#1#2{(#1, #2)}$\pair ab$", "$(a, b)$"),
        (r"\newcommand{\a}{\b}\newcommand{\b}{5}\a", "5"),
        (r"\newcommand{\x}{1}\renewcommand{\x}{2}\providecommand{\x}{3}\x", "2"),
        (r"\let\old\textbf\old{bold}", "**bold**"),
        (r"\DeclareMathOperator{\lcm}{lcm}$\lcm(a,b)$", "$\\operatorname{lcm}(a,b)$"),
        (r"\newcommand{\x}{1}\verb|\x| \x", "`\\x` 1"),
        ("\\newcommand{\\x}{1}\n\\begin{verbatim}\n\\x\n\\end{verbatim}\n", "```\n\\x\n```"),
        ("\\newcommand{\\x}{1}\n\\begin{document}\nIs \\x.\n\\end{document}", "Is 1."),
        ("% \\newcommand{\\x}{1}\n\\textbf{y}", "**y**"),
        (r"\newcommand{\le}{<}\x", ""),
    ],
)  # fmt: skip
def test_macros_that_a_statement_defines_are_replaced(source: str, text: str) -> None:
    assert convert(source).text.strip() == text


@pytest.mark.parametrize(
    "source",
    [
        r"\def\a{\a\a}\a",
        r"\newcommand{\a}[9]{#1#2}" + r"\a" * 3000,
        r"\newcommand{\a}{" * 500,
        GROWING + "\\u",
        r"\def\a#1{#1\a{#1#1}}\a{x}",
        "\\let\\a\\b\\let\\b\\a\\a\\b",
    ],
)  # fmt: skip
def test_macros_without_an_end_are_left_alone(source: str) -> None:
    assert len(convert(source).text) < 1 << 22


def test_limits_and_files_of_samples_in_olymp_sty(tmp_path: Path) -> None:
    (tmp_path / "01").write_text("1 2\n")
    (tmp_path / "01.a").write_text("3\n")
    path = tmp_path / "sum.tex"
    path.write_text(
        "\\begin{problem}{Sum}{sum.in}{sum.out}{1500 мс}{$64$ MB}\nAdd.\n\\InputFile\nTwo.\n"
        "\\OutputFile\nOne.\n\\Examples\n\\begin{example}\n\\exmpfile{01}{01.a}%\n"
        "\\exmp{4 \\_ \\#}{9}%\n\\exmpfile{../secret}{../secret.a}\n\\end{example}\n"
        "\\Explanation\nEasy.\n\\end{problem}\n"
    )
    facts = show(path)
    assert (facts["title"], facts["time_s"], facts["memory_mb"]) == ("Sum", 1.5, 64)
    assert [(s["input"], s["output"]) for s in facts["sample_data"]] == [
        ("1 2\n", "3\n"),
        ("4 _ #\n", "9\n"),
    ]
    assert "there is no file ../secret, ../secret.a" in facts["doubts"][0]
    assert "the statement names sum.in and sum.out" in facts["doubts"][1]
    assert "## Explanation" in facts["statement"]


@pytest.mark.parametrize(
    ("arguments", "time_s", "memory_mb"),
    [
        ("{A}{stdin}{stdout}{2 seconds}{256 megabytes}", 2, 256),
        ("{A}{стандартный ввод}{стандартный вывод}{0,5 секунды}{1 гигабайт}", 0.5, 1024),
        ("{A}{stdin}{stdout}{1 s}", 1, 1024),
        ("{A}{stdin}{stdout}{\\tl}{\\ml}", 3, 32),
        ("{A}", None, 1024),
        ("{A}{stdin}{stdout}{}{}", None, 1024),
    ],
)
def test_arguments_of_the_problem_environment(
    tmp_path: Path, arguments: str, time_s: float | None, memory_mb: int
) -> None:
    path = tmp_path / "a.tex"
    path.write_text(
        "\\newcommand{\\tl}{3 s}\\newcommand{\\ml}{32 MiB}\n"
        f"\\begin{{problem}}{arguments}\nText of 7 seconds.\n\\end{{problem}}\n"
    )
    facts = show(path)
    assert (None if facts["time_assumed"] else facts["time_s"]) == time_s
    assert facts["memory_mb"] == memory_mb
    assert facts["title"] == "A"
