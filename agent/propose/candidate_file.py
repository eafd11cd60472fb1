"""Pools: candidates that another system generated, one JSON object a line.

A line is `{"problem_id", "candidate_id", "language", "source"[, "completion", "logprob",
"label"]}`. The file may be compressed (`.gz`, `.xz`). `label`, where there is one, is what
somebody already knows about the candidate: reading a pool leaves it unread, and `labels` is for
measuring after the last verdict. LiveCodeBench's generations (`.json`) are read as pools, too.
"""

from __future__ import annotations

import gzip
import json
import lzma
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from os.path import commonprefix
from pathlib import Path
from typing import IO, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from medalist.agent.extract.answer import Extracted, Extraction
from medalist.agent.journal import EventKind, Journal
from medalist.agent.languages import WRITTEN, labelled
from medalist.agent.llm.contract import Completion, ModelTraits, Request, Spent
from medalist.agent.propose.generations import ENDING, pool_rows
from medalist.agent.types import Candidate
from medalist.errors import BadInput, ModelFailure

_OPENERS = {".gz": gzip.open, ".xz": lzma.open}


class _Line(BaseModel):
    """A line as it may come from anywhere: more fields are ignored, and so is `label`."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    problem_id: str = Field(min_length=1)
    candidate_id: str = Field(min_length=1)
    language: str | None = None
    source: str | None = None
    completion: str | None = None
    logprob: float | None = None


@dataclass(frozen=True)
class CandidateRecord:
    """A candidate and the program that was found in it.

    Attributes:
        problem: The problem.
        text: The digest of the answer.
        source: The digest of the program; null where none was found.
        language: Of the program, or else the one that was asked for.
        prompt: The prompt that asked for it.
        parent: The candidate that it repairs or continues.
        logprob: Log-probability, where the pool gave one.
        reason: How the program was found, or why none was.
        subtask: The subtask with whose own statement it was asked for.
    """

    problem: str
    text: str
    source: str | None
    language: str | None = None
    prompt: str = "direct"
    parent: str | None = None
    logprob: float | None = None
    reason: str = ""
    subtask: str | None = None


CANDIDATE = EventKind(
    "candidate",
    CandidateRecord,
    key="<candidate>",
    doc="An answer of the model, or a line of a pool, was parsed; the newest counts.",
)


def read_pool(path: Path, problem_id: str | None = None) -> Iterator[tuple[str, Candidate]]:
    """Yield problem id and candidate of each line, lazily and in order.

    Args:
        path: The file.
        problem_id: Only the candidates of this problem.

    Raises:
        BadInput: Not a readable file; a line is not JSON object, lacks a field, has neither
            source nor completion, a language that is not judged, or an id seen before.
    """
    seen: set[tuple[str, str]] = set()
    for number, row in _rows(path):
        line = _line(path, number, row)
        if problem_id is not None and line.problem_id != problem_id:
            continue
        key = (line.problem_id, line.candidate_id)
        if key in seen:
            raise BadInput(
                f"duplicate candidate {line.candidate_id!r} of {line.problem_id!r}",
                file=f"{path}:{number}",
                field="candidate_id",
            )
        seen.add(key)
        yield (
            line.problem_id,
            Candidate(
                candidate_id=line.candidate_id,
                text=line.completion or "",
                prompt_id="pool",
                model="pool",
                language=_family(path, number, line.language),
                source=line.source,
                logprob=line.logprob,
            ),
        )


class PoolModel:
    """Stands in a run's place for a model where all candidates come from a pool."""

    spent = Spent(usd=None)
    traits = ModelTraits()

    def __init__(self, name: str) -> None:
        """Take the pool's name."""
        self.name = name

    def complete(self, requests: Iterable[Request]) -> Iterator[Completion]:
        """Refuse: nothing is asked in such a run.

        Raises:
            ModelFailure: Always.
        """
        del requests
        raise ModelFailure(f"{self.name} holds candidates and answers no requests")

    def close(self) -> None:
        """Nothing was started."""


def labels(path: Path, problem_id: str) -> dict[str, Any]:
    """Return candidate id to label, where there is one. For measuring: never before a verdict."""
    return {
        str(row["candidate_id"]): row["label"]
        for _, row in _rows(path)
        if str(row.get("problem_id")) == problem_id and row.get("label") is not None
    }


