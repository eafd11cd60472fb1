"""Keys, prices and time limits of endpoints, as a user meets them."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.agent.command import medalist

from medalist.agent.journal import Journal
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest

pytestmark = pytest.mark.local

KEY = "sk-secret-0123456789"
ADD = "# Sum\n\nPrint a + b.\n\n## Sample Input 1\n\n1 2\n\n## Sample Output 1\n\n3\n"
PROGRAM = "```python\na, b = map(int, input().split())\nprint(a + b)\n```"


@pytest.fixture(autouse=True)
def _statement(tmp_path: Path) -> None:
    (tmp_path / "add.md").write_text(ADD)


def everything_written(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.local
@pytest.mark.parametrize("key", [f"{KEY}\n", f"“{KEY}”", f" '{KEY}' \r\n"])
def test_a_key_is_cleaned_where_it_is_read(key: str, tmp_path: Path) -> None:
    def tells_the_key(seen: SeenRequest) -> Reply:
        if seen.index == 0:
            return Reply(f"who are you, {seen.headers['authorization']}?", status=500)
        return Reply(f"You said {seen.headers['authorization']}.\n{PROGRAM}")

    with ScriptedEndpoint(tells_the_key) as endpoint:
        done = medalist(
            "solve", "add.md", "-n", "2", "--lang", "python", "--out", "run", cwd=tmp_path,
            OPENAI_BASE_URL=endpoint.base_url, OPENAI_API_KEY=key,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert endpoint.log[0].headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in done.stdout + done.stderr
    assert KEY.encode() not in everything_written(tmp_path / "run")


@pytest.mark.local
@pytest.mark.parametrize("key", [f"{KEY[:9]}\n{KEY[9:]}", f"{KEY[:9]}’{KEY[9:]}", f"{KEY} {KEY}"])
@pytest.mark.parametrize("model", [(), ("--model", "m")], ids=["unnamed", "named"])
def test_a_key_that_no_header_can_carry_is_refused_and_not_shown(
    key: str, model: tuple[str, ...], tmp_path: Path
) -> None:
    done = medalist(
        "solve", "add.md", *model, "--out", "run", cwd=tmp_path,
        OPENAI_BASE_URL="http://127.0.0.1:9/v1", OPENAI_API_KEY=key,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith(
        "medalist: OPENAI_API_KEY: the key has an invalid character at position"
    )
    assert KEY[:9] not in done.stdout + done.stderr
    assert KEY[9:] not in done.stdout + done.stderr
    assert KEY[:9].encode() not in everything_written(tmp_path)


@pytest.mark.local
def test_a_cap_in_dollars_counts_nothing_for_a_model_of_ones_own_and_says_so(
    tmp_path: Path,
) -> None:
    solve = ["solve", "add.md", "-n", "2", "--lang", "python", "--max-usd", "0.01", "--json"]
    solve += ["--generators", "0", "--tests", "0", "--pair-generators", "0"]
    with ScriptedEndpoint([Reply(PROGRAM)]) as endpoint:
        env = {"OPENAI_BASE_URL": endpoint.base_url}
        done = medalist(*solve, "--out", "a", cwd=tmp_path, **env)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["cost_usd"] == 0
        assert "0 dollars are counted for it (--price IN,OUT if it is not free)" in done.stderr
        priced = medalist(*solve, "--price", "10000,10000", "--out", "b", cwd=tmp_path, **env)
        assert priced.returncode == 4, "not even one request fits under the cap"
        assert len(endpoint.log) == 2
    away = {"OPENAI_BASE_URL": "http://192.0.2.1.example/v1", "OPENAI_API_KEY": "k"}
    unknown = medalist(*solve, "--model", "m", "--out", "c", cwd=tmp_path, **away)
    assert unknown.returncode == 2
    assert "--price IN,OUT" in unknown.stderr
    wrong = medalist(*solve, "--model", "m", "--price", "1", "--out", "c", cwd=tmp_path, **away)
    assert wrong.returncode == 2
    assert "--price: '1' is not a price" in wrong.stderr


@pytest.mark.local
def test_an_answer_that_comes_too_late_is_paid_once_and_said(tmp_path: Path) -> None:
    def one_is_late(seen: SeenRequest) -> Reply:
        return Reply(PROGRAM, delay_s=60.0 if seen.index == 1 else 0.0)

    with ScriptedEndpoint(one_is_late, "llama-3.1-8b-instruct") as endpoint:
        done = medalist(
            "solve", "add.md", "-n", "3", "--lang", "python", "--timeout", "5", "--price", "1,1",
            "--generators", "0", "--tests", "0", "--pair-generators", "0",
            "--search", "once", "--json", cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert len(endpoint.log) == 3
    assert json.loads(done.stdout)["candidates"] == 2
    assert "its work may be billed, so it is not asked again" in done.stderr
    assert "dollars counted" in done.stderr
    assert "--timeout" in done.stderr


@pytest.mark.local
def test_what_a_server_refuses_by_name_is_left_out_once_and_said(tmp_path: Path) -> None:
    def strict(seen: SeenRequest) -> Reply:
        body = seen.body
        if "max_tokens" in body:
            said = "Unsupported parameter: 'max_tokens' is not supported with this model. "
            return Reply(f"{said}Use 'max_completion_tokens' instead.", status=400)
        if "seed" in body:
            return Reply('Invalid JSON payload received. Unknown name "seed"', status=400)
        if any(message["role"] == "system" for message in body["messages"]):
            return Reply("Developer instruction is not enabled for this model", status=400)
        if "temperature" in body and "top_p" in body:
            said = "`temperature` and `top_p` cannot both be specified for this model."
            return Reply(said, status=400)
        return Reply(PROGRAM)

    with ScriptedEndpoint(strict) as endpoint:
        done = medalist(
            "solve", "add.md", "-n", "4", "--lang", "python", "--search", "once", "--out", "run",
            "--generators", "0", "--tests", "0", "--pair-generators", "0",
            cwd=tmp_path, OPENAI_BASE_URL=f"{endpoint.base_url}/?api-version=1",
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert sum(seen.status == 200 for seen in endpoint.log) == 4
    # The first request goes alone; the others know what it learnt.
    assert len(endpoint.log) <= 4 + 4
    assert all(seen.path.endswith("?api-version=1") for seen in endpoint.log)
    for name in ("`max_tokens`", "`seed`", "`top_p`"):
        assert f"refuses {name}: it is asked without, from now on" in done.stderr
    with Journal.open(tmp_path / "run", readonly=True) as journal:
        assert len(list(journal.raw_events("call.adapted"))) == len(endpoint.log) - 4


@pytest.mark.local
@pytest.mark.parametrize(
    ("error", "words"),
    [
        ('{"error": {"message": "Insufficient credits", "code": 402}}', "no credit left"),
        ('{"error": "Unexpected endpoint or method. (POST /x)"}', "is the base URL right?"),
        ('{"choices": [{"error": {"message": "Insufficient balance", "code": 402}}]}', "no credit"),
    ],
)
def test_an_error_in_a_body_of_status_200_ends_the_run_at_once(
    error: str, words: str, tmp_path: Path
) -> None:
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", str(len(error)))
            self.end_headers()
            self.wfile.write(error.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        done = medalist(
            "solve", "add.md", "--model", "m", "--out", "run", cwd=tmp_path,
            OPENAI_BASE_URL=f"http://127.0.0.1:{server.server_port}/v1",
        )  # fmt: skip
        server.shutdown()
        thread.join()
    assert done.returncode == 3
    assert words in done.stderr
    assert len(asked) == 1


@pytest.mark.parametrize(
    "url",
    ["localhost:8000/v1", "http://", "http://[::1/v1", "http://host:99999/v1", "ftp://h/v1", "a b"],
)
def test_a_base_url_that_is_none_is_named_with_its_source(url: str, tmp_path: Path) -> None:
    done = medalist("solve", "add.md", "--model", "m", cwd=tmp_path, OPENAI_BASE_URL=url)
    assert done.returncode == 2
    assert done.stderr.startswith("medalist: OPENAI_BASE_URL: ")
    assert "is not the address of an endpoint" in done.stderr
