"""Whose a problem is survives a conversion: licences ask for it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from tests.agent.command import medalist
from tests.problems.formats.small_packages import LEGACY, write_files

from medalist.problems.formats import load

NAMES = ("Ada Author", "Bo Writer")


@pytest.mark.parametrize(
    ("said", "authors"),
    [
        ("author: Ada Author, Bo Writer", NAMES),
        ("author: Ada Author and Bo Writer", NAMES),
        ("author: [Ada Author, Bo Writer <bo@example.org>]", NAMES),
        ("credits: Ada Author <ada@example.org>", NAMES[:1]),
        ("credits: {authors: [Ada Author, {name: Bo Writer, kattis: bo}], testers: X}", NAMES),
        ("credits: {testers: X}", ()),
        ("credits: 7", ()),
        ("credits: {authors: [{name: null, kattis: x}, Bo Writer]}", NAMES[1:]),
    ],
)
def test_authors_in_every_spelling(tmp_path: Path, said: str, authors: tuple[str, ...]) -> None:
    package = write_files(tmp_path / "echo", {**LEGACY, "problem.yaml": f"name: T\n{said}\n"})
    assert load(package).public.authors == authors


@pytest.mark.parametrize(
    ("said", "owner"),
    [
        ("rights_owner: A Contest", "A Contest"),
        ("rights_owner: [A Contest, Ada Author <ada@example.org>]", "A Contest, Ada Author"),
        ("rights_owner: {name: A Contest}", "A Contest"),
        ("rights_owner: 2024", "2024"),
        ("rights_owner:", None),
    ],
)
def test_an_owner_in_any_spelling_stops_no_package(
    tmp_path: Path, said: str, owner: str | None
) -> None:
    package = write_files(tmp_path / "echo", {**LEGACY, "problem.yaml": f"name: T\n{said}\n"})
    assert load(package).public.rights_owner == owner


def test_a_conversion_keeps_authors_and_owner(tmp_path: Path) -> None:
    said = "name: T\nauthor: Ada Author, Bo Writer\nrights_owner: A Contest\nlicense: cc by-sa\n"
    package = write_files(tmp_path / "echo", {**LEGACY, "problem.yaml": said})
    newer, back = tmp_path / "newer", tmp_path / "back"
    for source, kind, out in (
        (package, "kattis", newer),
        (newer / "echo", "kattis-legacy", back),
    ):
        done = medalist("problems", "convert", source, "--to", kind, "--out", out, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    wanted = {"rights_owner": "A Contest", "license": "cc by-sa"}
    meta = yaml.safe_load((newer / "echo/problem.yaml").read_text())
    assert meta["credits"] == {"authors": list(NAMES)}
    assert wanted.items() <= meta.items()
    meta = yaml.safe_load((back / "echo/problem.yaml").read_text())
    assert meta["author"] == "Ada Author, Bo Writer"
    assert wanted.items() <= meta.items()
