"""Every language beside C, C++ and Python in both boxes: honest programs, limits, hostile ones.

A language whose compiler is missing in a box is skipped with the line that users see.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

import pytest
from tests.sandbox.language_programs import PROGRAMS, TALKING_JAVASCRIPT

from medalist.errors import MissingPrerequisite
from medalist.sandbox import languages
from medalist.sandbox.box import Executable, PairSide, Run, Source
from medalist.sandbox.language_check import check_language
from medalist.sandbox.limits import MIB, RunLimits
from medalist.sandbox.outcome import Outcome, Status
from medalist.sandbox.pool import HostPool

LIMITS = RunLimits(cpu_s=2.0, memory_bytes=256 * MIB, output_bytes=16 * MIB)
LANGUAGES = sorted(PROGRAMS)
Ran = Callable[..., Outcome]


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest, pool: HostPool) -> str:
    name = str(request.param)
    if why := missing(pool, name):
        pytest.skip(why)
    return name


@functools.cache
def missing(pool: HostPool, language: str) -> str:
    try:
        check_language(language, pool)
    except MissingPrerequisite as error:
        return str(error)
    return ""


@functools.cache
def program(pool: HostPool, language: str) -> Executable:
    """All honest and hostile deeds of a language in one program: compiling is what costs."""
    result = pool.compile(languages.source(language, PROGRAMS[language].text))
    assert result.executable is not None, result.message
    return result.executable


@pytest.fixture
def ran(pool: HostPool, language: str) -> Ran:
    """Run what a first word on standard input names."""

    def run(deed: str, more: bytes = b"", limits: RunLimits = LIMITS) -> Outcome:
        with pool.box() as box:
            stdin = deed.encode() + b"\n" + more
            (outcome,) = box.run_many(program(pool, language), [Run(stdin)], limits)
        return outcome

    return run


def test_a_million_numbers_go_in_and_out(ran: Ran) -> None:
    numbers = b"".join(b"%d\n" % n for n in range(1_000_000))
    outcome = ran("echo", b"1000000\n" + numbers, RunLimits(cpu_s=8.0, output_bytes=16 * MIB))
    assert outcome.ok, outcome.stderr
    assert outcome.stdout == numbers


def test_recursion_may_be_deep(ran: Ran, language: str) -> None:
    outcome = ran("deep", b"%d\n" % PROGRAMS[language].depth, RunLimits(cpu_s=4.0))
    assert outcome.ok, outcome.stderr[-300:]
    assert outcome.stdout.split() == [b"%d" % PROGRAMS[language].depth]


def test_memory_is_limited_and_what_the_machine_takes_is_not_counted(ran: Ran) -> None:
    modest = ran("memory", b"40\n", RunLimits(memory_bytes=64 * MIB))
    assert modest.ok, (modest.status, modest.memory_bytes, modest.stderr[-300:])
    assert modest.memory_bytes <= 64 * MIB
    assert ran("memory", b"600\n").status is Status.MEMORY


def test_time_is_limited_and_a_start_is_not_counted(ran: Ran) -> None:
    assert ran("loop", limits=RunLimits(cpu_s=0.3)).status is Status.TIME
    assert ran("nothing", limits=RunLimits(cpu_s=0.1)).ok


def test_threads_are_there(ran: Ran, language: str) -> None:
    if language == "javascript":
        pytest.skip("it has no threads that share memory")
    outcome = ran("threads")
    assert outcome.ok, outcome.stderr[-300:]
    assert outcome.stdout.split() == [b"400"]


def test_an_exit_code_and_an_exception_are_run_time_errors(ran: Ran) -> None:
    left = ran("exit")
    assert (left.status, left.exit_code) == (Status.RUNTIME, 3)
    assert ran("throw").status is Status.RUNTIME


@pytest.mark.parametrize(
    ("deed", "statuses"),
    [
        ("sleep", {Status.IDLE}),
        # Some ignore that no more can be written, and continue until their time is up.
        ("flood", {Status.OUTPUT, Status.TIME}),
        ("network", {Status.OK}),
        ("files", {Status.OK}),
    ],
)
def test_hostile_deeds_come_to_nothing(ran: Ran, deed: str, statuses: set[Status]) -> None:
    # What may end by itself has the usual idle limit: a virtual machine's first pages are slow.
    wall_s = 0.7 if statuses == {Status.IDLE} else None
    outcome = ran(deed, limits=RunLimits(cpu_s=0.4, wall_s=wall_s, output_bytes=MIB))
    assert outcome.status in statuses, (outcome, outcome.stderr)
    if outcome.ok:
        assert outcome.stdout.split() == [b"refused"]
    # Nothing is left for the next run.
    assert ran("nothing").ok


def test_a_bomb_of_threads_is_held(ran: Ran) -> None:
    outcome = ran("bomb", limits=RunLimits(cpu_s=0.5, wall_s=1.5))
    assert not outcome.ok
    assert ran("nothing").ok


def test_an_interactive_program_can_talk(pool: HostPool, language: str) -> None:
    asks = "import sys\nprint('talk')\nfor n in (5, 70, 800):\n    print(n, flush=True)\n"
    asks += "    if int(input()) != n + 1: sys.exit(43)\nsys.exit(42)\n"
    talker = program(pool, language)
    if language == "javascript":  # the other one reads all of its input before it does anything
        executable = pool.compile(languages.source(language, TALKING_JAVASCRIPT)).executable
        assert executable is not None
        talker = executable
    interactor = pool.compile(languages.source("python3", asks)).executable
    assert interactor is not None
    pair = pool.run_pair(PairSide(talker, LIMITS), PairSide(interactor, LIMITS))
    assert pair.program.ok, pair.program.stderr
    assert pair.interactor.exit_code == 42


def test_a_compile_error_names_the_place(pool: HostPool, language: str) -> None:
    broken = PROGRAMS[language].broken
    result = pool.compile(languages.source(language, broken))
    assert result.executable is None
    assert PROGRAMS[language].complaint in result.message
    assert "/tmp" not in result.message


def test_files_with_any_name_are_compiled(pool: HostPool, language: str) -> None:
    hello = languages.FAMILIES[language].known_good.encode()
    source = Source(language, {"my answer.txt": hello}, "my answer.txt")
    executable = pool.compile(source).executable
    assert executable is not None, pool.compile(source).message
    with pool.box() as box:
        (outcome,) = box.run_many(executable, [Run()], LIMITS)
    assert outcome.stdout == b"1"


def test_a_program_of_rust_can_start_itself_again(pool: HostPool) -> None:
    """Graders of two-step problems do; the binary itself is in no folder of the box."""
    if why := missing(pool, "rust"):
        pytest.skip(why)
    text = """
