"""A program that a package brings (checker, interactor, generator): part of the secret half."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Protocol = Literal[
    "kattis", "testlib", "cms", "cms-manager", "builtin",
    "dmoj", "dmoj-testlib", "dmoj-coci", "dmoj-peg", "dmoj-lqdoj", "dmoj-python",
    "hustoj", "qduoj", "lemon", "syzoj", "open-r1",
]  # fmt: skip
"""How a checker or interactor is called and how it answers (see `judging/checkers.py`)."""


@dataclass(frozen=True)
class Helper:
    """A package's own program: checker, interactor, validator, grader.

    With the protocol `builtin` it is a comparison that a judge system brings (`name`) and that
    medalist has too: no files, nothing is run.

    Attributes:
        name: For messages.
        language: A name of the sandbox's language table.
        files: File name to content.
        main: The file to compile or run.
        protocol: How it is called.
        flags: Arguments given on every call.
        compile_flags: Further options for its compiler.
        call: The command line, with `{input_file}`, `{output_file}` and `{answer_file}`, where
            the package states it; None means the protocol's own.
        settings: Arguments by name (`builtin` and DMOJ's protocols): JSON values.
        cpu_s: CPU time on a test, seconds, where the package states it.
        memory_mb: Memory, MiB, where the package states it.
        cannot_run: Why it cannot be run; what it would decide is a judge error.
    """

    name: str
    language: str
    files: Mapping[str, bytes] = field(repr=False)
    main: str
    protocol: Protocol = "kattis"
    flags: tuple[str, ...] = ()
    compile_flags: tuple[str, ...] = ()
    call: tuple[str, ...] | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    cpu_s: float | None = None
    memory_mb: int | None = None
    cannot_run: str = ""

    @classmethod
    def missing(cls, name: str, reason: str, protocol: Protocol = "kattis") -> Helper:
        """Stand for a program that the problem needs and that cannot be run."""
        return cls(name, "", {}, "", protocol, cannot_run=reason)
