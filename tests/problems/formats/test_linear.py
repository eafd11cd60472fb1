"""Problems of a data set or an archive are found in a work that grows with their number alone.

Work is counted, not timed: bytes read from files, and calls of functions.
"""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from medalist.problems.formats import load, load_archive

ROWS = (12, 48)


def row(number: int) -> dict[str, Any]:
    tests = {"inputs": [f"{number}\n"] * 40, "outputs": [f"{number} é{'x' * 50}\n"] * 40}
    return {
        "problem_id": number, "question": f"Print {number}.\n", "solutions": "[]",
        "input_output": json.dumps(tests), "difficulty": "easy", "starter_code": "",
    }  # fmt: skip


def write_jsonl(path: Path, count: int) -> None:
    path.write_text("".join(json.dumps(row(n), ensure_ascii=False) + "\n" for n in range(count)))


def write_json(path: Path, count: int) -> None:
    text = json.dumps([row(n) for n in range(count)], indent=1, ensure_ascii=False)
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())


def write_parquet(path: Path, count: int) -> None:
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    # Texts that differ, so that a dictionary does not hide how much is read.
    rows = [{**row(n), "question": f"Print {n}. " + f"{n:09}" * 400} for n in range(count)]
    pq.write_table(pa.Table.from_pylist(rows), path)


def write_xml(path: Path, count: int) -> None:
    test = "<test_input>1</test_input><test_output>1</test_output>" * 20
    items = (
        f"<item><title>P{n}</title><description>Do.</description>{test}</item>"
        for n in range(count)
    )
    path.write_text(f"<fps>{''.join(items)}</fps>")


def write_zip(path: Path, count: int) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(count):
            settings = {"title": f"P{number}", "description": "Do.", "test_case_score": []}
            archive.writestr(f"p{number}/problem.json", json.dumps(settings))
            archive.writestr(f"p{number}/testcase/1.in", "1\n")
            archive.writestr(f"p{number}/testcase/1.out", "1\n")


def bytes_read() -> int:
    with open("/proc/self/io") as file:
        return int(file.readline().split()[1])


def work(path: Path) -> tuple[int, int, int]:
    """Problems of an archive, and the calls and bytes that reading all of them takes."""
    calls = 0

    def called(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = bytes_read()
    sys.setprofile(called)
    try:
        count = read_all(path)
    finally:
        sys.setprofile(None)
    return count, calls, bytes_read() - before


def read_all(path: Path) -> int:
    """List an archive and load each of its problems by its address; how many there are."""
    entries = list(load_archive(path))
    for entry in entries:
        assert entry.brief().title is not None
    for entry in entries:
        load(entry.path)
    return len(entries)


@pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="nothing counts bytes here")
@pytest.mark.parametrize(
    ("write", "ending"),
    [
        (write_jsonl, "jsonl"), (write_json, "json"), (write_parquet, "parquet"),
        (write_xml, "xml"), (write_zip, "zip"),
    ],
)  # fmt: skip
def test_four_times_the_problems_are_four_times_the_work(
    tmp_path: Path, write: Callable[[Path, int], None], ending: str
) -> None:
    write(tmp_path / f"warm.{ending}", 2)
    read_all(tmp_path / f"warm.{ending}")  # what is loaded then is not work
    figures = []
    for count in ROWS:
        write(tmp_path / f"{count}.{ending}", count)
        actual, calls, read = work(tmp_path / f"{count}.{ending}")
        assert actual == count
        figures.append((calls, read))
    (calls_few, read_few), (calls_many, read_many) = figures
    assert calls_many < 5 * calls_few
    assert read_many < 5 * read_few + 100_000  # a zip's end is read in one piece


def test_rows_are_the_same_from_every_kind_of_file(tmp_path: Path) -> None:
    for write, ending in ((write_jsonl, "jsonl"), (write_json, "json"), (write_parquet, "parquet")):
        write(tmp_path / f"rows.{ending}", 70)
        for number in (69, 3, 4, 0):  # forward and back
            problem = load(tmp_path / f"rows.{ending}" / str(number))
            assert problem.public.statement().startswith(f"Print {number}.")
            assert problem.secret is not None
            answer = problem.secret.all_tests()[-1].answer
            assert answer is not None
            assert answer.read() == f"{number} é{'x' * 50}\n".encode()


def test_a_damaged_row_does_not_hide_the_rows_before_it(tmp_path: Path) -> None:
    good = json.dumps(row(1))
    (tmp_path / "a.json").write_text(f"[{good}, {{]")
    (tmp_path / "b.jsonl").write_text(f"{good}\n{{]\n")
    for name in ("a.json", "b.jsonl"):
        assert load(tmp_path / name / "1").public.problem_id == "1"