use std::{env, fs, process::Command};
fn main() {
    if env::args().count() > 1 { print!("child"); return; }
    let out = Command::new(env::current_exe().unwrap()).arg("x").output().unwrap();
    std::os::unix::fs::symlink("there", "link").unwrap();
    let link = fs::read_link("link").unwrap();
    print!("{} {}", String::from_utf8_lossy(&out.stdout), link.display());
}
"""
    executable = pool.compile(languages.source("rust", text)).executable
    assert executable is not None
    with pool.box() as box:
        (outcome,) = box.run_many(executable, [Run()], LIMITS)
    assert outcome.stdout == b"child there"


JAVA_CLASSES = {
    "package": "package a.b;\npublic class C {MAIN}",
    "interface": "public interface C {MAIN}",
    "record": 'public record C(int n) {String t() {return """\n{ public class D {""";} MAIN}',
    "words in comments": "// public class D {\nclass Help {public static class D {OTHER}}\n"
    '/* public class E { */ public final class C {String s = "public class F {"; MAIN}',
    "another class starts": "class D {MAIN}\npublic class C {int n;}",
    "the main file's class wins": "class A {OTHER}\npublic class C {MAIN}",
}


def test_the_class_that_java_starts_is_found(pool: HostPool) -> None:
    if why := missing(pool, "java"):
        pytest.skip(why)
    for name, text in JAVA_CLASSES.items():
        for word, number in (("MAIN", 1), ("OTHER", 2)):
            main = f"public static void main(String[] a) {{System.out.print({number});}}"
            if "interface" in name:
                main = main.removeprefix("public ")
            text = text.replace(word, main)
        result = pool.compile(Source("java", {"answer.java": text.encode()}, "answer.java"))
        assert result.executable is not None, (name, result.message)
        with pool.box() as box:
            (outcome,) = box.run_many(result.executable, [Run()], LIMITS)
        assert outcome.stdout == b"1", (name, outcome)
    nothing = pool.compile(languages.source("java", "public class C {}"))
    assert "no class has public static void main" in nothing.message
