"""Proxies, certificates and `.env` files that cannot be used: one line that names the setting."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from tests.agent.command import medalist

from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint

NOWHERE = "http://127.0.0.1:9/v1"
CHECK = ("model", "check", "m", "--no-write")


@pytest.mark.parametrize(
    ("variable", "value", "code", "said"),
    [
        ("SSL_CERT_FILE", "/nowhere/ca.pem", 2, "'/nowhere/ca.pem' does not exist"),
        ("SSL_CERT_FILE", "add.md", 2, "holds no certificates"),
        ("SSL_CERT_DIR", "/nowhere", 2, "'/nowhere' does not exist"),
        ("HTTP_PROXY", "ftp://127.0.0.1:9", 2, "'ftp' is not a known proxy scheme"),
        ("https_proxy", "socks4://127.0.0.1:9", 2, "'socks4' is not a known proxy scheme"),
        ("HTTP_PROXY", "http://user:secret@127.0.0.1:99999", 2, "is not the address of a proxy"),
        ("ALL_PROXY", "http://[::1", 2, "is not the address of a proxy"),
        ("ALL_PROXY", "http://", 2, "is not the address of a proxy"),
        ("HTTP_PROXY", "no-such-host.invalid:3128", 3, "is asked through the proxy of HTTP_PROXY"),
        ("http_proxy", "http://127.0.0.1:9", 3, "is asked through the proxy of http_proxy"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    variable: str, value: str, code: int, said: str, tmp_path: Path
) -> None:
    (tmp_path / "add.md").write_text("# Sum\n")
    env = {"OPENAI_BASE_URL": NOWHERE, "OPENAI_API_KEY": "k", "NO_PROXY": "", "no_proxy": ""}
    done = medalist(*CHECK, cwd=tmp_path, **env, **{variable: value})
    assert done.returncode == code, done.stderr
    last = done.stderr.splitlines()[-1]
    assert said in last
    assert variable in last
    assert "environment" in last
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr


@pytest.mark.skipif(importlib.util.find_spec("socksio") is not None, reason="socksio is here")
def test_a_socks_proxy_says_which_package_it_needs(tmp_path: Path) -> None:
    env = {"OPENAI_BASE_URL": NOWHERE, "ALL_PROXY": "socks5://127.0.0.1:9"}
    done = medalist(*CHECK, cwd=tmp_path, **env)
    assert done.returncode == 3
    assert "ALL_PROXY (environment): a SOCKS proxy needs the package socksio" in done.stderr


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1"]
)
def test_a_dotenv_in_any_encoding_is_read(encoding: str, tmp_path: Path) -> None:
    with ScriptedEndpoint([Reply("pong")]) as endpoint:
        text = f"OPENAI_BASE_URL={endpoint.base_url}\nOPENAI_API_KEY=sk-1\n# caf\xe9\n"
        (tmp_path / ".env").write_bytes(text.encode(encoding))
        done = medalist(*CHECK, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert endpoint.log[0].headers["authorization"] == "Bearer sk-1"
