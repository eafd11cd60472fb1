"""`medalist export`: a finished run, read back from Parquet and JSONL."""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.agent.command import medalist

from medalist.agent.export.inspect_log import write_inspect
from medalist.agent.export.run_tables import TABLES
from medalist.agent.export.table_files import write_jsonl
from medalist.agent.journal import Journal
from medalist.agent.llm.call_records import FAILED, INTENT, FailedRecord, IntentRecord
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.agent.propose.candidate_file import recorded_candidates
from medalist.errors import MissingPrerequisite
from medalist.problems.formats import find_bundled, load

PROBLEM = "warmer"
HOSTILE = "=cmd|'/c x'!A0 </td><script> \x1b[31m 汉字 \ud800"
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A finished run and what it printed."""
    sources = sorted(path for path in find_bundled(PROBLEM).glob("submissions/*/*.py"))
    answers = [f"```python\n{path.read_text()}```" for path in sources]
    answers += [f"{answers[0]}\n{HOSTILE}", "I would rather not.", "```python\nprint((\n```"]

    def answer(seen: SeenRequest) -> Reply:
        return Reply(answers[seen.body["seed"] % len(answers)])

    folder = tmp_path_factory.mktemp("export")
    with ScriptedEndpoint(answer) as server:
        done = medalist(
            "solve", PROBLEM, "--lang", "python", "-n", "16", "--submissions", "2", "--json",
            "--tests", "0", "--pair-generators", "0", "--evidence", "8", "--out", "run",
            cwd=folder, OPENAI_BASE_URL=server.base_url,
        )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    return folder / "run", json.loads(done.stdout)


@pytest.fixture(scope="module")
def parquet(run: tuple[Path, dict[str, Any]]) -> dict[str, Rows]:
    reader = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    done = medalist("export", str(run[0]), "--as", "parquet", cwd=run[0].parent)
    assert done.returncode == 0, done.stderr
    files = {table.name: run[0] / "export" / f"{table.name}.parquet" for table in TABLES}
    for table in TABLES:
        schema = reader.read_schema(files[table.name])
        assert [(item.name, item.metadata[b"about"].decode()) for item in schema] == [
            (column.name, column.about) for column in table.columns
        ]
    return {name: reader.read_table(path).to_pylist() for name, path in files.items()}


@pytest.mark.local
def test_the_tables_hold_the_run(
    run: tuple[Path, dict[str, Any]], parquet: dict[str, Rows]
) -> None:
    result = run[1]
    candidates, programs = parquet["candidates"], parquet["programs"]
    assert len(candidates) == result["candidates"] == 16
    assert {row["problem_id"] for rows in parquet.values() for row in rows} == {PROBLEM}
    votes = Counter(row["program_id"] for row in candidates if row["program_id"])
    assert votes == {row["program_id"]: len(row["candidates"]) for row in programs}
    kept = {row["kept_as"] for row in programs} - {None}
    assert len(kept) == result["programs"]
    assert len({row["cluster_id"] for row in programs} - {None}) == result["clusters"]
    assert {row["program_id"] for row in parquet["outcomes"]} <= kept
    cells = Counter(row["program_id"] for row in parquet["outcomes"])
    assert max(cells.values()) == 1 + max(row["input_index"] for row in parquet["outcomes"])
    assert all((row["status"] == "ok") == bool(row["output_key"]) for row in parquet["outcomes"])
    submissions = parquet["submissions"]
    assert [row["number"] for row in submissions] == list(range(1, result["submissions"] + 1))
    assert result["verdict"] in {row["verdict"] for row in submissions}
    assert {row["kept_as"] for row in programs if row["submitted"]} == {
        row["program_id"] for row in submissions
    }
    assert all(row["at"].replace(tzinfo=UTC) <= datetime.now(UTC) for row in submissions)
    calls = parquet["calls"]
    asked = {row["request_id"] for row in calls}
    helpers = {name for name in asked if "/generator/" in name or "/validator/" in name}
    assert len(helpers) == 8
    assert asked - helpers == {row["candidate_id"] for row in candidates}
    assert {row["state"] for row in calls} == {"done"}
    assert sum(row["charged_tokens"] for row in calls) == result["tokens"]


@pytest.mark.local
def test_jsonl_says_the_same(
    run: tuple[Path, dict[str, Any]], parquet: dict[str, Rows], tmp_path: Path
) -> None:
    done = medalist("export", str(run[0]), str(tmp_path / "out"), "--as", "jsonl", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for table in TABLES:
        lines = (tmp_path / "out" / f"{table.name}.jsonl").read_text().splitlines()
        rows = [json.loads(line) for line in lines]
        for column in table.columns:
            ours = [row[column.name] for row in rows]
            theirs = [row[column.name] for row in parquet[table.name]]
            if column.kind == "time":
                ours = [datetime.fromisoformat(text).replace(tzinfo=None) for text in ours]
            if column.kind == "shares":
                theirs = [None if their is None else dict(their) for their in theirs]
            if column.name == "text":
                assert any(HOSTILE in text for text in ours)
                ours = [text.replace("\ud800", "\ufffd" * 3) for text in ours]
            assert ours == theirs, column.name


@pytest.mark.local
def test_a_log_of_inspect_is_read_by_inspect(
    run: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    log_module = pytest.importorskip("inspect_ai.log", reason="Inspect is not installed")
    with Journal.open(run[0], readonly=True) as journal:
        assert write_inspect(journal, tmp_path) == {"samples": 1}
    log = log_module.read_eval_log(str(tmp_path / "medalist.eval"))
    (sample,) = log.samples
    assert (log.status, log.eval.task, sample.id) == ("success", "medalist", PROBLEM)
    assert sample.scores["verdict"].value == ("C" if run[1]["solved"] else "I")
    assert sample.output.completion in {
        json.loads(json.dumps(text).replace("\\ud800", "\\ufffd" * 3)) for text in _texts(run[0])
    }
    assert log.results.scores[0].metrics["accuracy"].value == float(run[1]["solved"])


def test_without_inspect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "inspect_ai", None)
    monkeypatch.setitem(sys.modules, "inspect_ai.log", None)
    with (
        Journal.open(tmp_path) as journal,
        pytest.raises(MissingPrerequisite, match=r"pip install 'medalist\[inspect\]'"),
    ):
        write_inspect(journal, tmp_path)


@pytest.mark.local
def test_no_test_data_is_exported(
    run: tuple[Path, dict[str, Any]], parquet: dict[str, Rows]
) -> None:
    secret = load(find_bundled(PROBLEM)).secret
    assert secret is not None
    said = json.dumps(parquet, default=str)
    contents = [test.input.read().decode() for test in secret.all_tests()]
    long = [json.dumps(content)[1:-1] for content in contents if len(content) > 40]
    assert long
    assert not [content for content in long if content in said]


def test_calls_that_failed_or_were_cut_off(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "run") as journal:
        for attempt in (1, 2, 3):
            intent = IntentRecord(
                attempt=attempt, model="m", messages="", params={}, tokens=9, usd=0.5
            )
            journal.append(INTENT, "p/0", intent)
            if attempt < 3:
                failed = FailedRecord(message=f"no {attempt}", tokens=0, usd=0)
                journal.append(FAILED, "p/0", failed)
        assert write_jsonl(journal, tmp_path / "out")["calls"] == 3
    rows = [json.loads(line) for line in (tmp_path / "out/calls.jsonl").read_text().splitlines()]
    assert [(row["state"], row["message"], row["charged_tokens"]) for row in rows] == [
        ("failed", "no 1", 0), ("failed", "no 2", 0), ("unknown", None, 9),
    ]  # fmt: skip


def test_numbers_that_no_column_holds_are_left_out(tmp_path: Path) -> None:
    reader = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    claim: dict[str, Any] = {"tokens": 10**40, "usd": 0.5}
    with Journal.open(tmp_path / "run") as journal:
        asked: dict[str, Any] = {"attempt": 1, "model": "m", "messages": "", "params": {}}
        journal.append_raw("call.intent", "p/0", {**asked, **claim})
        usage = {"prompt_tokens": -(10**30), "completion_tokens": 2**63 - 1}
        done: dict[str, Any] = {"usage": usage, "latency_s": 3, "model": "m", "text": "", **claim}
        journal.append_raw("call.done", "p/0", done)
    exported = medalist("export", "run", "out", "--as", "parquet", cwd=tmp_path)
    assert exported.returncode == 0, exported.stderr
    (row,) = reader.read_table(tmp_path / "out" / "calls.parquet").to_pylist()
    assert (row["charged_tokens"], row["charged_usd"], row["prompt_tokens"]) == (None, 0.5, None)
    assert (row["completion_tokens"], row["latency_s"]) == (2**63 - 1, 3.0)


def _texts(run: Path) -> list[str]:
    with Journal.open(run, readonly=True) as journal:
        return [candidate.text for _, candidate, _ in recorded_candidates(journal)]


@pytest.mark.local
def test_bad_input(run: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for arguments, words in [
        (["none", "--as", "jsonl"], "no such run"),
        ([str(tmp_path), "--as", "jsonl"], "no journal here"),
        ([str(run[0]), "file", "--as", "jsonl"], "file: cannot be written to: "),
    ]:
        done = medalist("export", *arguments, cwd=tmp_path)
        assert done.returncode == 2
        assert words in done.stderr
        assert "Traceback" not in done.stderr


def test_every_column_is_documented() -> None:
    text = (Path(__file__).parents[3] / "docs" / "export.md").read_text()
    for table in TABLES:
        section = text.partition(f"## {table.name}\n")[2].partition("\n## ")[0]
        for column in table.columns:
            assert f"| `{column.name}` | {column.kind} | {column.about} |" in section
