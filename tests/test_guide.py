"""Every code block of the guide does what its page says."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from medalist.agent.llm.scripted.scripted import ScriptedEndpoint
from tests.error_lines import error_lines, fits
from tests.guide_blocks import blocks_of, commands_named, guide_pages, indented_lines
from tests.guide_session import Session, answer, lacking

PAGES = guide_pages()
FIRST = PAGES[:8]
DOCS = Path(__file__).parents[1] / "docs"
README = DOCS.parent / "README.md"
_READ: dict[str, Callable[[str], object]] = {
    "json": json.loads,
    "toml": tomllib.loads,
    "yaml": yaml.safe_load,
}
# Run, read, or shown: a pattern of a command, a formula, a drawing, a build file of another tool.
_LANGUAGES = {"console", "python", "sh", "text", "dockerfile", "markdown", *_READ}


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    with ScriptedEndpoint(answer, model="writer") as endpoint:
        yield Session(tmp_path_factory.mktemp("guide"), endpoint)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_block_of_a_page_is_fenced_and_of_a_known_kind(page: Path) -> None:
    # What stands indented in the pages in depth are patterns of commands, whose names are checked.
    assert page not in FIRST or not indented_lines(page)
    for block in blocks_of(page):
        assert block.language in _LANGUAGES, f"{page.name}:{block.line}: {block.language!r}"
        if block.language in _READ:
            _READ[block.language](block.text)
        if block.language == "console":
            assert block.text.startswith("$ ")


@pytest.mark.local
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_transcripts_of_a_page_come_out_again(page: Path, session: Session) -> None:
    blocks = blocks_of(page)
    if missing := lacking(blocks):
        pytest.skip(f"no {missing} on this machine")
    printed = session.page(blocks)
    if page.name == "python.md":
        assert "behave alike" in printed
        assert (session.folder / "runs/warmer/journal.sqlite").is_file()


def _commands() -> dict[str, set[str]]:
    """The names of all commands, and the options of each."""
    listed = re.split(r"^## `(medalist [^`]+)`$", (DOCS / "cli.md").read_text("utf-8"), flags=re.M)
    names = iter(listed[1:])
    return {
        name: set(
            re.findall(r"(?<![\w-])--?[a-z][a-z-]*", re.sub(r"^    .*$", "", text, flags=re.M))
        )
        for name, text in zip(names, names, strict=True)
    }


@pytest.mark.parametrize("page", [*sorted(DOCS.glob("*.md")), README], ids=lambda page: page.stem)
def test_a_page_names_commands_and_options_that_exist(page: Path) -> None:
    commands = _commands()
    for line in commands_named(page):
        name = next((name for name in commands if f"{line} ".startswith(f"{name} ")), line)
        assert any(f"{command} ".startswith(f"{name} ") for command in commands), line
        for option in re.findall(r"(?<=\s)--?[a-z][a-z-]+(?=[\s=\])]|$)", line):
            assert option in commands.get(name, ()), f"{line}: {option}"


def _lines_of_troubleshooting() -> list[str]:
    page = next(page for page in PAGES if page.name == "troubleshooting.md")
    rows = re.findall(r"^\| (`.*?) \|", page.read_text(encoding="utf-8"), re.M)
    span = re.compile(r"(?:^|, )(``?) ?(.+?) ?\1(?=, `|$| with)")
    return [match[2] for row in rows for match in span.finditer(row)]


def test_troubleshooting_names_lines_that_the_source_has() -> None:
    messages = {message for _, message in error_lines()}
    assert len(_lines_of_troubleshooting()) > 80
    for line in _lines_of_troubleshooting():
        assert any(fits(line, message) for message in messages), line


def test_troubleshooting_has_every_line_about_what_is_missing() -> None:
    lines = _lines_of_troubleshooting()
    for kind, message in error_lines():
        if kind in ("MissingPrerequisite", "EngineError") and message != "...":
            assert any(fits(line, message) for line in lines), message
