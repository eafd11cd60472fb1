"""Problems whose programs read and write files instead of stdin and stdout.

A run finds its input in the named file and on stdin. Its output is what it printed, or where that
is nothing but blanks, what the named file holds: so programs for either way are judged.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from medalist.problems.model import STDIO, FileNames
from medalist.sandbox.box import Box, Executable, Run
from medalist.sandbox.limits import RunLimits
from medalist.sandbox.outcome import Outcome

_NAME = re.compile(r"[A-Za-z0-9_+-][A-Za-z0-9._+-]{0,99}")
_STANDARD = {"", "-", "stdin", "stdout", "standard input", "standard output"}


def file_names(given: str | None, taken: str | None, where: str, warnings: list[str]) -> FileNames:
    """Return the names that a format states; one that a run cannot have is warned of.

    Args:
        given: The input file; nothing, or words such as `stdin`, for standard input.
        taken: The output file, likewise.
        where: The file and field that name them, for messages.
        warnings: Warnings are added here.
    """
    names = []
    for name in (given, taken):
        text = (name or "").strip()
        if text.lower() in _STANDARD:
            text = ""
        elif not _NAME.fullmatch(text):
            warnings.append(f"{where}: {text!r} is not a plain file name: not used")
            text = ""
        names.append(text)
    return FileNames(input=names[0], output=names[1])


def files_of(names: Sequence[str]) -> FileNames:
    """Return the files that a statement names: input first, words for a stream among them."""
    plain = [name if "." in name and _NAME.fullmatch(name) else "" for name in names]
    return FileNames(input=plain[0], output=plain[1]) if len(plain) == 2 else STDIO


@dataclass(frozen=True)
class RunTerms:
    """Under which limits a problem's programs run, and where they read and write."""

    limits: RunLimits
    files: FileNames = STDIO


def run_program(
    box: Box,
    executable: Executable,
    runs: Iterable[Run],
    terms: RunTerms,
    *,
    stop_on_failure: bool = False,
) -> Generator[Outcome, None, None]:
    """Run a program on its inputs as `Box.run_many` does, by the files that the problem names."""
    files = terms.files
    if files != STDIO:
        runs = by_files(runs, files, executable)
    with closing(
        box.run_many(executable, runs, terms.limits, stop_on_failure=stop_on_failure)
    ) as done:
        for outcome in done:
            yield with_output(outcome, files)


def by_files(runs: Iterable[Run], files: FileNames, executable: Executable) -> Iterator[Run]:
    """Yield runs with the files that the problem names."""
    for run in runs:
        # What a submission or a test brings itself under that name stays.
        free = files.input and files.input not in run.files and files.input not in executable.files
        given = {**run.files, files.input: run.stdin} if free else run.files
        taken = (*run.collect, files.output) if files.output else run.collect
        yield replace(run, files=given, collect=taken)


def with_output(outcome: Outcome, files: FileNames) -> Outcome:
    """Return an outcome with what the program wrote into its output file, if it printed nothing."""
    if not files.output:
        return outcome
    written = outcome.files.get(files.output)
    if written is None:
        return outcome
    rest = {name: content for name, content in outcome.files.items() if name != files.output}
    printed = outcome.stdout if outcome.stdout.strip() else written
    return replace(outcome, stdout=printed, files=rest)
