"""Who may see a scoreboard, and what the browser is told about it."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.agent.web.contests import happenings, setting, write

from medalist.agent.web.guard import Secrets, is_loopback, is_own, own_names
from medalist.agent.web.hub import Hub
from medalist.agent.web.server import application

TOKEN = "correct horse battery staple"


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    write(tmp_path, [*setting(), *happenings("icpc", 1, people=4, columns=3, count=20)])
    return Hub(tmp_path)


def _client(
    hub: Hub, host: str = "127.0.0.1", token: str | None = None, names: tuple[str, ...] = ()
) -> TestClient:
    app = application(hub, hosts=(host, *names), given=Secrets(token))
    return TestClient(app, base_url=f"http://{host}", follow_redirects=False)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8080", "localhost:99", "[::1]:8080"])
def test_answers_to_its_own_names(hub: Hub, host: str) -> None:
    assert _client(hub).get("/data/contest", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io", ""])
@pytest.mark.parametrize("path", ["/", "/data/log", "/api/contests", "/data/stream"])
def test_a_rebound_name_reads_nothing(hub: Hub, host: str, path: str) -> None:
    answer = _client(hub).get(path, headers={"Host": host})
    assert answer.status_code == 421
    assert "Test round" not in answer.text


def test_a_name_given_as_the_host_is_its_own() -> None:
    assert is_own("board.example:80", own_names("board.example"))
    assert not is_own("board.example:80", own_names("0.0.0.0"))
    assert is_own("192.0.2.7:8080", own_names("0.0.0.0"))


def test_a_name_set_for_a_proxy_is_answered_and_no_other(hub: Hub) -> None:
    client = _client(hub, names=("Board.example", "b.example"))
    for host, status in [("board.example", 200), ("b.example:443", 200), ("c.example", 421)]:
        assert client.get("/data/contest", headers={"Host": host}).status_code == status


@pytest.mark.parametrize(
    "path", ["/", "/app.js", "/data/contest", "/data/log", "/data/stream", "/api/contests"]
)
def test_a_head_request_gets_the_head_and_ends(hub: Hub, path: str) -> None:
    client = _client(hub)
    answer = client.head(path)
    assert answer.status_code == 200
    assert answer.content == b""
    assert "content-security-policy" in answer.headers
    if path != "/data/stream":
        whole = client.get(path)
        assert answer.headers["content-type"] == whole.headers["content-type"]


def test_a_head_request_needs_what_a_get_needs(hub: Hub) -> None:
    assert _client(hub, token=TOKEN).head("/data/contest").status_code == 401
    assert _client(hub).head("/nowhere").status_code == 404


@pytest.mark.parametrize(
    ("host", "alone"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.0.2.1", False),
        ("board.example", False),
    ],
)
def test_what_counts_as_this_machine_alone(host: str, alone: bool) -> None:
    assert is_loopback(host) is alone


@pytest.mark.parametrize("path", ["/", "/app.js", "/data/contest", "/data/log", "/api/contests"])
def test_without_the_token_nothing_is_served(hub: Hub, path: str) -> None:
    client = _client(hub, token=TOKEN)
    assert client.get(path).status_code == 401
    for wrong in ("", "correct horse", TOKEN + "x", "\u00e9"):
        assert client.get(path, params={"token": wrong}).status_code == 401
    for basic in (b"???", b"\xe9", base64.b64encode(b"\xff")):
        answer = client.get(path, headers={b"Authorization": b"Basic " + basic})
        assert answer.status_code == 401
    assert client.get(path, headers={"Authorization": "Bearer nonsense"}).status_code == 401


def test_every_way_to_show_the_token(hub: Hub) -> None:
    client = _client(hub, token=TOKEN)
    basic = base64.b64encode(f"anybody:{TOKEN}".encode()).decode()
    for header in (f"Bearer {TOKEN}", f"Basic {basic}"):
        assert client.get("/api/contests", headers={"Authorization": header}).status_code == 200
    assert client.get("/api/contests").status_code == 401
    opened = client.get("/data/log", params={"token": TOKEN, "reveals": "0"})
    assert opened.status_code == 303
    assert opened.headers["location"] == "/data/log?reveals=0"
    cookie = opened.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert client.get("/data/log").status_code == 200


def test_the_redirect_stays_on_this_server(hub: Hub) -> None:
    client = _client(hub, token=TOKEN)
    answer = client.get("http://127.0.0.1//evil.example/", params={"token": TOKEN})
    assert answer.headers["location"] == "/evil.example/"


@pytest.mark.parametrize("path", ["/", "/nothing", "/api/nothing", "/data/contest"])
def test_every_answer_has_the_policy(hub: Hub, path: str) -> None:
    headers = _client(hub).get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_nothing_can_be_changed(hub: Hub, method: str) -> None:
    assert _client(hub).request(method, "/api/contests/test-icpc").status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/journal.sqlite",
        "/../journal.sqlite",
        "/..%2f..%2fetc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "//etc/passwd",
        "/static/app.js",
        "/server.py",
        "/api/contests/..%2f..%2fjournal.sqlite",
        "/api/contests/test-icpc/submissions/s0/files",
    ],
)
def test_no_address_is_a_path(hub: Hub, path: str) -> None:
    answer = _client(hub).get(path)
    assert answer.status_code == 404
    assert answer.json() == {"code": 404, "message": "not found"}
