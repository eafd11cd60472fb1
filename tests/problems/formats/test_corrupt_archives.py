"""Damaged and hostile zips and tars: each is one line of error."""

from __future__ import annotations

import io
import stat
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from medalist.errors import BadInput
from medalist.problems.formats import load

from .one_line import Package, one_line


def zipped(path: Path, files: dict[str, Any]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_zip_faults(tmp_path: Path) -> None:
    one_line(zipped(tmp_path / "a.zip", {"../x/problem.yaml": ""}), r"leads out of the archive")
    one_line(zipped(tmp_path / "b.zip", {"/x/problem.yaml": ""}), r"leads out of the archive")
    one_line(zipped(tmp_path / "c.zip", {"x\\..\\y": ""}), r"leads out of the archive")
    one_line(zipped(tmp_path / "d.zip", {"C:/x": ""}), r"leads out of the archive")
    one_line(zipped(tmp_path / "e.zip", {}), r"holds no problem")
    one_line(zipped(tmp_path / "f.zip", {"x\n": ""}), r"a file name that cannot be printed")
    (tmp_path / "g.zip").write_bytes(b"PK\x03\x04 and no more")
    one_line(tmp_path / "g.zip", r"not an archive that can be read")
    (tmp_path / "h.zip").write_bytes(b"")
    one_line(tmp_path / "h.zip", r"not an archive that can be read")


def test_zip_with_the_same_name_twice(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("problem.yaml", "name: a")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("problem.yaml", "name: b")
    one_line(tmp_path / "a.zip", r"duplicate name 'problem\.yaml'")


def test_zip_bomb(tmp_path: Path) -> None:
    data = bytearray(zipped(tmp_path / "a.zip", {"problem.yaml": "name: a\n"}).read_bytes())
    # The size that the archive's directory declares: nothing is unfolded to find it out.
    size = data.index(b"PK\x01\x02") + 24
    data[size : size + 4] = (3 << 30).to_bytes(4, "little")
    (tmp_path / "bomb.zip").write_bytes(data)
    one_line(tmp_path / "bomb.zip", r"unpacks to more than 3,072 MiB: a zip bomb")


def test_a_file_larger_than_its_archive_declares(tmp_path: Path) -> None:
    text = "name: a\n" + "# long\n" * 1000
    data = bytearray(zipped(tmp_path / "a.zip", {"problem.yaml": text}).read_bytes())
    size = data.index(b"PK\x01\x02") + 24
    data[size : size + 4] = (10).to_bytes(4, "little")
    (tmp_path / "liar.zip").write_bytes(data)
    one_line(tmp_path / "liar.zip", r"problem\.yaml: damaged in the archive")


def test_zip_with_damaged_and_linked_members(package: Package, tmp_path: Path) -> None:
    folder = package(tmp_path)
    files = {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    whole = zipped(tmp_path / "whole.zip", files)
    data = bytearray(whole.read_bytes())
    at = data.index(b"data/secret/a.in") + len("data/secret/a.in")
    data[at] ^= 0xFF
    (tmp_path / "damaged.zip").write_bytes(data)
    secret = load(tmp_path / "damaged.zip").secret
    assert secret is not None
    with pytest.raises(BadInput, match=r"a\.in: damaged in the archive"):
        secret.groups[1].tests[0].input.read()
    for target, expected in (("../../../../etc/passwd", "leaves the package"), ("b.in", "circle")):
        path = zipped(tmp_path / "linked.zip", files)
        with zipfile.ZipFile(path, "a") as archive:
            info = zipfile.ZipInfo("data/secret/b.in")
            info.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, target)
        one_line(path, expected)


def test_tar_faults(tmp_path: Path) -> None:
    def tarred(name: str, *members: tuple[tarfile.TarInfo, bytes]) -> Path:
        with tarfile.open(tmp_path / name, "w:gz") as archive:
            for info, content in members:
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
        return tmp_path / name

    one_line(tarred("a.tar.gz", (tarfile.TarInfo("../x"), b"")), r"leads out of the archive")
    one_line(tarred("b.tar.gz", (tarfile.TarInfo("/x"), b"")), r"leads out of the archive")
    twice = [(tarfile.TarInfo("x"), b""), (tarfile.TarInfo("./x"), b"")]
    one_line(tarred("c.tar.gz", *twice), r"duplicate name 'x'")
    device = tarfile.TarInfo("problem.yaml")
    device.type = tarfile.CHRTYPE
    one_line(tarred("d.tar.gz", (device, b"")), r"problem\.yaml: ")
    (tmp_path / "e.tar.gz").write_bytes(b"\x1f\x8b\x08\x00 cut")
    one_line(tmp_path / "e.tar.gz", r"not an archive that can be read")
