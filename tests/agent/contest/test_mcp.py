"""`medalist mcp`: the official client of the Model Context Protocol plays bundled problems."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from medalist.agent.commands.main import app
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint
from medalist.errors import BadInput
from tests.agent.command import environment, medalist, start

anyio = pytest.importorskip("anyio")
mcp = pytest.importorskip("mcp", reason="the official package is not installed: medalist[mcp]")

pytestmark = pytest.mark.local

RIGHT = """
n = int(input())
days = list(map(int, input().split()))
records, warmest = 0, None
for day in days:
    if warmest is None or day > warmest:
        records, warmest = records + 1, day
print(records)
"""
WRONG = RIGHT.replace("day > warmest", "day >= warmest")
SPY = """
import os, sys
for folder, _, names in os.walk('/'):
    if folder.startswith(('/proc', '/sys', '/usr', '/lib')):
        continue
    for name in names:
        try:
            print(folder, name, open(os.path.join(folder, name), errors='replace').read(500))
        except OSError:
            pass
print(dict(os.environ), sys.stdin.read())
"""


@asynccontextmanager
async def playing(folder: Path, *args: str) -> AsyncIterator[Any]:
    """A client beside `medalist mcp ARGS`, over its stdin and stdout."""
    command = [sys.executable, "-m", "medalist", "mcp", *args]
    server = mcp.StdioServerParameters(
        command=command[0], args=command[1:], cwd=folder, env=environment()
    )
    with Path(os.devnull).open("w") as nowhere:  # noqa: ASYNC230
        async with mcp.Client(mcp.stdio_client(server, errlog=nowhere)) as client:
            yield client


async def said(client: Any, tool: str, **given: str) -> str:
    result = await client.call_tool(tool, given)
    assert not result.is_error, result
    text: str = result.content[0].text
    return text


def played(scene: Callable[[], Coroutine[Any, Any, None]]) -> None:
    anyio.run(scene)


def rows(run: Path) -> list[dict[str, Any]]:
    done = medalist("contest", "standings", run, "--json", cwd=run.parent)
    assert done.returncode == 0, done.stderr
    result: list[dict[str, Any]] = json.loads(done.stdout)["rows"]
    return result


def test_the_official_client_plays_to_an_accepted_submission(tmp_path: Path) -> None:
    async def scene() -> None:
        async with playing(tmp_path, "warmer", "turnstile", "--out", "run") as client:
            tools = {tool.name for tool in (await client.list_tools()).tools}
            assert tools == {
                "list_problems", "statement", "run", "test_samples", "stress", "time_at_bounds",
                "submit", "standings",
            }  # fmt: skip
            listed = await said(client, "list_problems")
            assert "icpc rules" in listed
            assert "A (warmer)" in listed
            assert "Sample" in await said(client, "statement", problem="A")
            told = await said(client, "test_samples", problem="warmer", program=RIGHT)
            assert told.startswith("It passes 2 of 2") or "samples" in told
            ran = await said(client, "run", problem="A", program=RIGHT, input="3\n1 2 2\n")
            assert re.search(r"\n2\n", ran)
            stressed = await said(client, "stress", problem="A", program=WRONG, brute=RIGHT)
            assert "They differ on this input" in stressed
            assert "time limit" in await said(client, "time_at_bounds", problem="A", program=RIGHT)
            assert "Verdict: WA" in await said(client, "submit", problem="A", program=WRONG)
            assert "Verdict: AC" in await said(client, "submit", problem="A", program=RIGHT)
            assert "2 submissions; solved" in await said(client, "list_problems")
            assert "A:+1" in await said(client, "standings")
            # What cannot be understood is answered in words.
            assert "There is no problem 'Z'; there are A, B." in await said(
                client, "submit", problem="Z", program=RIGHT
            )
            assert "no language 'cobol'" in await said(
                client, "run", problem="A", program=RIGHT, input="", language="cobol"
            )

    played(scene)
    (row,) = rows(tmp_path / "run")
    assert row["problems"]["A"] | {"time_s": 0} == {
        "points": 1.0, "solved": True, "tries": 2, "rejected": 1, "pending": 0, "time_s": 0,
    }  # fmt: skip


def test_the_rules_limit_submissions_and_a_run_goes_on_to_its_end(tmp_path: Path) -> None:
    # A submission is judged within a second of the contest: of two here.
    args = ["warmer", "--rules", "ioi", "--out", "run", "--speed", "0.5"]

    async def first() -> None:
        async with playing(tmp_path, *args) as client:
            assert "0 of 50 submissions" in await said(client, "list_problems")
            shown = await said(client, "submit", problem="A", program=WRONG)
            assert "49 submissions to this problem are left." in shown
            # IOI: one a minute.
            refused = await said(client, "submit", problem="A", program=RIGHT)
            assert re.search(r"Not submitted: .* may be made in \d\d s", refused)

    async def second() -> None:
        async with playing(tmp_path, *args[:-1], "10000") as client:
            assert "1 of 50 submissions" in await said(client, "list_problems")
            await anyio.sleep(0.05)
            assert "Verdict: AC" in await said(client, "submit", problem="A", program=RIGHT)
            while "0:00:00 left" not in await said(client, "list_problems"):
                await anyio.sleep(0.1)
            refused = await said(client, "submit", problem="A", program=RIGHT)
            assert refused == "Not submitted: the contest is over."
            assert "5:00:00" in await said(client, "standings")

    played(first)
    played(second)
    assert rows(tmp_path / "run")[0]["total"] == 100


def test_no_tool_shows_anything_of_the_secret_half(tmp_path: Path) -> None:
    files = {
        "problem.yaml": "name: Sum\nlicense: cc0\nvalidation: custom\n"
        "limits:\n  time_limit: 2\n  memory: 256\n",
        "problem_statement/problem.en.md": "# Sum\n\nPrint the sum of n integers.\n\n## Input\n\n"
        "The first line holds n (1 <= n <= 9). The second line holds n integers "
        "a_1, ..., a_n (1 <= a_i <= 9).\n",
        "data/sample/1.in": "3\n1 5 2\n",
        "data/sample/1.ans": "8\n",
        "data/secret/1.in": "2\n4 4\n",
        "data/secret/1.ans": "8 canary-answer\n",
        "output_validators/check.py": "# canary-checker\nimport sys\n"
        "print('canary-checker-says', file=sys.stderr)\n"
        "sys.exit(42 if sys.stdin.read().split() == ['8'] else 43)\n",
        "submissions/accepted/right.py": "# canary-solution\nprint(8)\n",
    }
    for name, content in files.items():
        path = tmp_path / "sum" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    heard: list[str] = []

    async def scene() -> None:
        async with playing(tmp_path, "sum", "--out", "run") as client:
            heard.append(str(await client.list_tools()))
            for tool, given in {
                "list_problems": {},
                "statement": {"problem": "A"},
                "test_samples": {"problem": "A", "program": SPY},
                "run": {"problem": "A", "program": SPY, "input": "1\n1\n"},
                "stress": {"problem": "A", "program": SPY, "brute": "print(8)"},
                "time_at_bounds": {"problem": "A", "program": SPY},
                "submit": {"problem": "A", "program": SPY},
                "standings": {},
            }.items():
                heard.append(await said(client, tool, **given))

    played(scene)
    assert "Verdict: WA" in " ".join(heard)
    assert "canary" not in " ".join(heard)


def test_agents_play_beside_each_other_and_a_model_over_http(tmp_path: Path) -> None:
    with ScriptedEndpoint([Reply(f"```python\n{RIGHT}```")]) as endpoint:
        _agents_and_a_model(endpoint, tmp_path)


def _agents_and_a_model(endpoint: ScriptedEndpoint, tmp_path: Path) -> None:
    (tmp_path / "round.yaml").write_text(
        "name: Round\nid: round\nrules: icpc\nduration: 0:10:00\nproblems: [warmer]\n"
        "participants: [{id: ann, mcp: true}, {id: bob, mcp: true}, {id: small, model: writer, "
        "candidates: 1, lang: python, prompts: direct}]\n"
    )
    args = ("contest", "run", "round.yaml", "--mcp-port", "0", "--speed", "60", "--json")
    process = start(
        *args, "--out", "run",
        cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url, OPENAI_API_KEY="none",
    )  # fmt: skip
    assert process.stderr is not None
    doors: dict[str, tuple[str, str]] = {}
    while len(doors) < 2:
        line = process.stderr.readline()
        assert line, "the contest ended"
        if match := re.match(r"(\w+): (http://\S+)  \(Authorization: Bearer (\S+)\)", line):
            doors[match[1]] = (match[2], match[3])
    import httpx

    address, token = doors["ann"]
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    headers = {"Accept": "application/json, text/event-stream"}

    def status(**more: str) -> int:
        return httpx.post(address, json=body, headers=headers | more).status_code

    bearer = {"Authorization": f"Bearer {token}"}
    assert status() == 401
    assert status(Authorization=f"Bearer {doors['bob'][1]}") == 401
    assert status(Host="evil.example", **bearer) == 421
    assert status(Origin="http://evil.example", **bearer) == 403

    async def scene() -> None:
        async with mcp.Client(f"{address}?token={token}") as ann:
            assert "Verdict: AC" in await said(ann, "submit", problem="A", program=RIGHT)
        async with mcp.Client(f"{doors['bob'][0]}?token={doors['bob'][1]}") as bob:
            assert "Verdict: WA" in await said(bob, "submit", problem="A", program=WRONG)
            assert "ann: total 1" in await said(bob, "standings")
            heard: list[str] = []

            async def waits() -> None:
                program = "import time\ntime.sleep(0.5)\n"
                heard.append(await said(bob, "run", problem="A", program=program, input="1\n"))

            async with anyio.create_task_group() as flood:
                for _ in range(8):
                    flood.start_soon(waits)
            assert any("4 calls of yours are under way already" in text for text in heard)
            assert any("it ended properly" in text.lower() for text in heard)

    played(scene)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    totals = {row["id"]: row["total"] for row in json.loads(out)["rows"]}
    assert totals == {"ann": 1, "bob": 0, "small": 1}
    # Played again from the record, without anybody there.
    command = ["contest", "run", "round.yaml", "--replay", "run", "--out", "copy"]
    again = medalist(*command, cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert {row["id"]: row["total"] for row in rows(tmp_path / "copy")} == totals
    first, second = (
        medalist("contest", "standings", run, "--json", cwd=tmp_path).stdout
        for run in ("run", "copy")
    )
    assert first == second


def test_the_inspector_from_npm_plays_too(tmp_path: Path) -> None:
    inspector = shutil.which("mcp-inspector")
    if inspector is None:
        pytest.skip("npm install -g @modelcontextprotocol/inspector")
    command = [
        inspector,
        "--cli",
        sys.executable,
        "-m",
        "medalist",
        "mcp",
        "warmer",
        "--out",
        "run",
    ]
    command += ["--method", "tools/call", "--tool-name", "submit", "--tool-arg", "problem=A"]
    done = subprocess.run(
        [*command, "--tool-arg", f"program={RIGHT}"],
        cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert "Verdict: AC" in done.stdout, done.stderr
    assert rows(tmp_path / "run")[0]["total"] == 1


def test_a_port_that_is_taken_is_named_by_its_option(tmp_path: Path) -> None:
    (tmp_path / "round.yaml").write_text(
        "name: R\nrules: icpc\nduration: 60\nproblems: [warmer]\n"
        "participants: [{id: a, mcp: true}]\n"
    )
    round_file, out = str(tmp_path / "round.yaml"), str(tmp_path / "run")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for args, option in (
            (["contest", "run", round_file, "--mcp-port", port], "--mcp-port"),
            (["mcp", round_file, "--http", "--port", port], "--port"),
        ):
            done = CliRunner().invoke(app, [*args, "--box", "local", "--out", out])
            assert isinstance(done.exception, BadInput), done.output
            assert str(done.exception) == (
                f"{option}: cannot listen on 127.0.0.1 port {port}: Address already in use "
                f"(give another {option})"
            )


def test_what_cannot_be_played_is_one_line(tmp_path: Path) -> None:
    two = "participants: [{id: a, mcp: true}, {id: b, mcp: true}]\n"
    head = "name: R\nrules: icpc\nduration: 60\nproblems: [warmer]\n"
    (tmp_path / "two.yaml").write_text(head + two)
    (tmp_path / "model.yaml").write_text(head + "participants: [{id: a, mcp: true, model: x}]\n")
    for args, message in [
        (["mcp", "two.yaml"], "several participants cannot share stdin (give --http)"),
        (["mcp", "warmer", "--duration", "soon"], "--duration: 'soon' is not a duration"),
        (["mcp", "warmer", "--id", "a b"], "--id: 'a b' is not an id"),
        (["mcp", "nowhere"], "no bundled problem 'nowhere'"),
        (["contest", "run", "model.yaml"], "a participant with mcp brings its own model"),
    ]:
        given = [str(tmp_path / arg) if arg.endswith(".yaml") else arg for arg in args]
        done = CliRunner().invoke(app, given)
        assert isinstance(done.exception, BadInput), done.output
        assert message in str(done.exception)
