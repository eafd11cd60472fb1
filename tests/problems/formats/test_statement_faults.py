"""Damaged statements: read or refused in one line, and constants of packages in statements."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from medalist.errors import BadInput
from medalist.problems.formats import load

FOLDER = Path(__file__).parents[2] / "data" / "statements"
SCRAPS = [
    "```",
    "Sample Output",
    "|---|---|",
    "\\def\\x{",
    "【样例",
    "<pre>",
    "\t",
    "$",
    "\x00",
    "{",
]


def damaged(text: str, chance: random.Random) -> str:
    """Return a statement with lines lost, doubled, moved, cut or mixed with marks."""
    lines = text.split("\n")
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(lines))
        line = lines[place]
        match chance.randrange(6):
            case 0:
                del lines[place : place + chance.randint(1, 3)]
            case 1:
                lines.insert(place, line)
            case 2:
                lines[place] = line[: chance.randint(0, len(line))]
            case 3:
                lines.insert(place, chance.choice(SCRAPS))
            case 4:
                lines[place : place + 2] = [" ".join(lines[place : place + 2])]
            case _:
                chance.shuffle(lines)
        lines = lines or [""]
    return "\n".join(lines)


@pytest.mark.parametrize("seed", range(4))
def test_damaged_statements_give_a_problem_or_one_line(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    paths = sorted(path for path in FOLDER.iterdir() if path.suffix != ".json")
    for path in chance.sample(paths, 40):
        copy = tmp_path / path.name
        copy.write_text(damaged(path.read_text("utf-8"), chance), "utf-8")
        try:
            problem = load(copy)
        except BadInput as error:
            assert "\n" not in str(error)  # noqa: PT017 (either is right)
            continue
        assert problem.public.samples or any("samples: " in doubt for doubt in problem.doubts)
        assert all("\n" not in doubt for doubt in problem.doubts)


@pytest.mark.parametrize("ending", ["tex", "md"])
def test_constants_of_a_package_stand_in_its_statement(
    package: Callable[..., Path], tmp_path: Path, ending: str
) -> None:
    statement = "Up to {{maxn}} of them, $n \\le {{maxn}}$."
    if ending == "tex":
        statement += " At most \\constant{maxn}, \\most{}. \\newcommand{\\most}{{{maxn}}}"
        statement = "\\newcommand{\\most}{{{maxn}}}\n" + statement
    folder = package(
        tmp_path,
        {
            "problem.yaml": "problem_format_version: 2025-09\nname: A\nlicense: cc0\n"
            "constants: {maxn: 12345}\n",
            f"statement/problem.en.{ending}": statement,
        },
    )
    shown = load(folder).public.statement()
    assert "Up to 12345 of them, $n \\le 12345$." in shown
    assert "{" not in shown
    assert shown.count("12345") == (2 if ending == "md" else 4)
