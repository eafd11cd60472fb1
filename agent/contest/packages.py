"""Where contests come from: a contest file, an ICPC contest package, or a folder of problems.

An ICPC contest package is a folder with `contest.yaml` and the problems beside it or below
`problems/`, named in `problemset.yaml`, `problems.yaml` or `contest.yaml` itself::

    contest.yaml      name, duration, scoreboard_freeze_duration, penalty_time, start_time
    problemset.yaml   problems: [{id: apples, label: A, color: red, rgb: "#ff0000"}, ...]
    apples/           a problem package

Keys are read with `-` and with `_`, in the spelling of the specifications up to 2023-06
(https://ccs-specs.icpc.io/2023-06/contest_package) and in that of DOMjudge; others are ignored.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from medalist.agent.contest.file import ContestFile, checked, read_contest_file, seconds
from medalist.errors import BadInput
from medalist.problems.formats import load_archive
from medalist.problems.formats.fields import parse_yaml
from medalist.problems.formats.text import problem_id as clean_id

_SETS = ("problemset.yaml", "problems.yaml", "problems.json")
_FOLDER_DURATION_S = 5 * 3600


def read_contest(path: Path) -> tuple[ContestFile, Path]:
    """Return what is to be played, and the folder that paths in it are relative to.

    Raises:
        BadInput: Nothing of the kind, or a fault in it.
    """
    if path.is_file():
        return read_contest_file(path), path.parent
    if not path.is_dir():
        raise BadInput("no such file or folder", file=path)
    if (path / "contest.yaml").is_file():
        return _package(path), path
    return _folder(path), path


def _package(folder: Path) -> ContestFile:
    file = folder / "contest.yaml"
    about = _mapping(file)
    rows = _problem_rows(folder, about)
    value: dict[str, Any] = {
        "name": str(about.get("name") or about.get("formal_name") or folder.name),
        "id": clean_id(str(about.get("id") or about.get("short_name") or folder.name)),
        "duration": about.get("duration", _FOLDER_DURATION_S),
        "rules": _package_rules(about, file),
        "problems": [_problem(folder, row, file) for row in rows],
    }
    freeze = about.get("scoreboard_freeze_duration", about.get("scoreboard_freeze_length"))
    if freeze is not None:
        value["freeze"] = freeze
    if about.get("start_time") is not None:
        value["start"] = str(about["start_time"])
    return checked(value, file)


def _package_rules(about: dict[str, Any], file: Path) -> dict[str, Any]:
    if about.get("scoreboard_type") == "score":
        return {"kind": "ioi", "submissions": None}
    if about.get("scoreboard_type") not in (None, "pass-fail"):
        raise BadInput("neither pass-fail nor score", file=file, field="scoreboard_type")
    penalty = about.get("penalty_time")
    if penalty is None:
        return {"kind": "icpc"}
    # A number of minutes, or from the specification of 2023-06 on a length of time `0:20:00`.
    if isinstance(penalty, str) and ":" in penalty:
        penalty = seconds(penalty) / 60
    return {"kind": "icpc", "penalty_min": penalty}


def _problem_rows(folder: Path, about: dict[str, Any]) -> list[Any]:
    for name in _SETS:
        if (folder / name).is_file():
            content = parse_yaml((folder / name).read_bytes(), str(folder / name))
            break
    else:
        content = about
    if isinstance(content, dict):
        content = content.get("problems", content.get("problemset"))
    if not isinstance(content, list) or not content:
        raise BadInput("lists no problems", file=folder / "contest.yaml", field="problems")
    return content


def _problem(folder: Path, row: Any, file: Path) -> dict[str, Any]:
    if isinstance(row, str):
        row = {"id": row}
    if not isinstance(row, dict):
        raise BadInput("a problem is neither a name nor a mapping", file=file, field="problems")
    known = {str(key).replace("-", "_"): value for key, value in row.items()}
    name = str(known.get("short_name") or known.get("id") or "")
    for place in (name, f"problems/{name}"):
        if name and (folder / place).exists():
            color = known.get("rgb") or known.get("color")
            label = known.get("letter") or known.get("label")
            return {
                "path": place,
                "label": None if label is None else str(label),
                "color": None if color is None else str(color),
            }
    raise BadInput(f"there is no problem {name!r} in the package", file=file, field="problems")


def _folder(folder: Path) -> ContestFile:
    """Make an ICPC contest of five hours of the problems of a folder."""
    paths = [str(entry.path.relative_to(folder)) for entry in load_archive(folder)]
    if not paths:
        raise BadInput("holds no contest and no problem", file=folder)
    value = {
        "name": folder.resolve().name,
        "id": clean_id(folder.resolve().name),
        "rules": "icpc",
        "duration": _FOLDER_DURATION_S,
        "problems": paths,
    }
    return checked(value, folder)


def _mapping(file: Path) -> dict[str, Any]:
    value = parse_yaml(file.read_bytes(), str(file))
    if not isinstance(value, dict):
        raise BadInput("not a mapping", file=file)
    return {str(key).replace("-", "_"): one for key, one in value.items()}
