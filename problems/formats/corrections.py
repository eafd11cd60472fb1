"""What a user says of a bare statement where its text was read wrongly.

Beside `NAME.md` stands `NAME.yaml`, or `problem.yaml`, with the names that Kattis packages use::

    name: Two Sums
    limits: {time_limit: 1.5, memory: 256}     # seconds, MiB
    samples:
      - {input: "1 2", output: "3"}
      - {input_file: 2.in, output_file: 2.out}
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from medalist.errors import BadInput
from medalist.problems.formats.fields import Fields, parse_yaml
from medalist.problems.formats.text import decode
from medalist.problems.formats.tree import TEXT_LIMIT
from medalist.problems.model import Sample
from medalist.problems.secret import Problem

_PATH = re.compile(r"[^\s]*(?:/[^\s]*|\.(?:in|out|ans|txt|a|dat|inp))", re.I)


@dataclass(frozen=True)
class Corrections:
    """What is said beside a statement; None means nothing."""

    samples: tuple[Sample, ...] | None = None
    time_s: float | None = None
    memory_mb: int | None = None
    title: str | None = None
    warnings: tuple[str, ...] = ()


NOTHING = Corrections()


def corrections_beside(statement: Path) -> Corrections:
    """Read `NAME.yaml` or `problem.yaml` beside a statement.

    Raises:
        BadInput: It cannot be read, or a value is wrong.
    """
    for path in (statement.with_suffix(".yaml"), statement.with_name("problem.yaml")):
        if path.is_file() and path != statement:
            return _read(path)
    return NOTHING


def _read(path: Path) -> Corrections:
    fields = Fields.of(parse_yaml(_content(path), str(path)), str(path))
    limits = fields.map("limits")
    time_s = limits.number("time_limit", above=0)
    memory = limits.number("memory", low=1)
    title = fields.get("name")
    samples: list[Sample] | None = [] if fields.has("samples") else None
    warnings: list[str] = []
    for item in fields.maps("samples"):
        given, wanted = _side(item, "input", path), _side(item, "output", path)
        if given is None:
            raise item.bad("input", "is missing")
        if samples is not None:
            samples.append(Sample(input=given, output=wanted))
        warnings += item.unknown()
    if not fields.has("problem_format_version") and not fields.has("validation"):
        # Of a package only name and limits matter here; a file of ours has no other keys.
        warnings += [*fields.unknown(), *limits.unknown()]
    return Corrections(
        None if samples is None else tuple(samples),
        time_s,
        None if memory is None else round(memory),
        title if isinstance(title, str) else None,
        tuple(warnings),
    )


def _side(item: Fields, name: str, path: Path) -> str | None:
    file = item.text(f"{name}_file")
    if file is not None:
        return _text_file(path.parent / file)
    text = item.text(name)
    return None if text is None else _ended(text)


def samples_given(pairs: Sequence[tuple[str, str]]) -> tuple[tuple[Sample, ...], tuple[str, ...]]:
    """Return samples given on the command line, and remarks on what looks like a slip.

    Args:
        pairs: Of each sample the input and the output: a file's path, or the text itself.

    Raises:
        BadInput: A file cannot be read.
    """
    remarks: list[str] = []
    samples = tuple(
        Sample(input=_given(left, remarks), output=_given(right, remarks)) for left, right in pairs
    )
    return samples, tuple(remarks)


def _given(value: str, remarks: list[str]) -> str:
    try:
        if len(value) < 4096 and Path(value).is_file():
            return _text_file(Path(value))
    except (OSError, ValueError):
        pass  # not a name that a file can have
    if _PATH.fullmatch(value):
        remarks.append(f"--sample: there is no file {value!r}: taken as the text itself")
    return _ended(value)


def with_samples(problem: Problem, samples: Sequence[Sample]) -> Problem:
    """Return a problem with other samples, and without doubts about those that it had."""
    public = problem.public.model_copy(update={"samples": tuple(samples)})
    doubts = tuple(doubt for doubt in problem.doubts if ": samples: " not in doubt)
    return Problem(public, problem.secret, problem.warnings, doubts)


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > TEXT_LIMIT:
            raise BadInput(f"larger than {TEXT_LIMIT >> 20} MiB", file=path)
        return path.read_bytes()
    except OSError as error:
        raise BadInput(f"cannot read: {error.strerror}", file=path) from error


def _text_file(path: Path) -> str:
    return _ended(decode(_content(path), str(path)))


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"
