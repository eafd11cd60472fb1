"""The promises that any box must keep, each proven by a hostile program.

The programs are in `hostile/`, one file a promise; the comment at the top of each says what it
shows and what must come of it::

    // promise: a fork bomb stops at the process limit and runs out of CPU time
    // expect: time                the status (several: any of them), or `compile error`
    // stdout: held\\n              exactly this (escapes as in Python)
    // signal: 11 / exit: 3        how it ends
    // stdin: 1 2 3\\n              what it reads
    // runs: 2                     so many times one after the other
    // limits: cpu 3, wall 1       other limits than `LIMITS` (seconds, MiB)
    // collect: answer             a file that is asked for and must not be brought back
    // machine: x86_64             only there
    // walled: yes                 needs a box whose memory is walled in
    // rebuilt: may                the box may have been rebuilt after it
    // interactor-expect: ok       it plays both sides of a conversation (the interactor's has an
    // first: program              argument); who must be seen to end first

Before and after every program a witness prints all that a run can see of the box. A promise is
kept only if both say the same: nothing is left behind, and the box still works.
"""

from __future__ import annotations

import platform
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from medalist.errors import SandboxFailure
from medalist.sandbox.box import Box, CompileResult, Executable, PairSide, Run, Source
from medalist.sandbox.compile import LIMITS as COMPILE_LIMITS
from medalist.sandbox.compile import Compiler, CompilerSettings
from medalist.sandbox.executables import ExecutableCache
from medalist.sandbox.languages import language_of
from medalist.sandbox.limits import MIB, RunLimits
from medalist.sandbox.outcome import Outcome
from medalist.sandbox.pool import HostPool

FOLDER = Path(__file__).parent / "hostile"
LIMITS = RunLimits(
    cpu_s=0.5, memory_bytes=64 * MIB, output_bytes=MIB, stderr_bytes=4096, processes=8
)
BOMB_LIMITS = replace(COMPILE_LIMITS, cpu_s=2.0)
"""For programs that are meant to make the compiler run for ever."""
MAX_COMPLAINT_CHARS = 2500

_FIELD = re.compile(r"(?://|#) ([a-z-]+):[ ]?(.*)")
_WITNESS_INPUT = b"what the witness reads\n"


@dataclass(frozen=True)
class Promise:
    """Whether one guarantee holds; `detail` describes what happened instead."""

    name: str
    kept: bool
    detail: str = ""


@dataclass(frozen=True)
class SelfTestCase:
    """One hostile program and what must come of it."""

    name: str
    promise: str
    source: Source
    fields: dict[str, str]

    @property
    def compile_error(self) -> bool:
        """Whether it must not compile."""
        return self.fields["expect"] == "compile error"

    @property
    def expected(self) -> list[str]:
        """The statuses that may come of it."""
        return self.fields["expect"].split()

    @property
    def stdout(self) -> bytes | None:
        """What it must print; None if that does not matter."""
        return _unescape(self.fields["stdout"]) if "stdout" in self.fields else None

    @property
    def limits(self) -> RunLimits:
        """The limits that it runs under."""
        changes: dict[str, float | int] = {}
        for word in filter(None, self.fields.get("limits", "").split(",")):
            what, amount = word.split()
            if what == "memory":
                changes["memory_bytes"] = int(amount) * MIB
            else:
                changes[f"{what}_s"] = float(amount)
        return replace(LIMITS, **changes)  # type: ignore[arg-type]  # names checked by replace

    @property
    def run(self) -> Run:
        """One run of it."""
        collect = (self.fields["collect"],) if "collect" in self.fields else ()
        return Run(_unescape(self.fields.get("stdin", "")), collect=collect)


def cases() -> list[SelfTestCase]:
    """Read all hostile programs, in the order of their names."""
    library = {path.name: path.read_bytes() for path in (FOLDER / "lib").glob("*.h")}
    listed = []
    for path in sorted(FOLDER.glob("*.*")):
        language = language_of(path.name, "")
        if language is None:
            continue
        content = path.read_bytes()
        fields = {}
        for line in content.decode("utf-8", "replace").splitlines():
            match = _FIELD.fullmatch(line)
            if match is None:
                break
            fields[match[1]] = match[2]
        files = {path.name: content} | (library if path.suffix == ".c" else {})
        source = Source(language, files, path.name)
        listed.append(SelfTestCase(path.stem, fields["promise"], source, fields))
    return listed


def run(pool: HostPool) -> Iterator[Promise]:
    """Put the boxes of `pool` to the test, promise by promise.

    Raises:
        SandboxFailure: A box failed before anything hostile was run.
    """
    tester = Tester(pool)
    for case in cases():
        if tester.excuse(case) is None:
            yield tester.check(case)


