"""Rows of LiveCodeBench: `question_content, public_test_cases, private_test_cases`, ..."""

from __future__ import annotations

import base64
import binascii
import io
import pickle
import zlib
from dataclasses import replace
from typing import Any

from medalist.errors import BadInput
from medalist.problems.formats.build import PackageParts, assemble, text_blob
from medalist.problems.formats.fields import Fields, parse_json
from medalist.problems.formats.function_rows import LIVECODEBENCH, add_function, canonical_json
from medalist.problems.formats.rows import parsed
from medalist.problems.secret import Problem

_UNPACKED_LIMIT = 1 << 30
_BROKEN = (
    binascii.Error, zlib.error, pickle.UnpicklingError, ValueError, EOFError, IndexError, KeyError,
    AttributeError, TypeError, OverflowError, MemoryError,
)  # fmt: skip


def load_livecodebench(row: Fields, name: str) -> Problem:
    """Read a row.

    Raises:
        BadInput: A wrong value, or tests that are packed in another way.
    """
    shown = _cases(row, "public_test_cases")
    hidden = _cases(row, "private_test_cases")
    metadata = Fields.of(parsed(row.get("metadata"), f"{row.file}: metadata"), row.file, "metadata")
    function = metadata.text("func_name")
    functional = any(kind == "functional" for _, _, kind in (*shown, *hidden))
    if functional and not function:
        raise row.bad("metadata", "functional tests, but no func_name")
    answer = canonical_json if functional else str
    problem = assemble(
        PackageParts(
            name=name,
            file=row.file,
            statement=row.text("question_content") or "",
            title=row.text("question_title"),
            samples=[(a, answer(b)) for a, b, _ in shown],
            read_samples=not functional,
            tests=[(text_blob(a), text_blob(answer(b))) for a, b, _ in hidden],
            difficulty=row.text("difficulty"),
            source=row.text("platform"),
        )
    )
    if functional:
        return add_function(problem, function, row.text("starter_code"), LIVECODEBENCH)
    # Its grader knows no tolerance; where a statement names one it is kept.
    equality = problem.public.equality.model_copy(update={"mode": "number-lines"})
    return replace(problem, public=problem.public.model_copy(update={"equality": equality}))


def _cases(row: Fields, key: str) -> list[tuple[str, str, str]]:
    """Read test cases: a JSON text, or one that was pickled, compressed and put in base64."""
    value = row.get(key)
    file = f"{row.file}: {key}"
    if isinstance(value, str) and value.strip() and value.lstrip()[:1] not in "[{":
        value = _unpacked(value, file)
    items = parsed(value, file)
    if items is None:
        return []
    if not isinstance(items, list):
        raise row.bad(key, "must be a list of test cases")
    cases = [Fields.of(item, row.file, f"{key}[{n}]") for n, item in enumerate(items)]
    return [
        (c.text("input") or "", c.text("output") or "", c.text("testtype") or "stdin")
        for c in cases
    ]


class _TextOnly(pickle.Unpickler):
    """Unpickles plain values; a pickle that names any class or function is refused."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"{module}.{name} is not plain text")


def _unpacked(text: str, file: str) -> Any:
    try:
        packed = base64.b64decode(text, validate=True)
        unzip = zlib.decompressobj()
        content = unzip.decompress(packed, _UNPACKED_LIMIT)
        if unzip.unconsumed_tail:
            raise BadInput("unpacks to more than 1 GiB", file=file)
        value = _TextOnly(io.BytesIO(content)).load()
    except _BROKEN as error:
        raise BadInput("not tests packed as LiveCodeBench does", file=file) from error
    if not isinstance(value, str):
        raise BadInput("not a JSON text once unpacked", file=file)
    return parse_json(value, file)
