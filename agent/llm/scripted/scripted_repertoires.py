"""What the scripted model knows of problems: labelled programs, and files of its helpers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path


@dataclass(frozen=True)
class LabelledProgram:
    """A program for a problem, and whether it is right; of a higher level it gets more points."""

    language: str
    source: str
    right: bool
    brute: bool = False
    level: int = 0


@dataclass(frozen=True)
class Repertoire:
    """What is known of one problem."""

    title: str
    programs: tuple[LabelledProgram, ...]
    generators: tuple[str, ...] = ()
    validators: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    checkers: tuple[str, ...] = ()
    faulty_checkers: tuple[str, ...] = ()


def read_repertoires(archive: Path, helpers: Path) -> list[Repertoire]:
    """Read what is known of the problems that have a folder in `helpers`.

    Args:
        archive: Problem packages, a folder each, with `problem.yaml` and labelled `submissions`.
        helpers: A folder a problem with files `generator*.py`, `validator*.py`, `tests*.txt` and,
            where many outputs may be right, `checker*.py` and `faulty-checker*.py`.
    """
    return [
        _repertoire(archive / folder.name, folder)
        for folder in sorted(helpers.iterdir())
        if folder.is_dir()
    ]


def _repertoire(package: Path, helpers: Path) -> Repertoire:
    title = re.search(r"^name:\s*(.+)$", (package / "problem.yaml").read_text(), re.MULTILINE)
    programs = []
    for path in sorted((package / "submissions").glob("*/*.*")):
        language = {".py": "python", ".cpp": "cpp"}.get(path.suffix)
        if language is not None:
            level = {"accepted": 2, "partially_accepted": 1}.get(path.parent.name, 0)
            is_brute = "brute" in path.stem
            programs.append(
                LabelledProgram(language, path.read_text(), level == 2, is_brute, level)
            )
    return Repertoire(
        title[1].strip("'\" ") if title else helpers.name,
        tuple(programs),
        *(
            tuple(path.read_text() for path in sorted(helpers.glob(pattern)))
            for pattern in (
                "generator*.py",
                "validator*.py",
                "tests*.txt",
                "checker*.py",
                "faulty-checker*.py",
            )
        ),
    )


_JUDGED = re.compile(
    r"^Program \d [^\n]*The judge showed: (?P<verdict>[A-Z]{2,3})\b(?P<shares>[^.\n]*)\.[^\n]*\n"
    r"(?P<fence>`{3,})\w*\n(?P<source>.*?)\n(?P=fence)$",
    re.DOTALL | re.MULTILINE,
)

_REFUTED = re.compile(
    r"^(?P<fence>`{3,})\w*\n(?P<source>[^`]*)\n(?P=fence)\s+It [^\n]* on a sample",
    re.MULTILINE,
)


def next_level(
    known: Repertoire, fitting: Sequence[LabelledProgram], text: str
) -> list[LabelledProgram]:
    """Return the programs of the level above the best of those shown with what the judge showed.

    A program counts only with the verdict that it gets, and, where shares of subtasks are told,
    with one that it holds.
    """
    asked = text.rpartition("</problem>")[2]
    judged = [
        (_closest(known, match["source"]), match["verdict"], match["shares"])
        for match in _JUDGED.finditer(asked)
    ]
    levels = [shown.level for shown, verdict, shares in judged if _fits(shown, verdict, shares)]
    # That a program fails on a sample says enough of one that gets nothing at all.
    refuted = [_closest(known, match["source"]).level for match in _REFUTED.finditer(asked)]
    levels += [level for level in refuted if level == 0]
    best = max(levels, default=-1)
    # A level that a problem has no program of is passed over.
    known_levels = sorted({item.level for item in fitting})
    wanted = next((level for level in known_levels if level > best), known_levels[-1])
    return [item for item in fitting if item.level == wanted]


def _fits(shown: LabelledProgram, verdict: str, shares: str) -> bool:
    """Whether what a judge is said to have shown can be of this program."""
    held = re.search(r"\b[1-9]\d* %", shares)
    in_part = shown.level == 0 or "%" not in shares or held is not None
    return (verdict == "AC") == shown.right and in_part


def are_right(known: Repertoire, sources: Sequence[str]) -> list[bool]:
    """Return for each program whether it is right, by the known program that it looks most like."""
    return [_closest(known, source).right for source in sources]


def _closest(known: Repertoire, source: str) -> LabelledProgram:
    """Return the known program that a program looks most like."""
    return max(
        known.programs,
        key=lambda one: SequenceMatcher(
            None, _squeezed(one.source), _squeezed(source), autojunk=False
        ).ratio(),
    )


def _squeezed(source: str) -> list[str]:
    """A program's lines without comments and layout, as far as no parser is needed for that."""
    lines = (re.sub(r"(#(?!include)|//).*|\s", "", line) for line in source.splitlines())
    return [line for line in lines if line]
