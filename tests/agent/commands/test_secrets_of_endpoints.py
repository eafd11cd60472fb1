"""Keys in headers, parameters and addresses: sent as they are, shown and stored nowhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.agent.command import medalist

from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest

ADD = "# Sum\n\nPrint a + b.\n\n## Sample Input 1\n\n1 2\n\n## Sample Output 1\n\n3\n"
PROGRAM = "```python\na, b = map(int, input().split())\nprint(a + b)\n```"
HEADER, QUERY, PASSWORD, BODY = "azure-secret-77", "query+secret/88", "pass-secret-99", "tenant-11"


def echoes(seen: SeenRequest) -> Reply:
    """A server that repeats all that it was sent: in refusals, in answers and in thoughts."""
    told = json.dumps([seen.path, dict(seen.headers), seen.body.get("gateway_token")])
    if seen.index % 3 == 0:
        return Reply(f"bad request: {told}", status=500)
    return Reply(f"{told}\n{PROGRAM}", reasoning=told)


def config(folder: Path, url: str, more: str = "") -> dict[str, str]:
    (folder / "config/medalist").mkdir(parents=True)
    (folder / "config/medalist/config.toml").write_text(
        f'[[endpoints]]\nmodel = "m"\nbase_url = "{url}"\n{more}'
    )
    return {"XDG_CONFIG_HOME": str(folder / "config")}


@pytest.mark.local
def test_what_an_endpoint_repeats_of_them_is_neither_shown_nor_stored(tmp_path: Path) -> None:
    (tmp_path / "add.md").write_text(ADD)
    with ScriptedEndpoint(echoes, "m") as endpoint:
        url = endpoint.base_url.replace("//", f"//joe:{PASSWORD}@")
        more = f'headers = {{ "api-key" = "{HEADER}", Authorization = "Bearer {HEADER}-2" }}\n'
        more += f'query = {{ "api-key" = "{QUERY}", "api-version" = "2024-10-21" }}\n'
        more += f'extra_body = {{ gateway_token = "{BODY}" }}\n'
        env = config(tmp_path, url, more)
        done = medalist(
            "solve", "add.md", "-n", "4", "--lang", "python", "--model", "m", "--search", "once",
            "--generators", "0", "--tests", "0", "--pair-generators", "0", "--validators", "0",
            "--out", "run", cwd=tmp_path, **env,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert HEADER in str(endpoint.log[0].headers), "they are sent"
        assert "query%2Bsecret%2F88" in endpoint.log[0].path
        assert "2024-10-21" in endpoint.log[0].path
    exported = medalist("export", "run", "out", "--as", "jsonl", cwd=tmp_path, **env)
    assert exported.returncode == 0, exported.stderr
    stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()
                      and "config" not in path.parts)  # fmt: skip
    everything = stored.decode("latin-1") + done.stdout + done.stderr + exported.stderr
    for secret in (HEADER, QUERY, "query%2Bsecret%2F88", PASSWORD, BODY, "am9lOnBhc3M"):
        assert secret not in everything
    assert "***" in everything


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('headers = { "api-key" = "nl\\nsecret" }', "has an invalid character at position 3 of 9"),
        (
            'headers = { "api-key" = "“quoted-secret”" }',
            "has an invalid character at position 1 of 15",
        ),
        ('headers = { "api key:" = "other-secret" }', "'api key:' is not the name of a header"),
    ],
)
def test_a_header_that_cannot_be_sent_is_refused_where_it_is_read(
    line: str, said: str, tmp_path: Path
) -> None:
    env = config(tmp_path, "http://127.0.0.1:9/v1", f"{line}\n")
    done = medalist("model", "check", "m", cwd=tmp_path, **env)
    assert done.returncode == 2
    assert said in done.stderr
    assert "endpoints.0.headers" in done.stderr
    assert "secret" not in done.stderr.replace("other-secret", "")
    assert "Traceback" not in done.stderr


@pytest.mark.local
@pytest.mark.parametrize(
    "models",
    [lambda path: Reply(f"denied: {path}", status=401), lambda _: Reply(raw=b'{"data": 7}')],
    ids=["refused", "no list"],
)
def test_the_question_which_models_there_are_shows_no_secret(
    models: Callable[[str], Reply], tmp_path: Path
) -> None:
    (tmp_path / "add.md").write_text(ADD)
    with ScriptedEndpoint([Reply()], listed=models) as endpoint:
        env = {"OPENAI_BASE_URL": f"{endpoint.base_url}?api-key=list-secret-55"}
        done = medalist("solve", "add.md", cwd=tmp_path, **env)
    assert done.returncode == 3
    assert "does not say which models it has" in done.stderr
    assert "list-secret-55" not in done.stderr
