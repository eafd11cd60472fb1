from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from medalist.agent.commands import listen
from medalist.agent.commands.main import app
from medalist.errors import BadInput
from medalist.problems.formats import load

Package = Callable[..., Path]


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["problems", *map(str, arguments)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout


def rows(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_list_shows_good_and_bad(package: Package, tmp_path: Path) -> None:
    package(tmp_path)
    package(tmp_path / "bad", {"problem.yaml": "limits: 5\n"})
    code, text = run("list", tmp_path, "--json")
    assert code == 0
    good, bad = rows(text)
    assert (good["problem"], good["title"], good["kind"]) == ("add", "Add", "batch")
    assert bad["kind"] == "bad"
    assert "limits: must be a map" in bad["title"]


def test_list_of_the_bundled_problems() -> None:
    code, text = run("list", "--json")
    assert code == 0
    assert "turnstile" in {row["problem"] for row in rows(text)}


def test_show(package: Package, tmp_path: Path) -> None:
    code, text = run("show", package(tmp_path))
    assert code == 0
    assert "Add two numbers." in text
    assert "## Sample Input 1\n\n1 2" in text
    assert "7" not in text.split("Add two numbers.")[1]  # the secret test's answer
    code, text = run("show", "turnstile", "--json")
    assert rows(text)[0]["problem"] == "turnstile"


def test_show_of_what_is_not_there() -> None:
    with pytest.raises(BadInput, match="no bundled problem 'nosuch'"):
        run("show", "nosuch")
    with pytest.raises(BadInput, match="no such path"):
        run("show", "no/such.zip/x")


def test_convert_names_what_is_lost(package: Package, tmp_path: Path) -> None:
    source = package(tmp_path, {"problem.yaml": "name: Add\ntype: scoring\n"})
    code, text = run("convert", source, "--to", "kattis", "--out", tmp_path / "out", "--json")
    assert code == 0
    (row,) = rows(text)
    assert "secret.groups[].ignore" in row["lost"]
    assert load(row["path"]).public.title == "Add"
    code, text = run("convert", source, "--to", "kattis", "--out", tmp_path / "out", "--json")
    assert code == 1
    assert "exists already" in rows(text)[0]["error"]


def test_import_takes_what_a_package_cannot_hold_as_a_row(package: Package, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "p.jsonl").write_text(
        json.dumps({"id": "words", "question": "Write words.", "input_output": ""}) + "\n"
    )
    package(tmp_path / "in")
    package(tmp_path / "in" / "bad", {"data/secret/a.ans": None})
    code, text = run("import", tmp_path / "in", "--into", tmp_path / "mine", "--json")
    assert code == 1
    by_name = {row["path"] or "": row for row in rows(text)}
    assert load(tmp_path / "mine/add").secret is not None
    assert load(tmp_path / "mine/problems.jsonl/words").public.statement() == "Write words."
    assert "the answer is missing" in by_name[""]["error"]


def test_stats_and_search(package: Package, tmp_path: Path) -> None:
    package(tmp_path, {"problem.yaml": "name: Add\nkeywords: math easy\n"})
    code, text = run("stats", tmp_path, "--json")
    assert code == 0
    (facts,) = rows(text)
    assert (facts["problems"], facts["tests"], facts["test bytes"]) == (1, 2, 12)
    assert facts["statement languages"] == {"en": 1}
    code, text = run("search", "MATH", "two", "--in", tmp_path, "--json")
    assert (code, [row["problem"] for row in rows(text)]) == (0, ["add"])
    assert run("search", "nowhere", "--in", tmp_path) == (1, "")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    http = listen.make_server(0, lambda row: listen.save(row, tmp_path).name)
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{http.server_port}/"
    http.shutdown()
    thread.join()
    http.server_close()


MESSAGE = {
    "name": "Sum", "group": "Here", "url": "https://judge.example/problem/sum",
    "interactive": False,
    "memoryLimit": 64, "timeLimit": 1500, "tests": [{"input": "1 2\n", "output": "3\n"}],
}  # fmt: skip


def test_listen_takes_problems(server: str, tmp_path: Path) -> None:
    answer = httpx.post(server, json=MESSAGE)
    assert (answer.status_code, answer.text) == (200, "judge-sum.json\n")
    problem = load(tmp_path / "judge-sum.json")
    assert problem.public.limits.time_s == 1.5


def test_listen_answers_a_length_that_is_none(server: str) -> None:
    with socket.create_connection(("127.0.0.1", httpx.URL(server).port or 0)) as connection:
        connection.sendall(
            b"POST / HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: \xb2\r\n\r\n"
        )
        assert b" 413 " in connection.recv(100)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"headers": {"Origin": "https://evil.example"}, "json": MESSAGE}, 403),
        ({"headers": {"Content-Type": "text/plain"}, "content": json.dumps(MESSAGE)}, 403),
        ({"headers": {"Content-Type": "application/json"}, "content": "{"}, 400),
        ({"json": {"a": 1}}, 400),
        ({"json": {**MESSAGE, "timeLimit": "x"}}, 400),
        ({"json": {**MESSAGE, "name": "x" * (9 << 20)}}, 413),
    ],
)
def test_listen_refuses(server: str, tmp_path: Path, changes: dict[str, Any], code: int) -> None:
    try:
        status = httpx.post(server, **changes).status_code
    except httpx.WriteError:
        status = 413  # the server answered and closed before all was sent
    assert status == code
    assert not list(tmp_path.iterdir())
