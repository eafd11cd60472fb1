"""Compilation: once a source, where nothing can be stolen, and to the same binary as without
precompiled headers."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest

from medalist.errors import BadInput, MissingPrerequisite
from medalist.sandbox import languages
from medalist.sandbox.box import CompileResult, Executable, Run, Source
from medalist.sandbox.compile import Compiler, CompilerSettings
from medalist.sandbox.executables import ExecutableCache
from medalist.sandbox.headers import Headers
from medalist.sandbox.languages import LANGUAGES
from medalist.sandbox.limits import RunLimits
from medalist.sandbox.pool import HostPool
from medalist.sandbox.session import Session

HELLO = '#include <cstdio>\nint main() { puts("hello"); }\n'
RICH = """
int main() {
  std::map<std::string, std::vector<int>> groups;
  for (int n; std::cin >> n;) groups[std::to_string(n % 7)].push_back(n);
  for (auto &[key, group] : groups) {
    std::sort(group.rbegin(), group.rend());
    std::cout << key << ' ' << group.front() << '\\n';
  }
}
"""
LIST = "".join(
    f"#include <{name}>\n" for name in ("algorithm", "iostream", "map", "string", "vector")
)
C = '#include <stdio.h>\nint main(void) { puts("c"); }\n'
PRAGMA = '#pragma GCC optimize("O3")\n#pragma GCC target("avx2,bmi")\n'


class Counted:
    """A pool's compile sessions, counted as they are leased."""

    def __init__(self, pool: HostPool) -> None:
        self._pool = pool
        self.leases = 0

    def lease(self) -> AbstractContextManager[Session]:
        self.leases += 1
        return self._pool.lease_compiler()


@pytest.fixture
def counted(pool: HostPool) -> Counted:
    return Counted(pool)


@pytest.fixture
def fresh(counted: Counted, tmp_path: Path) -> Compiler:
    """A compiler that has never compiled anything."""
    return Compiler("test", counted.lease, CompilerSettings(cache=ExecutableCache(tmp_path)))


def binary(result: CompileResult) -> bytes:
    assert result.executable is not None, result.message
    return result.executable.files[result.executable.main]


def ran(pool: HostPool, executable: Executable | None, stdin: bytes = b"") -> bytes:
    assert executable is not None
    with pool.box() as box:
        (outcome,) = box.run_many(executable, [Run(stdin)], RunLimits())
    assert outcome.ok
    return outcome.stdout


def test_equal_sources_are_compiled_once(
    fresh: Compiler, counted: Counted, pool: HostPool, tmp_path: Path
) -> None:
    first = fresh.compile(languages.source("cpp17", HELLO))
    again = fresh.compile(languages.source("cpp17", HELLO))
    other_process = Compiler(
        "test", counted.lease, CompilerSettings(cache=ExecutableCache(tmp_path))
    )
    third = other_process.compile(languages.source("cpp17", HELLO))
    assert counted.leases == 1
    assert [first.cached, again.cached, third.cached] == [False, True, True]
    assert first.executable == again.executable == third.executable
    assert ran(pool, third.executable) == b"hello\n"