class Tester:
    """Runs hostile programs in the boxes of one pool."""

    def __init__(self, pool: HostPool) -> None:
        self._pool = pool
        content = (FOLDER / "lib" / "witness.c").read_bytes()
        header = (FOLDER / "lib" / "probe.h").read_bytes()
        witness = Source("c17", {"witness.c": content, "probe.h": header}, "witness.c")
        self._witness = _executable(pool.compile(witness))
        # One for all cases: it proves but once that the compilers work.
        self._compiler = Compiler(
            "selftest",
            pool.lease_compiler,
            CompilerSettings(cache=_NothingKept(), limits=BOMB_LIMITS),
        )

    def check(self, case: SelfTestCase) -> Promise:
        """Run one hostile program and say whether the box kept its promise."""
        try:
            complaint = self._complaint(case)
        except SandboxFailure as error:
            complaint = f"the box failed: {error}"
        return Promise(case.promise, complaint is None, complaint or "")

    def excuse(self, case: SelfTestCase) -> str | None:
        """Say why the case shows nothing about this machine or these boxes, if it does not."""
        if case.fields.get("machine") not in (None, platform.machine()):
            return f"not on {platform.machine()}"
        lost = [phrase for phrase in self._pool.lost if phrase.startswith("memory")]
        return "; ".join(lost) if case.fields.get("walled") and lost else None

    def _complaint(self, case: SelfTestCase) -> str | None:
        if case.compile_error:
            return self._compile_complaint(case)
        executable = _executable(self._pool.compile(case.source))
        if "interactor-expect" in case.fields:
            return self._pair_complaint(case, executable)
        with self._pool.box() as box:
            before = self._testimony(box)
            count = int(case.fields.get("runs", "1"))
            outcomes = list(box.run_many(executable, [case.run] * count, case.limits))
            after = self._testimony(box)
        for outcome in outcomes:
            if complaint := _run_complaint(case, outcome):
                return complaint
        if "rebuilt" in case.fields:
            before, after = _timeless(before), _timeless(after)
        return _difference(before, after)

    def _compile_complaint(self, case: SelfTestCase) -> str | None:
        result = self._compiler.compile(case.source)
        if result.executable is not None:
            return "it compiles"
        if len(result.message) > MAX_COMPLAINT_CHARS:
            return f"the complaint has {len(result.message)} characters"
        if not all(char.isprintable() or char in "\n\t" for char in result.message):
            return f"a terminal would obey {result.message!r}"
        return None if result.message else "no complaint"

    def _pair_complaint(self, case: SelfTestCase, executable: Executable) -> str | None:
        with self._pool.box() as box, self._pool.box(secret=True) as other:
            before = _timeless(self._testimony(box)), _timeless(self._testimony(other))
        pair = self._pool.run_pair(
            PairSide(executable, case.limits),
            PairSide(executable, case.limits, Run(args=("interactor",))),
        )
        with self._pool.box() as box, self._pool.box(secret=True) as other:
            after = _timeless(self._testimony(box)), _timeless(self._testimony(other))
        if complaint := _run_complaint(case, pair.program):
            return complaint
        if pair.interactor.status not in case.fields["interactor-expect"].split():
            return f"the interactor ended with {_describe(pair.interactor)}"
        if pair.first != case.fields["first"]:
            return f"the {pair.first} was taken to have ended first"
        return _difference(before[0], after[0]) or _difference(before[1], after[1])

    def _testimony(self, box: Box) -> str:
        (outcome,) = box.run_many(self._witness, [Run(_WITNESS_INPUT)], LIMITS)
        if not outcome.ok:
            raise SandboxFailure(f"an honest program ended with {_describe(outcome)}")
        return outcome.stdout.decode("utf-8", "replace")


class _NothingKept(ExecutableCache):
    """Knows nothing, so that each case is really compiled."""

    def get(self, digest: str) -> CompileResult | None:  # noqa: ARG002
        return None

    def put(self, digest: str, result: CompileResult) -> None:
        pass


def _executable(result: CompileResult) -> Executable:
    if result.executable is None:
        raise SandboxFailure(f"the compiler refuses a program known to be right: {result.message}")
    return result.executable


def _run_complaint(case: SelfTestCase, outcome: Outcome) -> str | None:
    if outcome.status not in case.expected:
        return f"it ended with {_describe(outcome)}"
    if "signal" in case.fields and outcome.signal != int(case.fields["signal"]):
        return f"it ended with {_describe(outcome)}"
    if "exit" in case.fields and outcome.exit_code != int(case.fields["exit"]):
        return f"it ended with {_describe(outcome)}"
    if case.stdout is not None and outcome.stdout != case.stdout:
        return f"it printed {outcome.stdout[:200]!r}"
    if outcome.files:
        return f"{', '.join(outcome.files)} was brought back"
    return None


def _describe(outcome: Outcome) -> str:
    how = f"exit code {outcome.exit_code}" if outcome.signal is None else f"signal {outcome.signal}"
    said = f", printed {outcome.stdout[:100]!r}" if outcome.stdout else ""
    complained = f", complained {outcome.stderr[-200:]!r}" if outcome.stderr else ""
    return f"{outcome.status} ({how}){said}{complained}"


def _difference(before: str, after: str) -> str | None:
    for old, new in zip(before.splitlines(), after.splitlines(), strict=False):
        if old != new:
            return f"the next run saw {new.strip()!r}, not {old.strip()!r}"
    return None if before == after else "the next run saw more or less than the last"


def _timeless(testimony: str) -> str:
    """Leave out when the runner started: it may be another one (any two boxes have a pair)."""
    return re.sub(r"(?m)^runner started.*$", "", testimony)


def _unescape(text: str) -> bytes:
    return text.encode("latin-1").decode("unicode_escape").encode("latin-1")
