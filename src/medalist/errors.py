"""Every error that medalist raises on purpose.

That a *program* failed is never an exception: it is an `Outcome` (sandbox) or a `Verdict`
(problems). An exception always means that medalist itself could not do its work::

    MedalistError
    ├── BadInput             2  what the user gave is wrong: names file, field and fix
    ├── MissingPrerequisite  3  something this machine lacks: names the command that fixes it
    │   └── EngineError         no usable sandbox (engine absent, daemon down, image missing ...)
    ├── SandboxFailure       3  a box failed while at work: retried, never a verdict on a program
    ├── ModelFailure         3  an endpoint refused, broke or answered nonsense
    ├── JournalFailure       3  the run's record cannot be read or written
    └── BudgetExhausted      4  a cap was reached: the work so far is kept

The number is the exit code of a command that ends with that error.
"""

from __future__ import annotations

from pathlib import Path


class MedalistError(Exception):
    """Base of every deliberate error: one line for the user, and optionally how to fix it."""

    exit_code = 3

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        """Return the message and, after it, the hint, on one line."""
        return f"{self.message} ({self.hint})" if self.hint else self.message


class BadInput(MedalistError):
    """A file, option or field given by the user is wrong."""

    exit_code = 2

    def __init__(
        self,
        message: str,
        *,
        file: Path | str | None = None,
        field: str | None = None,
        hint: str | None = None,
    ) -> None:
        where = ": ".join(str(part) for part in (file, field) if part is not None)
        whole = f"{where}: {message}" if where else message
        super().__init__(_one_line(whole), hint=_one_line(hint) if hint else hint)
        self.file = file
        self.field = field


def _one_line(text: str) -> str:
    """Escape what cannot be printed: names and keys come from files of others."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


class MissingPrerequisite(MedalistError):
    """This machine lacks something; `hint` is the command that fixes it."""


class EngineError(MissingPrerequisite):
    """No usable sandbox: each cause (see `reason`) has its own message and hint."""

    def __init__(self, reason: str, message: str, *, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.reason = reason


class SandboxFailure(MedalistError):
    """A box failed while running something. Says nothing about the program that was in it."""


class ModelFailure(MedalistError):
    """A model endpoint could not be used."""


class JournalFailure(MedalistError):
    """The journal of a run cannot be opened, read or written."""


class BudgetExhausted(MedalistError):
    """A cap on tokens, money, requests or time was reached."""

    exit_code = 4
