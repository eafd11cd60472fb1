"""Random bytes to every reader: a problem or one line, never a traceback."""

from __future__ import annotations

import io
import json
import shutil
import tarfile
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medalist.agent.commands import listen
from medalist.errors import BadInput
from medalist.problems.constraints import find_constraints, find_rows
from medalist.problems.formats import bundled_archive, load, load_archive
from medalist.problems.formats.convert import write
from medalist.problems.formats.latex import convert
from medalist.problems.formats.markup import html_to_text
from medalist.problems.formats.statement_parser import parse_statement

FEW = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
FILES = ["a.md", "a.txt", "a.tex", "a.html", "a.pdf", "a.zip", "a.tar", "a.tar.gz", "a.json",
         "a.jsonl", "a.parquet"]  # fmt: skip
PACKAGES: dict[str, list[str]] = {
    "kattis": ["problem.yaml", "problem_statement/problem.en.tex", "data/secret/testdata.yaml",
               "data/testdata.yaml", "domjudge-problem.ini", ".timelimit",
               "submissions/submissions.yaml", "submissions/accepted/a.py"],
    "2025": ["data/secret/g/test_group.yaml", "data/secret/g/1.yaml", "data/sample/1.interaction"],
    "polygon": ["problem.xml"],
    "cms": ["task.yaml", "gen/GEN"],
    "dmoj": ["init.yml"],
}  # fmt: skip
BASES: dict[str, dict[str, str]] = {
    "kattis": {"problem.yaml": "name: a\n", "problem_statement/problem.en.tex": "x",
               "data/secret/1.in": "", "data/secret/1.ans": ""},
    "2025": {"problem.yaml": "problem_format_version: 2025-09\nname: a\ntype: scoring\n",
             "statement/problem.en.md": "x", "data/secret/g/1.in": "", "data/secret/g/1.ans": "",
             "data/secret/g/test_group.yaml": "max_score: 100\n"},
    "polygon": {"tests/01": "", "tests/01.a": ""},
    "cms": {"task.yaml": "name: t\n", "input/input0.txt": "", "output/output0.txt": ""},
    "dmoj": {"1.in": "", "1.out": ""},
}  # fmt: skip

# Bytes that come close to what the formats look like find more than noise does.
WORDS = st.sampled_from(
    ["name", "limits", "time_limit", ": ", "- ", "\n", "  ", "{", "}", "[", "]", "&a ", "*a", "!!",
     "<<", "true", "-1", "1e999", ".nan", "0", "\\begin{", "\\end{", "tabular", "\\item", "$", "%",
     "<a>", "</a>", "<!", "test_cases", "batched", "in", "out", "points", "#ST: ", "1", "\x00",
     "\ufeff", "样例输入", "\r", "type: scoring", "grader_flags: ", "range: ", "max_score: ",
     "require_pass: ", "validator_flags: ", "| ", "$1 \\le n \\le 10^", "Sample Input", "```",
     "<problem>", "<test-count>", "\"", "'", "\\", "10^{"]
)  # fmt: skip
CLOSE = st.lists(WORDS, max_size=30).map(lambda words: "".join(words).encode())
CONTENT = st.one_of(st.binary(max_size=200), CLOSE)


@pytest.fixture
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp())
    yield path
    shutil.rmtree(path)


def survives(path: Path) -> None:
    try:
        problem = load(path)
        for test in problem.secret.all_tests() if problem.secret else ():
            test.input.read()
    except BadInput as error:
        assert "\n" not in str(error)  # noqa: PT017 (either outcome is right)
    try:
        for entry in load_archive(path):
            entry.brief()
    except BadInput as error:
        assert "\n" not in str(error)  # noqa: PT017


@pytest.mark.parametrize("name", FILES)
@FEW
@given(content=CONTENT)
def test_files(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    survives(folder / name)


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, names in PACKAGES.items() for name in names]
)
@FEW
@given(content=CONTENT)
def test_packages(folder: Path, kind: str, name: str, content: bytes) -> None:
    for base, text in BASES[kind].items():
        (folder / "p" / base).parent.mkdir(parents=True, exist_ok=True)
        (folder / "p" / base).write_text(text)
    (folder / "p" / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / "p" / name).write_bytes(content)
    survives(folder / "p")


def zip_bytes() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in BASES["kattis"].items():
            archive.writestr(f"p/{name}", text)
    return content.getvalue()


def tar_bytes(mode: Any = "w") -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode=mode) as archive:
        for name, text in BASES["kattis"].items():
            info = tarfile.TarInfo(f"p/{name}")
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text.encode()))
    return content.getvalue()


def row_bytes() -> bytes:
    folder = Path(tempfile.mkdtemp())
    try:
        return write(load(bundled_archive() / "warmer"), "jsonl", folder / "a.jsonl").read_bytes()
    finally:
        shutil.rmtree(folder)


def parquet_bytes() -> bytes:
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    content = io.BytesIO()
    rows = [{"question": "Add.", "input_output": '{"inputs": ["1"], "outputs": ["1"]}'}] * 3
    pq.write_table(pa.Table.from_pylist(rows), content)
    return content.getvalue()


