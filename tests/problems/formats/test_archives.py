"""Zips and tars as people make them: odd names, links, folders in the place of files."""

from __future__ import annotations

import re
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from .small_packages import LEGACY, WRONG, Cli, Facts, Judged

# ---- archives


def archived(path: Path, rename: Callable[[str], str], files: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo("placeholder")
            info.filename = info.orig_filename = rename(name)
            archive.writestr(info, content)
    return path


@pytest.mark.parametrize(
    "rename",
    [
        lambda name: f"./{name}",
        lambda name: name.replace("/", "//"),
        lambda name: name.replace("/", "/./"),
        lambda name: name.replace("/", "\\"),
        lambda name: ".\\" + name.replace("/", "\\"),
        lambda name: f"t\\{name}",
        lambda name: f"x/../{name}",
    ],
)
def test_odd_names_in_a_zip_mean_what_they_mean(
    tmp_path: Path, verdict: Judged, rename: Callable[[str], str]
) -> None:
    path = archived(tmp_path / "t.zip", rename, LEGACY)
    assert verdict(path)[:2] == (0, "AC")
    assert verdict(path, WRONG)[:2] == (1, "WA")


@pytest.mark.parametrize("inside", ["", "sum/", "contest/sum/"])
def test_a_hidden_file_with_the_time_limit_is_read_from_a_zip(
    tmp_path: Path, facts: Facts, inside: str
) -> None:
    meta = re.sub(r"limits: .*\n|limits:\n(?: +.*\n)*", "", str(LEGACY["problem.yaml"]))
    files = {**LEGACY, "problem.yaml": meta, ".timelimit": "3\n", ".DS_Store": "x"}
    path = archived(tmp_path / "t.zip", lambda name: inside + name, files)
    shown = facts(path)
    assert (shown["time_s"], shown["time_assumed"]) == (3, False)


def test_a_link_in_a_zip_from_windows_is_followed(tmp_path: Path, facts: Facts) -> None:
    files = {k: v for k, v in LEGACY.items() if k != "data/secret/1.ans"}
    path = archived(tmp_path / "t.zip", lambda name: name.replace("/", "\\"), files)
    with zipfile.ZipFile(path, "a") as archive:
        info = zipfile.ZipInfo("placeholder")
        info.filename = info.orig_filename = "data\\secret\\1.ans"
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "1.in")
    assert facts(path)["tests"] == 2


def test_a_folder_in_the_place_of_a_file_of_a_tar_is_one_line(tmp_path: Path, cli: Cli) -> None:
    with tarfile.open(tmp_path / "t.tar", "w") as archive:
        info = tarfile.TarInfo("problem.yaml")
        info.type = tarfile.CHRTYPE
        archive.addfile(info)
    code, _, err = cli("problems", "show", tmp_path / "t.tar")
    assert code == 2
    assert len(err.strip().splitlines()) == 1
