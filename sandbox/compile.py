"""Compiles every distinct source once.

A compilation runs in its own session role, which sees neither tests nor answers: then
`#include "/etc/passwd"` or `.incbin` can steal nothing worth having.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace

from medalist.errors import BadInput, MissingPrerequisite, SandboxFailure
from medalist.sandbox import languages
from medalist.sandbox.box import Command, CompileResult, Executable, Run, Source
from medalist.sandbox.compiler_messages import tidy
from medalist.sandbox.executables import ExecutableCache
from medalist.sandbox.headers import Headers
from medalist.sandbox.language import OUTPUT, Language
from medalist.sandbox.languages import FAMILIES, FAST_LINKER, LANGUAGES
from medalist.sandbox.limits import MIB, RunLimits
from medalist.sandbox.outcome import Outcome, Status
from medalist.sandbox.session import Session

LIMITS = RunLimits(
    # No wall time: on a busy machine a stated one would stop honest compilations.
    cpu_s=20.0,
    memory_bytes=1024 * MIB,
    # The size of a binary, too, and of each of its parts.
    output_bytes=256 * MIB,
    stderr_bytes=64 << 10,
    processes=32,
)

_ATTEMPTS = 2
"""How often a compilation is tried that is stopped as idle."""

_STOPPED = "the compiler"
"""How messages begin that are not the compiler's own."""
_TOO_LARGE = b"File size limit exceeded"


def identify(toolchain: str, source: Source) -> tuple[Language, str]:
    """Return the language of a source and the digest of all that decides what comes of it.

    Raises:
        BadInput: The language is not in the table, or `source.main` not among its files.
    """
    language = LANGUAGES.get(source.language)
    if language is None:
        raise BadInput(
            f"unknown language {source.language!r}", hint=f"one of {', '.join(LANGUAGES)}"
        )
    if source.main not in source.files:
        raise BadInput("is not among the files of the program", file=source.main)
    parts = ["1", toolchain, language.name, *language.compile, *source.flags, source.main]
    content = [part.encode() for part in parts]
    for name in sorted(source.files):
        content += [name.encode(), source.files[name]]
    hasher = hashlib.sha256()
    for part in content:
        hasher.update(b"%d:" % len(part))  # each with its length before it
        hasher.update(part)
    return language, hasher.hexdigest()


@dataclass(frozen=True)
class CompilerSettings:
    """What a `Compiler` works with.

    Attributes:
        cache: What it has compiled; None for its own empty one.
        headers: Which headers it has compiled beforehand; None for its own.
        limits: Of each compilation.
        install: The command that brings a missing compiler or interpreter, `{package}` standing
            for it.
    """

    cache: ExecutableCache | None = None
    headers: Headers | None = None
    limits: RunLimits = LIMITS
    install: str = ""


