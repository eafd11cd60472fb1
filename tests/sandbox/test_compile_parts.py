"""The parts of compilation that need no box."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from medalist.sandbox.box import CompileResult, Executable
from medalist.sandbox.compiler_messages import MAX_CHARS, MAX_LINES, tidy
from medalist.sandbox.executables import ExecutableCache
from medalist.sandbox.languages import LANGUAGES, language_of
from medalist.sandbox.preamble import names_in, preamble_of


@pytest.mark.parametrize(
    ("file_name", "text", "language"),
    [
        ("a.cpp", "", "cpp"),
        ("a.CC", "", "cpp"),
        ("a.C", "", "cpp"),
        ("a.cpp", "// @std c++17\n", "cpp17"),
        ("a.cc", "/* @std=gnu++2b */\n", "cpp23"),
        ("a.cc", "// @std::vector\n", "cpp"),
        ("a.c++", "", "cpp"),
        ("a.c", "", "c17"),
        ("a.py", "", "python3"),
        ("a.py", "#!/usr/bin/env pypy3\n", "pypy3"),
        ("run", "#!/usr/bin/python3\nprint(1)\n", "python3"),
        ("solution", "#include <cstdio>\n", "cpp"),
        ("a.h", "#include <cstdio>\n", None),
        ("a.hs", "main = return ()", None),
        ("a.java", "class A {}", "java"),
        ("solution", "package main\n\nfunc main() {}\n", "go"),
        ("notes", "hello", None),
    ],
)
def test_language_of_a_file(file_name: str, text: str, language: str | None) -> None:
    assert language_of(file_name, text) == language


def test_rows_are_named_after_themselves() -> None:
    assert {name: row.name for name, row in LANGUAGES.items()} == {name: name for name in LANGUAGES}
    assert all(row.takes(row.default_name) for row in LANGUAGES.values())


def preamble_text(source: str) -> str | None:
    outcome = preamble_of(source.encode())
    return outcome.text if outcome else None


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("#include <bits/stdc++.h>\nint main() {}", "#include <bits/stdc++.h>\n"),
        ("// hi\n/* there\n */ #include<map>\n#include <set> // x\nint x;",
         "#include <map>\n#include <set>\n"),
        ("#include <set>\n\n#include <map>\n", "#include <map>\n#include <set>\n"),
        ("#include <vector>\n#include <bits/stdc++.h>\n", "#include <bits/stdc++.h>\n"),
        ("#include <bits/stdc++.h>\n#include <ext/pb_ds/assoc_container.hpp>\n",
         "#include <bits/stdc++.h>\n#include <ext/pb_ds/assoc_container.hpp>\n"),
        ("#pragma GCC optimize(\"O3\")\n#pragma GCC target (\"avx2\")\n#include <map>\n",
         "#pragma GCC optimize (\"O3\")\n#pragma GCC target (\"avx2\")\n#include <map>\n"),
        ("#include <map>\n#define int long\n#include <set>\n", "#include <map>\n"),
        ("#include <map>\r\n#include <set>\r\n", "#include <map>\n#include <set>\n"),
        ("#include <map>", "#include <map>\n"),
        ("#define NDEBUG\n#include <cassert>\n", None),
        ("#pragma GCC push_options\n#include <map>\n", None),
        ("#include \"map\"\n", None),
        ("#include <../../etc/passwd>\n", None),
        ("#include </etc/passwd>\n", None),
        ("#include <map> \\\n int x;\n", None),
        ("// a comment goes on \\\n#include <map>\n", None),
        ("#if 0\n#include <map>\n#endif\n", None),
        ("int x;\n#include <map>\n", None),
        ("", None),
    ],
)  # fmt: skip
def test_preamble(source: str, text: str | None) -> None:
    assert preamble_text(source) == text


def test_names_are_seen_wherever_they_hide() -> None:
    text = b'#define A fu\\\nture\nint x = B; // async\n#pragma GCC optimize("O3")\n'
    assert names_in([text]) == {b"define", b"A", b"future", b"int", b"x", b"B", b"async"}


@pytest.mark.parametrize("paste", [b"#define J(a, b) a##b\n", b"  # define J(a) \\\n a %:%: x\n"])
def test_pasted_names_are_not_known(paste: bytes) -> None:
    assert names_in([b"int x;\n" + paste]) is None


def test_a_grid_of_hashes_is_no_pasting() -> None:
    assert names_in([b'char grid[] = "##.##";\n']) == {b"char", b"grid"}


def test_complaints_lose_paths_notes_and_control_characters() -> None:
    raw = (
        b"In file included from /usr/include/c++/12/map:60,\n"
        b"                 from ./main.cpp:1:\n"
        b"./main.cpp:3:5: error: \x1b[2Jno \xe2\x80\xaemember\n"
        b"    3 |   x.y;\n"
        b"/usr/include/c++/12/bits/stl_map.h:1:2: note: candidate\n"
        b"    1 | hidden with its note\n"
        b"compilation terminated.\n"
    )
    assert tidy(raw) == "main.cpp:3:5: error: [2Jno member\n    3 |   x.y;"


def test_complaints_are_cut() -> None:
    many = tidy(b"main.c:1:1: error: x\n" * 1000)
    assert many.count("\n") == MAX_LINES
    assert many.endswith("(cut here)")
    assert len(tidy(b"error: " + b"long " * 100_000)) <= MAX_CHARS


def result(content: bytes) -> CompileResult:
    files = {"a.out": content, "b": b""}
    return CompileResult(Executable("c17", "d" * 64, files, "a.out"), "message", 1.5)


DIGEST = "d" * 64


def test_a_kept_result_comes_back_whole(tmp_path: Path) -> None:
    ExecutableCache(tmp_path).put(DIGEST, result(b"\0\n binary"))
    actual = ExecutableCache(tmp_path).get(DIGEST)
    assert actual is not None
    assert actual.cached
    assert actual.executable == result(b"\0\n binary").executable
    assert ExecutableCache(tmp_path).get("e" * 64) is None


@pytest.mark.parametrize("damage", [b"", b"{", b"other"])
def test_a_damaged_entry_counts_as_absent(tmp_path: Path, damage: bytes) -> None:
    cache = ExecutableCache(tmp_path)
    cache.put(DIGEST, result(b"binary"))
    (entry,) = tmp_path.glob("*/*")
    entry.write_bytes(damage or entry.read_bytes()[:-1])
    assert cache.get(DIGEST) is None


def test_the_least_recently_used_go_first(tmp_path: Path) -> None:
    cache = ExecutableCache(tmp_path, bound_bytes=10_000)
    digests = [f"{number:064x}" for number in range(8)]
    for digest in digests:
        cache.put(digest, result(b"x" * 1000))
    assert cache.get(digests[0]) is not None  # and so it is the newest now
    for number in range(8, 24):
        cache.put(f"{number:064x}", result(b"x" * 1000))
        cache.get(digests[0])
    assert cache.get(digests[0]) is not None
    assert cache.get(digests[1]) is None
    assert sum(path.stat().st_size for path in tmp_path.glob("*/*")) <= 10_000


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    cache = ExecutableCache(blocked)
    cache.put(DIGEST, result(b"binary"))
    assert cache.get(DIGEST) is None
    assert "cannot be kept" in caplog.text


def test_many_writers_of_one_entry_leave_a_whole_one(tmp_path: Path) -> None:
    def write(number: int) -> None:
        for _ in range(20):
            ExecutableCache(tmp_path).put(DIGEST, result(bytes([number]) * 50_000))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        actual = ExecutableCache(tmp_path).get(DIGEST)
        assert actual is None or len(set(actual.executable.files["a.out"])) == 1  # type: ignore[union-attr]
    assert ExecutableCache(tmp_path).get(DIGEST) is not None
    assert len(list(tmp_path.glob("*/*"))) == 1