def write_pool(
    path: Path, rows: Iterable[tuple[str, Candidate, Extraction]], *, labels: Mapping[str, str]
) -> int:
    """Write candidates as a pool that `read_pool` reads back to the same programs.

    Args:
        path: Where to write; `.gz` and `.xz` compress.
        rows: Problem id, candidate and its extraction. Candidates without a program are
            written too (with their completion), since they were paid for and count.
        labels: Candidate id to verdict, for those that have one.

    Returns:
        How many lines were written.
    """
    count = 0
    with _open(path, "wt") as file:
        for problem_id, candidate, extraction in rows:
            row = {
                "problem_id": problem_id,
                "candidate_id": candidate.candidate_id,
                "language": extraction.language or candidate.language,
                "source": extraction.source or "",
                "completion": candidate.text,
                "logprob": candidate.logprob,
                "label": labels.get(candidate.candidate_id),
            }
            kept = {name: value for name, value in row.items() if value is not None}
            file.write(json.dumps(kept) + "\n")
            count += 1
    return count


def record_candidates(
    journal: Journal, problem_id: str, extracted: Iterable[tuple[Candidate, Extraction]]
) -> None:
    """Put candidates and their programs into a run's journal, once."""
    pairs = list(extracted)
    # A run of many problems holds many others: their ids begin otherwise.
    common = commonprefix([candidate.candidate_id for candidate, _ in pairs])  # noqa: RUF071
    known = {entry.key: entry.value for entry in journal.events(CANDIDATE, common)}
    for candidate, extraction in pairs:
        source = extraction.source
        record = CandidateRecord(
            problem=problem_id,
            text=journal.put_blob(candidate.text),
            source=None if source is None else journal.put_blob(source),
            language=extraction.language or candidate.language,
            prompt=candidate.prompt_id,
            parent=candidate.parent,
            logprob=candidate.logprob,
            reason=extraction.reason,
            subtask=candidate.subtask,
        )
        if known.get(candidate.candidate_id) != record:
            journal.append(CANDIDATE, candidate.candidate_id, record, durable=False)


def recorded_candidates(journal: Journal) -> Iterator[tuple[str, Candidate, Extraction]]:
    """Yield problem id, candidate and program of a finished run, in the order of asking."""
    newest = {entry.key: entry.value for entry in journal.events(CANDIDATE)}
    for candidate_id, record in newest.items():
        candidate = Candidate(
            candidate_id=candidate_id,
            text=journal.blob(record.text).decode("utf-8", "surrogatepass"),
            prompt_id=record.prompt,
            parent=record.parent,
            language=record.language,
            logprob=record.logprob,
            subtask=record.subtask,
        )
        source = None
        if record.source is not None:
            source = journal.blob(record.source).decode("utf-8", "surrogatepass")
        outcome = Extracted.NOTHING if source is None else Extracted.PROGRAM
        language = record.language if source else None
        yield record.problem, candidate, Extraction(source, language, record.reason, outcome)


def _open(path: Path, mode: str) -> IO[str]:
    opener = _OPENERS.get(path.suffix.lower(), open)
    return opener(path, mode, encoding="utf-8")  # type: ignore[operator,no-any-return]


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    return pool_rows(path) if path.suffix.lower() == ENDING else object_lines(path)


def object_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the objects of a file of JSON lines, compressed or not, with their lines' numbers.

    Raises:
        BadInput: Not a readable file, or a line is not a JSON object; names the line.
    """
    number = 0
    try:
        with _open(path, "rt") as file:
            for number, text in enumerate(file, 1):
                if not text.strip():
                    continue
                row = json.loads(text)
                if not isinstance(row, dict):
                    raise BadInput("not a JSON object", file=f"{path}:{number}")
                yield number, row
    except ValueError as error:  # invalid JSON, or bytes that are not UTF-8
        raise BadInput(f"not JSON: {error}", file=f"{path}:{number}") from None
    except (OSError, EOFError, lzma.LZMAError) as error:
        raise BadInput(f"cannot be read: {error}", file=path) from None


def _line(path: Path, number: int, row: dict[str, Any]) -> _Line:
    try:
        line = _Line.model_validate(row)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise BadInput(first["msg"], file=f"{path}:{number}", field=field) from None
    if line.source is None and line.completion is None:
        raise BadInput("neither source nor completion", file=f"{path}:{number}", field="source")
    return line


def _family(path: Path, number: int, language: str | None) -> str | None:
    """Reduce `cpp17`, `C++`, `python3` and the like to the family."""
    if language is None:
        return None
    family = labelled(language.strip().rstrip("0123456789. "))
    if family is None:
        raise BadInput(
            f"{language!r} is not a supported language",
            file=f"{path}:{number}",
            field="language",
            hint=" or ".join(WRITTEN),
        )
    return family
