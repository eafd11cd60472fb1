"""Rows of NeMo Gym, and data sets of a hub by their name, over loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from tests.agent.command import medalist

from medalist.errors import BadInput
from medalist.problems.formats import load, load_archive
from medalist.problems.model import Kind

ASKED = "Print the sum of two integers.\n\nInput\n\nTwo integers."


def gym_row(question: Any, tests: Any, **more: Any) -> dict[str, Any]:
    return {
        "responses_create_params": {"input": question},
        "verifier_metadata": {"unit_tests": tests},
        "agent_ref": {"name": "code_gen_simple_agent"},
        **more,
    }


def written(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return path


def test_a_row_of_nemo_gym_is_a_problem(tmp_path: Path) -> None:
    tests = {"inputs": ["1 2\n", "3 4\n"], "outputs": ["3\n", "7\n"]}
    messages = [
        {"role": "system", "content": "You are careful."},
        {"role": "user", "content": [{"type": "input_text", "text": ASKED}]},
    ]
    path = written(
        tmp_path / "gym.jsonl", gym_row(ASKED, tests), gym_row(messages, json.dumps(tests), id="b")
    )
    names = [entry.problem_id for entry in load_archive(path)]
    assert names == ["row-1", "b"]
    for name in names:
        problem = load(path / name)
        assert problem.public.statement() == ASKED
        assert problem.secret is not None
        assert [test.input.read() for test in problem.secret.all_tests()] == [b"1 2\n", b"3 4\n"]


def test_functions_of_nemo_gym_are_called_with_values(tmp_path: Path) -> None:
    tests = {"fn_name": "add", "inputs": ["1\n2", [3, 4]], "outputs": ["3", 7]}
    problem = load(written(tmp_path / "gym.jsonl", gym_row(ASKED, tests)))
    assert problem.public.kind is Kind.FUNCTION
    assert problem.secret is not None
    first, second = problem.secret.all_tests()
    assert (first.input.read().split(), second.input.read().split()) == (
        [b"1", b"2"],
        [b"3", b"4"],
    )
    assert first.answer is not None
    assert first.answer.read().strip() == b"3"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (gym_row(ASKED, None), "needs unit_tests"),
        (gym_row([], {"inputs": ["1"], "outputs": ["1"]}), "its input asks nothing"),
        (gym_row(ASKED, {"inputs": ["1"], "outputs": []}), "1 inputs, but 0 outputs"),
    ],
)
def test_a_faulty_row_of_nemo_gym_names_the_fault(
    row: dict[str, Any], message: str, tmp_path: Path
) -> None:
    with pytest.raises(BadInput, match=message):
        load(written(tmp_path / "gym.jsonl", row))


class _Hub(BaseHTTPRequestHandler):
    """The part of a hub's API that names a data set's files, and the files."""

    files: ClassVar[dict[str, bytes]] = {}
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        names = {
            "default": {"test": [f"https://elsewhere.example/files/{n}.parquet" for n in "ab"]}
        }
        names["verifiable"] = {"train": ["https://elsewhere.example/files/a.parquet"], "test": []}
        body = self.files.get(self.path)
        if self.path == "/api/datasets/open-r1/codeforces/parquet":
            body = json.dumps(names).encode()
        if self.path == "/api/datasets/cut/off/parquet":
            body = b'{"default": {"test": ["https://elsewhere.example/files/cut.parquet"]}}'
        if self.path.startswith("/api/datasets/closed/"):
            self.send_error(401)
        elif body is None:
            self.send_error(404)
        else:
            self.send_response(200)
            promised = len(body) + 1000 * self.path.endswith("cut.parquet")
            self.send_header("Content-Length", str(promised))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[str]:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    for name in "ab":
        row = {
            "id": f"1{name}", "contest_id": "1", "index": name,
            "title": f"Sum {name}", "description": "Print the sum.",
            "input_format": "Two integers.", "output_format": "One.", "time_limit": 2.0,
            "memory_limit": 256.0, "examples": [{"input": "1 2\n", "output": "3\n"}],
            "official_tests": [{"input": "3 4\n", "output": "7\n"}],
            "official_tests_complete": True, "generated_checker": None, "input_mode": "stdio",
        }  # fmt: skip
        parquet.write_table(pyarrow.Table.from_pylist([row]), tmp_path / f"{name}.parquet")
        _Hub.files[f"/files/{name}.parquet"] = (tmp_path / f"{name}.parquet").read_bytes()
    _Hub.files["/files/cut.parquet"] = b"PAR1"
    _Hub.asked.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), _Hub) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_data_set_of_a_hub_is_fetched_once_by_its_name(hub: str, tmp_path: Path) -> None:
    outside = {"HF_ENDPOINT": hub, "XDG_CACHE_HOME": str(tmp_path / "cache")}

    def listed(name: str) -> list[str]:
        done = medalist("problems", "list", name, "--json", cwd=tmp_path, **outside)
        assert done.returncode == 0, done.stderr
        return [json.loads(line)["problem"] for line in done.stdout.splitlines()]

    assert listed("hf:open-r1/codeforces") == ["1a", "1b"]
    assert listed("hf:open-r1/codeforces/default/test/1") == ["1b"]
    assert listed("hf:open-r1/codeforces/verifiable/train") == ["1a"]
    assert [path for path in _Hub.asked if path.startswith("/files")] == [
        "/files/a.parquet", "/files/b.parquet", "/files/a.parquet",
    ]  # fmt: skip


def test_what_a_hub_has_not_is_one_line(hub: str, tmp_path: Path) -> None:
    for name, code, message in [
        ("hf:open-r1/nothing", 2, "the hub has no such data set"),
        ("hf:open-r1/codeforces/other", 2, "has no configuration 'other' (name one of default, "),
        ("hf:open-r1/codeforces/verifiable", 2, "has several splits (name one of train, test)"),
        ("hf:open-r1/codeforces/default/test/2", 2, "has 2 files, from 0"),
        ("hf:codeforces", 2, "not a name of a data set"),
        ("hf:../../etc", 2, "not a name of a data set"),
        ("hf:closed/set", 3, "the hub refuses (status 401) (HF_TOKEN opens"),
    ]:
        done = medalist("problems", "list", name, cwd=tmp_path, HF_ENDPOINT=hub)
        assert done.returncode == code, done.stderr
        assert message in done.stderr.splitlines()[-1]
    cache = tmp_path / "cache"
    for name, endpoint in (
        ("open-r1/codeforces", "http://127.0.0.1:9"),
        ("open-r1/codeforces", "http://[::1"),
        ("cut/off", hub),
    ):
        outside = {"HF_ENDPOINT": endpoint, "XDG_CACHE_HOME": str(cache)}
        away = medalist("problems", "list", f"hf:{name}", cwd=tmp_path, **outside)
        assert away.returncode == 3
        assert "cannot be reached" in away.stderr.splitlines()[-1]
        assert "Traceback" not in away.stderr
    assert not [path for path in cache.rglob("*") if path.is_file()]  # nothing half fetched is kept
