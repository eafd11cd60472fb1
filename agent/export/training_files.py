"""Files of training rows: split by problem, with a manifest."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from medalist import __version__
from medalist.agent.export.contamination import HeldOutArchives
from medalist.agent.export.harbor_prompts import write_task
from medalist.agent.export.training_answers import Publics, first_turns
from medalist.agent.export.training_rows import NeutralRow
from medalist.agent.export.training_targets import (
    NO_COLUMNS,
    PARQUET,
    Form,
    Target,
    Thinking,
    as_text,
    dataset_info,
    shape_for,
    targets_of,
)
from medalist.errors import BadInput, MissingPrerequisite

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class TrainingSet:
    """What to write, and how.

    Attributes:
        form: Of the rows.
        target: Who opens them.
        thinking: What becomes of what was thought apart.
        validation: The share of the problems that go to the validation file.
        held_out: What may not be in it.
        publics: Problems, for licence and source.
        options: What was asked for, for the manifest.
    """

    form: Form
    target: Target
    thinking: Thinking
    validation: float
    held_out: HeldOutArchives
    publics: Publics
    options: Mapping[str, Any]


def split_of(problem_id: str, validation: float) -> str:
    """Return on which side a problem is: the same in every export, whatever else is in it."""
    digest = hashlib.sha256(problem_id.encode(errors="surrogatepass")).digest()
    drawn = int.from_bytes(digest[:6], "big") / 2**48
    return "validation" if drawn < validation else "train"


def write_training(
    rows: Iterable[NeutralRow], what: TrainingSet, folder: Path, left_out: Counter[str]
) -> dict[str, Any]:
    """Write rows, and return the manifest, which is written too.

    Raises:
        BadInput: The target has no such form, or the folder cannot be written.
        MissingPrerequisite: Parquet is wanted and pyarrow is not installed.
    """
    if (what.target == "harbor" and what.form != "rl") or (
        what.target != "harbor" and shape_for(what.form, what.target, what.thinking) is None
    ):
        raise BadInput(
            f"{what.target} has no rows of the form {what.form}",
            field="--for",
            hint=f"{what.form} is for {', '.join(targets_of(what.form))}",
        )
    sides: dict[str, list[NeutralRow]] = {"train": [], "validation": []}
    licences: Counter[str] = Counter()
    for row in rows:
        reason = what.held_out.reason(row.problem_id, _texts(row))
        if reason is not None:
            left_out[reason] += 1
            continue
        public = what.publics.get(row.problem_id)
        licences[(public.license if public else None) or "unknown"] += 1
        sides[split_of(row.problem_id, what.validation)].append(row)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files = _written(sides, what, folder)
    except OSError as error:
        raise BadInput(f"cannot be written to: {error.strerror}", file=folder) from error
    manifest = {
        "medalist": __version__,
        "form": what.form,
        "for": what.target,
        "options": dict(what.options),
        "rows": {side: len(own) for side, own in sides.items()},
        "problems": {
            side: len({problem.problem_id for problem in own}) for side, own in sides.items()
        },
        "left_out": dict(sorted(left_out.items())),
        "licences": dict(sorted(licences.items())),
        "files": [_fingerprint(folder, name) for name in files],
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    return manifest


def _written(
    sides: Mapping[str, Sequence[NeutralRow]], what: TrainingSet, folder: Path
) -> list[str]:
    if what.target == "harbor":
        return [
            name
            for side, own in sides.items()
            for row in own
            for name in write_task(row, folder, side)
        ]
    names: list[str] = []
    for side, rows in sides.items():
        if not rows and side != "train":
            continue
        names += _side(rows, side, what, folder)
    if what.target == "llamafactory":
        content = json.dumps(dataset_info(what.form, names), indent=2) + "\n"
        (folder / "dataset_info.json").write_text(content, encoding="utf-8")
        names.append("dataset_info.json")
    return names


def _side(rows: Sequence[NeutralRow], side: str, what: TrainingSet, folder: Path) -> list[str]:
    shape = shape_for(what.form, what.target, what.thinking)
    assert shape is not None
    shaped = [shape(row) for row in rows]
    columns = [_columns(row, what.publics, side) for row in rows]
    if (what.form, what.target) in PARQUET:
        name = f"{side}.parquet"
        for number, (one, about) in enumerate(zip(shaped, columns, strict=True)):
            texts = {key: str(value) for key, value in about.items() if value is not None}
            one["extra_info"] = {"split": side, "index": number, **texts}
        _parquet(shaped, folder / name)
        return [name]
    name = f"{side}.jsonl"
    if what.target in NO_COLUMNS:
        _lines(shaped, folder / name)
        _lines(columns, folder / f"{side}.columns.jsonl")
        return [name, f"{side}.columns.jsonl"]
    _lines([about | one for one, about in zip(shaped, columns, strict=True)], folder / name)
    return [name]


def _columns(row: NeutralRow, publics: Publics, side: str) -> dict[str, Any]:
    public = publics.get(row.problem_id)
    return {
        "problem_id": row.problem_id,
        "license": public.license if public else None,
        "source": public.source if public else None,
        "split": side,
        **row.columns,
    }


def _lines(rows: Iterable[dict[str, Any]], path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(as_text(row) + "\n")


def _parquet(rows: Sequence[dict[str, Any]], path: Path) -> None:
    try:
        import pyarrow as arrow
        from pyarrow import parquet
    except ImportError as error:
        raise MissingPrerequisite(
            "Parquet needs pyarrow", hint="pip install 'medalist[report]'"
        ) from error
    # Through JSON's rules, so that half characters in hostile text become what Parquet can hold.
    clean = [json.loads(_whole(json.dumps(row, ensure_ascii=False))) for row in rows]
    names = sorted({key for row in clean for key in row["extra_info"]})
    for row in clean:
        row["extra_info"] = {name: row["extra_info"].get(name) for name in names}
    parquet.write_table(arrow.Table.from_pylist(clean), path, compression="zstd")


def _whole(text: str) -> str:
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def _texts(row: NeutralRow) -> list[str]:
    turns = (*row.prompt, *row.completion, *row.rejected)
    return [*(text for _, text in first_turns(turns)), "".join(row.steps)]


def _fingerprint(folder: Path, name: str) -> dict[str, Any]:
    content = (folder / name).read_bytes()
    return {
        "name": name,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