def test_equal_sources_at_the_same_time_are_compiled_once(
    fresh: Compiler, counted: Counted
) -> None:
    results: list[CompileResult] = []
    threads = [
        threading.Thread(target=lambda: results.append(fresh.compile(languages.source("c17", C))))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counted.leases == 1
    assert len({result.executable and result.executable.digest for result in results}) == 1


@pytest.mark.parametrize(
    "other",
    [
        languages.source("cpp20", HELLO),
        languages.source("cpp17", HELLO + "\n"),
        languages.source("cpp17", HELLO, "other.cpp"),
        Source("cpp17", {"main.cpp": HELLO.encode(), "x.h": b""}, "main.cpp"),
    ],
    ids=["language", "byte", "name", "file"],
)
def test_whatever_decides_the_result_is_in_the_key(fresh: Compiler, other: Source) -> None:
    first = fresh.compile(languages.source("cpp17", HELLO)).executable
    second = fresh.compile(other)
    assert first is not None
    assert second.executable is not None
    assert not second.cached
    assert first.digest != second.executable.digest


def test_another_toolchain_compiles_again(counted: Counted, tmp_path: Path) -> None:
    for toolchain in ("one", "two"):
        compiler = Compiler(
            toolchain, counted.lease, CompilerSettings(cache=ExecutableCache(tmp_path))
        )
        assert not compiler.compile(languages.source("c17", C)).cached


@pytest.mark.parametrize(
    "text",
    [
        "#include <bits/stdc++.h>\n" + RICH,
        "// a comment\n" + LIST + "using namespace std;\n" + RICH,
        pytest.param(
            "#include <bits/stdc++.h>\nbool valid = false;\n" + RICH, marks=pytest.mark.slow
        ),
        pytest.param(PRAGMA + "#include <bits/stdc++.h>\n" + RICH, marks=pytest.mark.slow),
    ],
    ids=["everything", "list", "hidden name", "pragmas"],
)
def test_a_precompiled_header_changes_no_byte_of_the_binary(
    pool: HostPool, fresh: Compiler, text: str
) -> None:
    eager = Headers(pays_after=1)
    with pool.lease_compiler() as session:
        assert eager.options(session, LANGUAGES["cpp17"], languages.source("cpp17", text))
    with_header = fresh.compile(languages.source("cpp17", text))
    # A declaration before the first directive means nothing, and keeps the header out.
    without = fresh.compile(languages.source("cpp17", "struct Unused;\n" + text))
    assert binary(with_header) == binary(without)


def test_a_header_brings_no_names_that_the_program_did_not_ask_for(
    pool: HostPool, fresh: Compiler
) -> None:
    """A program that forgot an include must fail, as it does elsewhere."""
    forgetful = "#include <iostream>\nint main() { std::deque<int> d; }\n"
    own_names = "#include <iostream>\nusing namespace std;\nint iota = 1, gcd = 2;\nint main() {}\n"
    with pool.lease_compiler() as session:
        source = languages.source("cpp17", forgetful)
        assert Headers(pays_after=1).options(session, LANGUAGES["cpp17"], source)
    assert "deque" in fresh.compile(languages.source("cpp17", forgetful)).message
    assert fresh.compile(languages.source("cpp17", own_names)).executable


def test_a_header_is_made_only_when_it_has_been_of_use_before(
    pool: HostPool, tmp_path: Path
) -> None:
    source = languages.source("cpp23", "#include <cctype>\n#include <cstdio>\nint main() {}\n")
    patient = Headers(pays_after=3)
    with pool.lease_compiler() as session:
        moved = Moved(session, tmp_path)
        options = [patient.options(moved, LANGUAGES["cpp23"], source) for _ in range(4)]
    assert [bool(actual) for actual in options] == [False, False, True, True]


class Moved:
    """A session whose precompiled headers lie elsewhere on this machine."""

    def __init__(self, session: Session, headers: Path) -> None:
        self._session = session
        self.headers = headers
        self.toolchain = session.toolchain
        self.run = session.run
        self.close = session.close


def test_a_compiler_that_refuses_everything_is_not_believed(
    fresh: Compiler, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = replace(LANGUAGES["c17"], name="ghost", compile=("/usr/bin/no-such-compiler",))
    monkeypatch.setitem(LANGUAGES, "ghost", row)
    with pytest.raises(MissingPrerequisite, match="does not work in this sandbox"):
        fresh.compile(languages.source("ghost", C))


def test_a_missing_fast_linker_only_costs_time(
    pool: HostPool, fresh: Compiler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("medalist.sandbox.compile.FAST_LINKER", "-fuse-ld=absent")
    usual = LANGUAGES["c17"]
    flags = tuple("-fuse-ld=absent" if "fuse-ld" in word else word for word in usual.compile)
    monkeypatch.setitem(LANGUAGES, "c17", replace(usual, compile=flags))
    assert ran(pool, fresh.compile(languages.source("c17", C)).executable) == b"c\n"
    assert fresh.compile(languages.source("c17", "int main(void) { return y; }\n")).message


def test_adding_a_language_is_adding_a_row(
    pool: HostPool, fresh: Compiler, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = LANGUAGES["c17"]
    flags = tuple("-std=gnu99" if word == "-std=gnu17" else word for word in usual.compile)
    monkeypatch.setitem(LANGUAGES, "c99", replace(usual, name="c99", compile=flags))
    text = '#include <stdio.h>\nint main(void) { printf("%ld\\n", __STDC_VERSION__); }\n'
    executable = fresh.compile(languages.source("c99", text)).executable
    assert ran(pool, executable) == b"199901\n"


def test_a_compiler_sees_no_file_of_this_machine(fresh: Compiler, tmp_path: Path) -> None:
    secret = tmp_path / "answer.h"
    secret.write_text("canary-7f3a\n")
    secret.chmod(0o644)
    for text in (f'#include "{secret}"\n', f'__asm__(".incbin \\"{secret}\\"");\n'):
        result = fresh.compile(languages.source("c17", text + "int main(void) { return 0; }\n"))
        assert result.executable is None
        assert "canary" not in result.message


def test_graders_and_headers_are_compiled_with_the_program(pool: HostPool, fresh: Compiler) -> None:
    files = {
        "solution.cpp": b'#include "task.h"\nint solve(int n) { return 2 * n; }\n',
        "task.h": b"int solve(int n);\n",
        "grader.cpp": b'#include <cstdio>\n#include "task.h"\n'
        b'int main() { int n; if (scanf("%d", &n) == 1) printf("%d\\n", solve(n)); }\n',
    }
    executable = fresh.compile(Source("cpp17", files, "solution.cpp")).executable
    assert ran(pool, executable, b"21") == b"42\n"


def test_python_modules_are_checked_and_run_together(pool: HostPool, fresh: Compiler) -> None:
    files = {"grader.py": b"import solution\nprint(solution.solve(21))\n"}
    good = files | {"solution.py": b"def solve(n):\n    return 2 * n\n"}
    bad = files | {"solution.py": b"def solve(n:\n"}
    executable = fresh.compile(Source("python3", good, "grader.py")).executable
    assert ran(pool, executable) == b"42\n"
    message = fresh.compile(Source("python3", bad, "grader.py")).message
    assert "solution.py" in message
    assert "SyntaxError" in message


@pytest.mark.parametrize(
    ("language", "text", "says"),
    [
        ("cpp17", "int main() { return y; }\n", "main.cpp:1:21: error: ‘y’ was not declared"),
        ("cpp17", "int f(); int main() { return f(); }\n", "undefined reference to"),
        ("c17", "int main(void) { return; 5x; }\n", "main.c:1"),
        ("python3", "print(1\n", "SyntaxError: '(' was never closed"),
    ],
)
def test_complaints_are_short_and_name_the_place(
    fresh: Compiler, language: str, text: str, says: str
) -> None:
    message = fresh.compile(languages.source(language, text)).message
    assert says in message
    assert "/tmp" not in message
    assert message.count("\n") < 10


def test_a_complaint_is_remembered_like_a_binary(fresh: Compiler, counted: Counted) -> None:
    source = languages.source("c17", "nonsense\n")
    first = fresh.compile(source)
    again = fresh.compile(source)
    assert counted.leases == 1
    assert again == replace(first, cached=True)


def test_what_is_not_in_the_table_is_bad_input(fresh: Compiler) -> None:
    with pytest.raises(BadInput, match="unknown language 'cobol'"):
        fresh.compile(Source("cobol", {"a.cob": b""}, "a.cob"))
    with pytest.raises(BadInput, match=r"missing\.c"):
        fresh.compile(Source("c17", {"main.c": b""}, "missing.c"))
