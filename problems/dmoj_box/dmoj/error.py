"""Errors that a package's code may raise."""

from __future__ import annotations


class InternalError(Exception):
    """The judge's fault: never a word on the submission."""


class CompileError(Exception):
    """A program does not compile."""
