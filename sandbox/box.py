"""The contract of a box: the one place where untrusted code runs."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from medalist.sandbox.limits import RunLimits
from medalist.sandbox.outcome import Outcome


@dataclass(frozen=True)
class Source:
    """A program before compilation.

    Attributes:
        language: A name of the table in `languages.py`, for example `cpp17` or `python3`.
        files: File name to content. All are visible to the compiler (graders, headers).
        main: The file that is compiled first, or for an interpreter the one that is run.
        flags: Further options for the compiler, after the language's own (`-DLOCAL`).
    """

    language: str
    files: Mapping[str, bytes]
    main: str
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Executable:
    """A compiled program, content-addressed: any box of the same image can run it.

    Attributes:
        language: The language's name in the table.
        digest: SHA-256 (hex) of everything that decides how it behaves.
        files: What must be there when it runs: a static binary, or scripts.
        main: Which of `files` is executed, or given to the interpreter.
    """

    language: str
    digest: str
    files: Mapping[str, bytes] = field(repr=False)
    main: str


@dataclass(frozen=True)
class CompileResult:
    """The outcome of a compilation: an executable, or the compiler's complaint.

    `message` is short, readable, and hostile text (a program can make a compiler say anything).
    `language` is the row of the table that it is a result of: for a language of several standards
    the one that compiled, or the first.
    """

    executable: Executable | None
    message: str
    cpu_s: float
    cached: bool = False
    language: str = ""


@dataclass(frozen=True)
class Run:
    """One run of an executable.

    Attributes:
        stdin: What it reads.
        args: Arguments after the program's name.
        files: Files laid into its working directory beforehand (relative names, `a/b` allowed).
        collect: Names of files in its working directory to bring back in `Outcome.files`.
    """

    stdin: bytes = b""
    args: tuple[str, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    collect: tuple[str, ...] = ()


@dataclass(frozen=True)
class Command:
    """What is executed by each run of a batch.

    Attributes:
        argv: Absolute path in the box and arguments; `Run.args` are appended.
        binary: If given, this static binary is executed, and `argv[0]` is only its name.
        files: Laid into the working directory before every run, read-only.
        env: Added to the box's small constant environment.
    """

    argv: tuple[str, ...]
    binary: bytes | None = field(default=None, repr=False)
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    env: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PairSide:
    """One side of a program and an interactor that talk to each other: what runs, under what."""

    executable: Executable
    limits: RunLimits
    run: Run = field(default_factory=Run)


@dataclass(frozen=True)
class PairOutcome:
    """The outcome of a program and an interactor that talked to each other.

    `first` is who left first of its own accord: by its end, or a program by closing its output.
    What the other did after that (a broken pipe, for instance) may be only the consequence.
    """

    program: Outcome
    interactor: Outcome
    first: Literal["program", "interactor"]


class Box(Protocol):
    """A place where untrusted code is compiled and run, one thing at a time.

    A box belongs to one thread at a time; `pool.py` hands boxes out. Every method raises
    `SandboxFailure` when the box itself broke and could not be rebuilt, and never for what
    a program did.
    """

    @property
    def name(self) -> str:
        """`docker` or `local`."""
        ...

    @property
    def lost(self) -> tuple[str, ...]:
        """Promises that this box cannot keep on this machine, each a short phrase."""
        ...

    def compile(self, source: Source) -> CompileResult:
        """Compile where neither tests nor answers are visible; equal sources only once.

        Raises:
            SandboxFailure: The box failed.
            BadInput: The language is not in the table.
        """
        ...

    def run_many(
        self,
        executable: Executable,
        runs: Iterable[Run],
        limits: RunLimits,
        *,
        stop_on_failure: bool = False,
    ) -> Generator[Outcome, None, None]:
        """Run once per item of `runs`, yielding outcomes in order while the next one runs.

        Nothing of one run is visible to the next. Closing the iterator cancels the rest.
        With `stop_on_failure` the runner itself stops after the first outcome that is not OK.

        Raises:
            SandboxFailure: The box failed and could not be rebuilt; outcomes already yielded
                stay true.
        """
        ...

    def close(self) -> None:
        """Release everything; idempotent."""
        ...