class Compiler:
    """Compiles for all boxes of one pool; safe to share between threads.

    `lease` hands out a session of role `compile` for as long as its context lasts; it is not
    asked for where the cache knows the answer.
    """

    def __init__(
        self,
        toolchain: str,
        lease: Callable[[], AbstractContextManager[Session]],
        settings: CompilerSettings = CompilerSettings(),
    ) -> None:
        self.toolchain = toolchain
        self._install = settings.install
        self._lease = lease
        self._cache = ExecutableCache() if settings.cache is None else settings.cache
        self._headers = Headers() if settings.headers is None else settings.headers
        self._limits = settings.limits
        self._busy = KeyedLocks()
        self._proven: set[str] = set()
        self._left_out: set[str] = set()

    def compile(self, source: Source) -> CompileResult:
        """Compile `source`, or recall what came of it last time.

        Raises:
            BadInput: The language is not in the table, or `source.main` not among its files.
            MissingPrerequisite: This toolchain does not even compile a program known to be
                right.
            SandboxFailure: The box failed.
        """
        language, digest = identify(self.toolchain, source)
        if language.tries:
            return self._first_that_compiles(language, source)
        # The lock makes the second of two equal sources wait for the first one's result.
        with self._busy.hold(digest):
            known = self._cache.get(digest)
            if known is not None:
                return replace(known, language=language.name)
            with self._lease() as session:
                outcome = self._run(session, language, source)
            result = self._result(language, source, digest, outcome)
            self._cache.put(digest, result)
            return result

    def _first_that_compiles(self, language: Language, source: Source) -> CompileResult:
        """Try the rows of a language in turn; where none compiles, the first one's complaint."""
        first: CompileResult | None = None
        cached = True
        for name in language.tries:
            result = self.compile(replace(source, language=name))
            cached = cached and result.cached
            first = first or result
            # What stops the compiler is no matter of the standard.
            if result.executable is not None or result.message.startswith(_STOPPED):
                return replace(result, cached=cached)
        assert first is not None
        return replace(first, cached=cached)

    def _run(self, session: Session, language: Language, source: Source) -> Outcome:
        # A precompiled header serves only programs that are compiled with the flags it was made by.
        options = () if source.flags else self._headers.options(session, language, source)
        outcome = self._execute(session, language, source, options)
        if options and outcome.status is Status.RUNTIME:
            # No compile error rests on a precompiled header.
            plain = self._execute(session, language, source)
            outcome = replace(plain, cpu_s=plain.cpu_s + outcome.cpu_s)
        if not outcome.ok and self._prove(session, language):
            outcome = self._execute(session, language, source)
        return outcome

    def _execute(
        self, session: Session, language: Language, source: Source, options: tuple[str, ...] = ()
    ) -> Outcome:
        limits = _limits(self._limits, language)
        argv = [word for word in language.compile_argv(source) if word not in self._left_out]
        command = Command((*argv, *options), files=source.files)
        run = Run(collect=() if language.produces == "scripts" else (OUTPUT,))
        limit = ""
        for _ in range(_ATTEMPTS):
            outcome = next(iter(session.run(command, [run], limits)), None)
            if outcome is None:
                raise SandboxFailure("the compile box gave no outcome")
            if outcome.status is not Status.IDLE:
                return outcome
            limit = limits.that_ended(outcome)
            session.close()  # what kept the compiler waiting may be this box
        # A compiler waits for nobody, so that this says nothing of the program.
        raise SandboxFailure(f"the compiler hung {_ATTEMPTS} times: {limit}")

    def _prove(self, session: Session, language: Language) -> bool:
        """Believe a compile error only of a compiler that accepts a program known to be right.

        Returns:
            Whether it does so only from now on, without the fast linker: then try again.
        """
        if language.name in self._proven:
            return False
        known_good = languages.source(language.name, FAMILIES[language.family].known_good)
        outcome = self._execute(session, language, known_good)
        fixed = False
        if not outcome.ok and FAST_LINKER in language.compile and not self._left_out:
            self._left_out = {FAST_LINKER}
            outcome = self._execute(session, language, known_good)
            fixed = True
        if not outcome.ok:
            raise MissingPrerequisite(
                f"{language.title} does not work in this sandbox: "
                f"{(tidy(outcome.stderr) or outcome.status).splitlines()[0]}",
                hint=self._install.format(package=language.package)
                or "`medalist doctor` says what to install",
            )
        self._proven.add(language.name)
        return fixed

    def _result(
        self, language: Language, source: Source, digest: str, outcome: Outcome
    ) -> CompileResult:
        if not outcome.ok:
            message = _complaint(_limits(self._limits, language), outcome)
            return CompileResult(None, message, outcome.cpu_s, language=language.name)
        if language.produces == "scripts":
            executable = Executable(language.name, digest, source.files, source.main)
        elif OUTPUT in outcome.files:
            executable = Executable(language.name, digest, {OUTPUT: outcome.files[OUTPUT]}, OUTPUT)
        else:
            raise SandboxFailure("the compiler succeeded but wrote no program")
        said = tidy(outcome.stderr)
        return CompileResult(executable, said, outcome.cpu_s, language=language.name)


def _limits(usual: RunLimits, language: Language) -> RunLimits:
    """Return the limits of compiling a language: the usual ones, or what it needs."""
    needs = language.compile_needs
    if needs is None:
        return usual
    return replace(
        usual,
        cpu_s=max(usual.cpu_s, needs.cpu_s),
        memory_bytes=max(usual.memory_bytes, needs.memory_mb * MIB),
        processes=max(usual.processes, needs.threads),
    )


def _complaint(limits: RunLimits, outcome: Outcome) -> str:
    said = tidy(outcome.stderr)
    if outcome.status in (Status.TIME, Status.MEMORY):
        why = f"{_STOPPED} was stopped by the {limits.that_ended(outcome)}"
        return f"{why}\n{said}".rstrip()
    if outcome.status is Status.OUTPUT or _TOO_LARGE in outcome.stderr:
        # Its own words ask for a bug report.
        return (
            f"{_STOPPED} wrote more than {limits.output_bytes // MIB} MiB: an array with "
            "initial values is part of the program; one without takes no room in it"
        )
    return said or f"{_STOPPED} failed (exit code {outcome.exit_code})"


class KeyedLocks:
    """One lock a key, kept only while somebody holds or awaits it."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._locks: dict[str, tuple[threading.Lock, int]] = {}

    @contextmanager
    def hold(self, key: str) -> Iterator[None]:
        """Hold the lock of a key, waiting for its holder."""
        with self._guard:
            lock, users = self._locks.get(key, (threading.Lock(), 0))
            self._locks[key] = (lock, users + 1)
        try:
            with lock:
                yield
        finally:
            with self._guard:
                lock, users = self._locks[key]
                if users == 1:
                    del self._locks[key]
                else:
                    self._locks[key] = (lock, users - 1)