def pdf_bytes() -> bytes:
    pypdf = pytest.importorskip("pypdf")
    content = io.BytesIO()
    writer = pypdf.PdfWriter()
    writer.add_blank_page(width=72, height=72)
    writer.add_metadata({"/Title": "Add"})
    writer.write(content)
    return content.getvalue()


WHOLE: dict[str, Callable[[], bytes]] = {
    "a.zip": zip_bytes,
    "a.tar": tar_bytes,
    "a.tar.gz": lambda: tar_bytes("w:gz"),
    "a.tar.xz": lambda: tar_bytes("w:xz"),
    "a.jsonl": row_bytes,
    "a.parquet": parquet_bytes,
    "a.pdf": pdf_bytes,
}
DAMAGE = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=4)


@pytest.mark.parametrize("name", WHOLE)
@settings(FEW, max_examples=40)
@given(damage=DAMAGE, kept=st.one_of(st.just(1.0), st.floats(0, 1)))
def test_damaged_files(
    folder: Path, name: str, damage: list[tuple[float, int]], kept: float
) -> None:
    content = bytearray(WHOLE[name]())
    for place, byte in damage:
        content[int(place * len(content))] = byte
    (folder / name).write_bytes(content[: int(kept * len(content))])
    survives(folder / name)


@FEW
@given(content=CONTENT, name=st.sampled_from(sorted(BASES["kattis"])))
def test_packages_in_archives(folder: Path, content: bytes, name: str) -> None:
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        for base, text in BASES["kattis"].items():
            archive.writestr(f"p/{base}", content if base == name else text.encode())
    survives(folder / "a.zip")


# A small alphabet: what matters is the shape, and drawing from all of Unicode is slow.
TEXT = st.text('ab0{}[]"\n\u00e9', max_size=6)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.just(0.5), TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=5,
)
KEYS = ["medalist_problem", "public", "secret", "description", "public_tests", "private_tests",
        "solutions", "question", "input_output", "question_content", "public_test_cases",
        "private_test_cases", "metadata", "name", "tests", "timeLimit", "memoryLimit", "id",
        "subtask", "score", "test_names", "grader_files", "year", "url", "time_limit"]  # fmt: skip


@FEW
@given(
    row=st.dictionaries(st.sampled_from(KEYS), JSON, max_size=10),
    shape=st.sampled_from(
        [
            {},
            {"medalist_problem": 1},
            {"description": "x", "public_tests": {}},
            {"question": "x", "input_output": "{}"},
            {"question_content": "x", "public_test_cases": "[]"},
            {"name": "x", "tests": [], "timeLimit": 1, "memoryLimit": 1},
            {"id": "x", "subtask": "1", "score": 1, "test_names": []},
        ]
    ),
)
def test_rows(folder: Path, row: dict[str, Any], shape: dict[str, Any]) -> None:
    (folder / "a.jsonl").write_text(json.dumps({**shape, **row}) + "\n")
    survives(folder / "a.jsonl")


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    content=st.one_of(
        st.binary(max_size=200).map(lambda b: b.decode("latin-1")), CLOSE.map(bytes.decode)
    )
)
def test_statements(content: str) -> None:
    convert(content)
    html_to_text(content)
    parse_statement(content)
    find_constraints(content)
    find_rows(content)


@pytest.fixture(scope="module")
def listener() -> Iterator[tuple[str, Path]]:
    folder = Path(tempfile.mkdtemp())
    http = listen.make_server(0, lambda row: listen.save(row, folder).name)
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{http.server_port}/", folder
    http.shutdown()
    thread.join()
    http.server_close()
    shutil.rmtree(folder)


ANY_TEXT = st.one_of(
    TEXT, st.sampled_from(["\ud800", "a/../b", "https://x.example/\x00", "http://[x", "1e9"])
)
MESSAGE = st.fixed_dictionaries(
    {"name": ANY_TEXT, "tests": JSON, "timeLimit": JSON, "memoryLimit": JSON},
    optional={"url": ANY_TEXT, "group": JSON, "interactive": JSON, "input": JSON, "output": JSON},
)
SOUND = st.fixed_dictionaries(
    {
        "name": ANY_TEXT,
        "tests": st.lists(st.fixed_dictionaries({"input": ANY_TEXT, "output": ANY_TEXT})),
        "timeLimit": st.just(1000),
        "memoryLimit": st.just(64),
        "url": ANY_TEXT,
    }
)


@settings(FEW, max_examples=60)
@given(
    body=st.one_of(CONTENT, st.one_of(JSON, MESSAGE, SOUND).map(lambda v: json.dumps(v).encode()))
)
def test_listening(listener: tuple[str, Path], body: bytes) -> None:
    url, folder = listener
    answer = httpx.post(url, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        load(folder / answer.text.rstrip("\n"))
    else:
        assert all(path.stat().st_size for path in folder.iterdir())
