"""The charts as files."""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from medalist.agent.report.facts import read_facts
from medalist.agent.report.pictures import draw
from medalist.errors import BadInput, MissingPrerequisite
from tests.agent.report.test_page import hostile_run, ordinary_run


def test_every_chart_is_drawn_as_svg_and_png_and_the_same_each_time(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    ordinary_run(tmp_path / "run")
    facts = read_facts([tmp_path / "run"])
    first = list(draw(facts, tmp_path / "first"))
    names = {"scaling", "difficulty", "kind", "source", "candidates", "causes", "time", "latency"}
    assert {path.name for path in first} == {f"{name}.{end}" for name in names
                                             for end in ("svg", "png")}  # fmt: skip
    for path, again in zip(first, draw(facts, tmp_path / "second"), strict=True):
        assert path.read_bytes() == again.read_bytes()
        if path.suffix == ".svg":
            assert ElementTree.parse(path).getroot().tag.endswith("}svg")
        else:
            assert path.read_bytes().startswith(b"\x89PNG")


def test_names_in_pictures_are_no_markup(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    hostile_run(tmp_path / "run", "</text><script>$\\frac{1}{$\x1b[31m")
    for path in draw(read_facts([tmp_path / "run"]), tmp_path):
        if path.suffix == ".svg":
            tags = {item.tag.rpartition("}")[2] for item in ElementTree.parse(path).iter()}
            assert "script" not in tags


def test_without_matplotlib_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordinary_run(tmp_path / "run")
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingPrerequisite, match=r"pip install 'medalist\[report\]'"):
        list(draw(read_facts([tmp_path / "run"]), tmp_path))


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    ordinary_run(tmp_path / "run")
    (tmp_path / "file").touch()
    with pytest.raises(BadInput, match="file"):
        list(draw(read_facts([tmp_path / "run"]), tmp_path / "file"))
