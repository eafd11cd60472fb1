"""Archives of any number of small problems, in every format that holds several or is one."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

TESTS = 20
LINE = "x" * 50

Files = dict[str, str]


def _statement(number: int) -> str:
    return f"Print {number}.\n\n" + "Some text. " * 100


def _pairs(number: int, prefix: str, answer: str = "out", first: int = 1) -> Files:
    return {
        f"{prefix}{test}.{side}": f"{number}\n" if side == "in" else f"{number} {LINE}\n"
        for test in range(first, first + 4)
        for side in ("in", answer)
    }


def kattis(number: int) -> Files:
    """One package in the legacy format."""
    return {
        "problem.yaml": f"name: Problem {number}\n",
        "problem_statement/problem.en.tex": f"\\problemname{{Problem {number}}}\n"
        + _statement(number),
        **_pairs(number, "data/secret/", "ans"),
    }


def cms(number: int) -> Files:
    """One task of CMS (Italian)."""
    return {
        "task.yaml": f"name: p{number}\ntitle: Problem {number}\ntime_limit: 1\nmemory_limit: 64\n",
        "statement/statement.md": _statement(number),
        **{f"input/input{n}.txt": f"{number}\n" for n in range(4)},
        **{f"output/output{n}.txt": f"{number}\n" for n in range(4)},
    }


def dmoj(number: int) -> Files:
    """One problem of DMOJ."""
    cases = "".join(f"- {{in: {n}.in, out: {n}.out, points: 1}}\n" for n in range(1, 5))
    return {
        "init.yml": f"test_cases:\n{cases}",
        "statement.md": _statement(number),
        **_pairs(number, ""),
    }


def polygon(number: int) -> Files:
    """One package of Polygon."""
    return {
        "problem.xml": f"""<problem short-name="p{number}"><names><name language="english"
value="Problem {number}"/></names><judging><testset name="tests"><time-limit>1000</time-limit>
<memory-limit>67108864</memory-limit><test-count>1</test-count>
<input-path-pattern>tests/%02d</input-path-pattern>
<answer-path-pattern>tests/%02d.a</answer-path-pattern>
<tests><test method="manual"/></tests></testset></judging></problem>""",
        "statement-sections/english/legend.tex": _statement(number),
        "tests/01": "1\n",
        "tests/01.a": "1\n",
    }


def hydro(number: int) -> Files:
    """One package of Hydro."""
    return {
        "problem.yaml": f"pid: P{number}\ntitle: Problem {number}\n",
        "problem_zh.md": _statement(number),
        **_pairs(number, "testdata/"),
    }


def qduoj(number: int) -> Files:
    """One problem of QDUOJ."""
    score = [{"score": 1, "input_name": f"{n}.in", "output_name": f"{n}.out"} for n in range(1, 5)]
    settings = {"display_id": f"Q{number}", "title": f"Problem {number}", "time_limit": 1000,
                "memory_limit": 64, "description": {"format": "html", "value": _statement(number)},
                "samples": [], "spj": None, "test_case_score": score}  # fmt: skip
    return {"problem.json": json.dumps(settings), **_pairs(number, "testcase/")}


def plain(number: int) -> Files:
    """One statement with its tests."""
    return {"problem.md": f"# Problem {number}\n\n{_statement(number)}", **_pairs(number, "")}


PACKAGES: dict[str, Callable[[int], Files]] = {
    "kattis": kattis, "cms": cms, "dmoj": dmoj, "polygon": polygon, "hydro": hydro,
    "qduoj": qduoj, "plain": plain,
}  # fmt: skip


def rows(count: int) -> Iterator[dict[str, Any]]:
    """Rows of the shape of APPS."""
    for number in range(count):
        tests = {"inputs": [f"{number}\n"] * TESTS, "outputs": [f"{number} {LINE}\n"] * TESTS}
        yield {
            "problem_id": number, "question": _statement(number), "solutions": "[]",
            "input_output": json.dumps(tests), "difficulty": "easy", "starter_code": "",
        }  # fmt: skip


def _jsonl(path: Path, count: int) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows(count)))


def _json(path: Path, count: int) -> None:
    path.write_text(json.dumps(list(rows(count))))


def _parquet(path: Path, count: int) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.Table.from_pylist(list(rows(count))), path)


def _fps(path: Path, count: int) -> None:
    tests = "<test_input>1</test_input><test_output>1</test_output>" * TESTS
    items = "".join(
        f"<item><title>Problem {number}</title><time_limit unit='s'>1</time_limit>"
        f"<memory_limit unit='mb'>64</memory_limit><description>{_statement(number)}</description>"
        f"{tests}</item>"
        for number in range(count)
    )
    path.write_text(f"<fps>{items}</fps>")


FILES: dict[str, Callable[[Path, int], None]] = {
    "jsonl": _jsonl, "json": _json, "parquet": _parquet, "xml": _fps,
}  # fmt: skip


def make(name: str, folder: Path, count: int) -> Path:
    """Write an archive of a format (`kattis`, `kattis.zip`, `json`, ...) and return its path."""
    kind = name.removesuffix(".zip")
    if kind in FILES:
        path = folder / f"{count}.{kind}"
        FILES[kind](path, count)
        return path
    path = folder / f"{kind}-{count}{'.zip' if name.endswith('.zip') else ''}"
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            for number in range(count):
                for file, text in PACKAGES[kind](number).items():
                    archive.writestr(f"p{number:05}/{file}", text)
        return path
    for number in range(count):
        for file, text in PACKAGES[kind](number).items():
            target = path / f"p{number:05}" / file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
    return path


NAMES = (*FILES, *PACKAGES, *(f"{name}.zip" for name in PACKAGES))
