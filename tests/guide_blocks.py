"""The code blocks of the guide's pages: which there are, and how a transcript is compared."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
_FENCE = re.compile(
    r"^(?:<!-- not run: (?P<reason>[^\n]+) -->\n)?"
    r'^```(?P<language>\w*)(?: title="(?P<title>[^"\n]+)")?\n(?P<text>.*?)^```$',
    re.M | re.S,
)


_INDENTED = re.compile(r"(?<=\n\n)(?:    +\S[^\n]*\n)+")
_DECIMAL = re.compile(r"\d+\\\.\d+")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the file it stands for (`title`), why it is not run."""

    page: str
    line: int
    language: str
    title: str | None
    reason: str | None
    text: str


@dataclass(frozen=True)
class Step:
    """A command of a transcript, and the lines that it is said to print."""

    command: str
    expected: tuple[str, ...]


def guide_pages() -> list[Path]:
    """The pages of the shelf "Guide" in mkdocs.yml, in its order, without the generated one."""
    # The site's file names a tag of Python that a safe loader does not know; the shelf has none.
    nav = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    shelf = next(entry["Guide"] for entry in nav if "Guide" in entry)
    return [ROOT / "docs" / name for name in _names(shelf) if name != "cli.md"]


def _names(shelf: list[dict[str, object]]) -> list[str]:
    names: list[str] = []
    for entry in shelf:
        for page in entry.values():
            names += _names(page) if isinstance(page, list) else [str(page)]
    return names


def blocks_of(page: Path) -> list[Block]:
    """The fenced blocks of a page."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(
            page.name,
            text.count("\n", 0, match.start("text")),
            match["language"],
            match["title"],
            match["reason"],
            match["text"],
        )
        for match in _FENCE.finditer(text)
    ]


def indented_lines(page: Path) -> list[str]:
    """What Markdown takes for code because it is indented."""
    return _INDENTED.findall(_FENCE.sub("", page.read_text(encoding="utf-8")))


def commands_named(page: Path) -> list[str]:
    """The `medalist` commands that a page names, in blocks of any kind and between backquotes."""
    text = re.sub(r"\\\n\s*", "", page.read_text(encoding="utf-8"))
    blocks = "\n".join([*re.findall(r"^```.*?^```", text, re.M | re.S), *_INDENTED.findall(text)])
    lines = re.findall(r"^(?:    |\$ )?(medalist [a-z][^\n]*)", blocks, re.M)
    quoted = re.findall(r"`(medalist [a-z][^`]*)`", text.replace("\n", " "))
    commands = [re.sub(r"\"[^\"]*\"|'[^']*'", "''", line) for line in lines + quoted]
    return [" ".join(re.split(r"\s[#&>|]", line)[0].replace("[", "").split()) for line in commands]


def steps_of(transcript: str) -> list[Step]:
    """The commands after `$ ` (a backslash continues), each with the lines under it."""
    steps: list[tuple[str, list[str]]] = []
    open_ended = False
    for line in transcript.splitlines():
        if open_ended:
            command, said = steps.pop()
            steps.append((f"{command}\n{line}", said))
        elif line.startswith("$ "):
            steps.append((line[2:], []))
        else:
            steps[-1][1].append(line)
            continue
        open_ended = line.endswith("\\")
    return [Step(command, tuple(said)) for command, said in steps]


def words_of(command: str) -> list[str] | None:
    """The words of a plain `medalist` command; None if it needs a shell."""
    if not command.startswith("medalist ") or re.search(r"[|><;&$*~`{]", command):
        return None
    return shlex.split(command.replace("\\\n", " "), comments=True)[1:]


def matches(expected: tuple[str, ...], said: str) -> bool:
    """Whether what was printed is what is in the transcript.

    `...` stands for anything within a line, or for any lines. Numbers with a decimal point (times,
    beliefs, prices) match any other: they are of the machine, or of the weights of a version.
    """
    pattern = "".join(
        r"(?:[^\n]*\n)*" if line.strip() == "..." else _line(line) for line in expected
    )
    return (
        re.fullmatch(pattern, said if said.endswith("\n") or not said else said + "\n") is not None
    )


def _line(line: str) -> str:
    parts = [re.escape(part) for part in line.rstrip().split("...")]
    return _DECIMAL.sub(r"\\d+\\.\\d+", "[^\n]*".join(parts)) + "[ \t]*\n"
