"""`medalist model check` and `doctor --model`: what servers take and give is found and kept."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests import local_sandbox
from tests.agent.command import medalist

from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest

ADD = "# Sum\n\nPrint a + b.\n\n## Sample Input 1\n\n1 2\n\n## Sample Output 1\n\n3\n"
PROGRAM = "```python\na, b = map(int, input().split())\nprint(a + b)\n```"


def text_for(body: dict[str, Any], *, obeys_stop: bool = True) -> str:
    """What a model would say to one of the questions, or about the problem."""
    asked = body["messages"][-1]["content"]
    if "numbers 1 to 9" in asked:
        last = 5 if obeys_stop and "6" in body.get("stop", ()) else 9
        return "\n".join(map(str, range(1, last + 1)))
    if "1 to 300" in asked:
        return "\n".join(map(str, range(1, 301)))
    if form := body.get("response_format"):
        return json.dumps(
            {"answer": form["json_schema"]["schema"]["properties"]["answer"]["enum"][0]}
        )
    return "pong" if "pong" in asked else PROGRAM


def full(seen: SeenRequest) -> Reply:
    """A server that can all of it."""
    body = seen.body
    limit = seen.max_tokens or 0
    text = text_for(body)
    words, finish = text.split("\n"), "stop"
    if len(words) > limit:
        text, finish = "\n".join(words[:limit]), "length"
    message: dict[str, Any] = {"role": "assistant", "content": text, "reasoning_content": "Hm."}
    if "tools" in body:
        call = {"id": "1", "type": "function", "function": {"name": "clock", "arguments": "{}"}}
        message |= {"content": None, "tool_calls": [call]}
    choice: dict[str, Any] = {"index": 0, "message": message, "finish_reason": finish}
    if body.get("logprobs"):
        choice["logprobs"] = {"content": [{"token": "pong", "logprob": -0.1}]}
    count = min(len(words), limit) * body.get("n", 1)
    usage = {"prompt_tokens": 20, "completion_tokens": count, "total_tokens": 20 + count}
    answer = {"model": "m", "choices": [choice] * body.get("n", 1), "usage": usage}
    return Reply(raw=json.dumps(answer).encode())


def counts_one(seen: SeenRequest) -> Reply:
    """A server of four slots whose usage is that of one answer (llama.cpp)."""
    if seen.body.get("n", 1) > 4:
        return Reply("Field 'n': Value must be between 1 <= value <= 4", status=400)
    reply = full(seen)
    assert reply.raw is not None
    answer = json.loads(reply.raw)
    answer["usage"]["completion_tokens"] //= seen.body.get("n", 1)
    del answer["usage"]["total_tokens"]
    return Reply(raw=json.dumps(answer).encode())


def refuses(*names: str, roles: bool = False) -> Callable[[SeenRequest], Reply]:
    """A server that refuses parameters by name, and perhaps system messages."""

    def reply(seen: SeenRequest) -> Reply:
        for name in (*names, "n", "logprobs", "tools", "response_format"):
            if name in seen.body:
                return Reply(f"Unsupported parameter: '{name}' is not supported.", status=400)
        if roles and any(message["role"] == "system" for message in seen.body["messages"]):
            return Reply("System role not supported", status=400)
        return Reply(text_for(seen.body))

    return reply


def careless(seen: SeenRequest) -> Reply:
    """A server that says no usage, and continues behind a stop."""
    return Reply(text_for(seen.body, obeys_stop=False), usage=False)


def think_tags(seen: SeenRequest) -> Reply:
    """A server that leaves the thinking in the text."""
    return Reply(f"<think>\nHm, 1 2.\n</think>\n{text_for(seen.body)}")


def ends_early(seen: SeenRequest) -> Reply:
    """A server that keeps limits and knows tools, with a model that needs neither (llama.cpp)."""
    if "1 to 300" in seen.body["messages"][-1]["content"]:
        return Reply("\n".join(map(str, range(1, 41))), completion_tokens=12)
    return Reply(text_for({k: v for k, v in seen.body.items() if k != "response_format"}))


def cut_while_thinking(seen: SeenRequest) -> Reply:
    """A model that thinks through all of its limit, but for the first question."""
    limit = seen.max_tokens or 0
    if seen.index == 0:
        return Reply("pong", reasoning="Hm.")
    return Reply("", reasoning="Hm. " * 20, reasoning_tokens=limit, finish="length")


def breaks_down(seen: SeenRequest) -> Reply:
    """A server that has a fault after the first answer: nothing else can be seen."""
    return Reply("pong") if seen.index == 0 else Reply("a fault inside", status=500)


def wrong_end(seen: SeenRequest) -> Reply:
    """A server that cuts an answer at its limit, and says that it ended by itself."""
    return replace_finish(full(seen))


def goes_on(seen: SeenRequest) -> Reply:
    """A server that knows no limit."""
    return Reply(text_for(seen.body), ignores_limit=True)


def replace_finish(reply: Reply) -> Reply:
    return Reply(raw=(reply.raw or b"").replace(b'"length"', b'"stop"'))


SERVERS: dict[str, tuple[Callable[[SeenRequest], Reply], dict[str, Any], dict[str, Any]]] = {
    "full": (
        full,
        {"seed": True, "stop ends an answer": True, "tools": True, "log-probabilities": True,
         "several answers a request (n)": True, "answers in a form": True, "usage": True,
         "limit is kept": True},
        {"thinking": True, "seed": True, "limit": "max_tokens", "n": 8, "structured": True,
         "logprobs": True, "tools": True},
    ),
    "strict": (
        refuses("seed", "top_p", "max_tokens", roles=True),
        {"seed": False, "top_p": False, "temperature": True, "system messages": False,
         "tools": False, "several answers a request (n)": False, "answers in a form": False},
        {"seed": False, "top_p": False, "system": False, "limit": "max_completion_tokens",
         "n": 1, "structured": False, "logprobs": False},
    ),
    "no sampling": (
        refuses("temperature", "top_p", "stop"),
        {"temperature": False, "top_p": False, "stop": False, "seed": True},
        {"temperature": False, "top_p": False, "stop": False},
    ),
    "careless": (careless, {"usage": False, "stop ends an answer": False}, {"thinking": False}),
    "counts one": (counts_one, {"several answers a request (n)": True}, {"n": 1}),
    "tags": (think_tags, {"usage": True}, {"thinking": True}),
    "ends early": (
        ends_early,
        {"limit is kept": None, "tools": None, "answers in a form": False, "usage": True},
        {"structured": False},
    ),
    "cut while thinking": (
        cut_while_thinking,
        {"stop ends an answer": None, "log-probabilities": None, "answers in a form": None,
         "tools": None, "limit is kept": True},
        {"thinking": True, "logprobs": True, "structured": False},
    ),
    "breaks down": (
        breaks_down,
        {"usage": None, "stop ends an answer": None, "several answers a request (n)": None,
         "log-probabilities": None, "answers in a form": None, "tools": None,
         "limit is kept": None, "speed, 1 in flight": False},
        {"logprobs": True, "n": 1},
    ),
    "says a wrong end": (wrong_end, {"limit is kept": True}, {}),
    "knows no limit": (goes_on, {"limit is kept": False}, {}),
}  # fmt: skip


@pytest.mark.parametrize("kind", SERVERS)
def test_the_table_and_the_profile_are_right(kind: str, tmp_path: Path) -> None:
    script, table, fields = SERVERS[kind]
    env = {"XDG_CONFIG_HOME": str(tmp_path / "config"), "OPENAI_API_KEY": "k"}
    with ScriptedEndpoint(script, "acme/wonder") as endpoint:
        env["OPENAI_BASE_URL"] = endpoint.base_url
        done = medalist("model", "check", "acme/wonder", "--json", cwd=tmp_path, **env)
        assert done.returncode == 0, done.stderr
        first = done.stderr.splitlines()[0]
        assert "requests, at most" in first
        assert "dollars unknown" in first
        rows = {row["check"]: row["ok"] for row in map(json.loads, done.stdout.splitlines())}
        assert {name: rows[name] for name in table} == table
        written = tomllib.loads((tmp_path / "config/medalist/profiles.toml").read_text())
        (row,) = written["profile"]
        assert row["match"] == ["wonder"]
        assert {name: row[name] for name in fields} == fields
        if kind != "strict":
            return
        # A run with the written profile asks so that nothing is refused.
        local_sandbox.needed()
        (tmp_path / "add.md").write_text(ADD)
        asked = len(endpoint.log)
        ran = medalist(
            "solve", "add.md", "-n", "2", "--lang", "python", "--model", "acme/wonder",
            "--search", "once", cwd=tmp_path, **env,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr
        assert len(endpoint.log) == asked + 2
        again = medalist("model", "check", "acme/wonder", cwd=tmp_path, **env)
        assert again.returncode == 0, again.stderr
        text = (tmp_path / "config/medalist/profiles.toml").read_text()
        assert text.count("[[profile]]") == 1


def test_what_a_name_leaves_out_was_not_refused(tmp_path: Path) -> None:
    env = {"XDG_CONFIG_HOME": str(tmp_path), "OPENAI_API_KEY": "k"}
    with ScriptedEndpoint(full, "o3") as endpoint:
        env["OPENAI_BASE_URL"] = endpoint.base_url
        done = medalist("model", "check", "o3", "--json", "--no-write", cwd=tmp_path, **env)
        assert done.returncode == 0, done.stderr
    rows = {row["check"]: row for row in map(json.loads, done.stdout.splitlines())}
    assert rows["temperature"]["ok"] is None
    assert rows["temperature"]["detail"] == "not tried: left out as its profile says"
    assert rows["system messages"]["ok"] is True


def loads(first: int, then: Callable[[SeenRequest], Reply]) -> Callable[[SeenRequest], Reply]:
    """A server that loads its model while it is asked so many times."""
    return lambda seen: Reply("Loading model", status=503) if seen.index < first else then(seen)


def test_a_server_that_loads_its_model_is_waited_for(tmp_path: Path) -> None:
    env = {"XDG_CONFIG_HOME": str(tmp_path / "config"), "OPENAI_API_KEY": "k"}
    left = [Reply("Loading model", status=503)] * 2
    card = {"meta": {"n_ctx": 5000}}
    with ScriptedEndpoint(
        loads(5, full), "acme/wonder", card=card, listed=lambda _: left.pop() if left else None
    ) as endpoint:
        env["OPENAI_BASE_URL"] = endpoint.base_url
        done = medalist("model", "check", "acme/wonder", "--json", cwd=tmp_path, **env)
        assert done.returncode == 0, done.stderr
    rows = {row["check"]: row for row in map(json.loads, done.stdout.splitlines())}
    assert rows["context"]["detail"] == "5000 tokens"
    assert "503: Loading model: waiting until it is available, up to 600 s" in done.stderr
    with ScriptedEndpoint(loads(10**6, full), "acme/wonder") as endpoint:
        env["OPENAI_BASE_URL"] = endpoint.base_url
        impatient = ("model", "check", "acme/wonder", "--patience", "0.05")
        done = medalist(*impatient, cwd=tmp_path, **env)
    assert done.returncode == 3
    assert "answered 503: Loading model" in done.stderr


@pytest.mark.local
def test_the_line_of_a_run_names_the_check_and_the_row_that_fills_the_rest(tmp_path: Path) -> None:
    (tmp_path / "add.md").write_text(ADD)
    env = {"XDG_CONFIG_HOME": str(tmp_path / "config"), "OPENAI_API_KEY": "k"}
    solve = (
        "solve", "add.md", "-n", "1", "--lang", "python", "--search", "once", "--generators", "0",
        "--tests", "0", "--pair-generators", "0", "--validators", "0",
    )  # fmt: skip
    said = {}
    with ScriptedEndpoint(full) as endpoint:
        env["OPENAI_BASE_URL"] = endpoint.base_url
        for name in ("Qwen3-8B", "wonder-9"):
            done = medalist("model", "check", name, cwd=tmp_path, **env)
            assert done.returncode == 0, done.stderr
            said[name] = medalist(*solve, "--model", name, "--out", name, cwd=tmp_path, **env)
        own = tmp_path / "config/medalist/profiles.toml"
        own.write_text('[[profile]]\nmatch = ["mine*"]\nthinking = false\n')
        said["mine-2"] = medalist(*solve, "--model", "mine-2", "--out", "m", cwd=tmp_path, **env)
    checked = f"(medalist model check at {endpoint.base_url}/ on "
    assert checked in said["Qwen3-8B"].stderr
    assert "; the rest: profile qwen3*, " in said["Qwen3-8B"].stderr
    assert checked in said["wonder-9"].stderr
    assert "the rest" not in said["wonder-9"].stderr
    assert "(mine* in your profiles.toml)" in said["mine-2"].stderr


def test_an_endpoint_that_cannot_be_asked_is_said(tmp_path: Path) -> None:
    env = {"XDG_CONFIG_HOME": str(tmp_path), "OPENAI_API_KEY": "k"}
    with ScriptedEndpoint([Reply("no such key", status=401)]) as endpoint:
        env["OPENAI_BASE_URL"] = endpoint.base_url
        done = medalist("model", "check", "m", cwd=tmp_path, **env)
    assert done.returncode == 3
    assert "answered 401: no such key" in done.stderr
    assert not (tmp_path / "medalist/profiles.toml").exists()
    embedded = medalist("model", "check", "embedded", cwd=tmp_path, **env)
    assert embedded.returncode == 2
    assert "is not a model at an endpoint" in embedded.stderr


@pytest.mark.local
def test_doctor_asks_the_endpoint_one_question(tmp_path: Path) -> None:
    doctor = ("doctor", "--box", "local", "--no-hostile", "--json", "--model", "Qwen/Qwen3-8B")
    with ScriptedEndpoint(full, "Qwen/Qwen3-8B", card={"max_model_len": 40960}) as endpoint:
        done = medalist(*doctor, cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url)
        assert done.returncode == 0, done.stderr
        assert len(endpoint.log) == 1
    rows = {row["check"]: row for row in map(json.loads, done.stdout.splitlines())}
    said = rows["model Qwen/Qwen3-8B"]["detail"]
    assert "thinks first" in said
    assert "in a context of 40960 (as the endpoint says)" in said
    assert "temperature 0.6, top-p 0.95, top-k 20" in said
    assert "(profile qwen3*, 2026-11-30: https://github.com/QwenLM/Qwen3" in said
    gone = medalist(*doctor, cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url)
    assert gone.returncode == 3
    assert "cannot be reached" in gone.stdout
