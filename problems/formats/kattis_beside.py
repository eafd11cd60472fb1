"""The files that judges put beside `problem.yaml`: `domjudge-problem.ini` and `.timelimit`."""

from __future__ import annotations

import re

from medalist.errors import BadInput
from medalist.problems.formats.text import decode
from medalist.problems.formats.tree import PackageTree

_INI = "domjudge-problem.ini"
_LINE = re.compile(
    r"""\s*([\w.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^;#"'][^;]*?)?)\s*(?:[;#].*)?""",
)


def read_ini(tree: PackageTree) -> dict[str, str]:
    """Return the keys of `domjudge-problem.ini` in lower case, without comments and quotes."""
    if _INI not in tree:
        return {}
    settings: dict[str, str] = {}
    for line in decode(tree.read(_INI), tree.where(_INI)).splitlines():
        if match := _LINE.fullmatch(line):
            value = next((part for part in match.groups()[1:] if part is not None), "")
            settings[match[1].lower()] = value
    return settings


def time_beside(tree: PackageTree, ini: dict[str, str]) -> float | None:
    """Return the time limit of `.timelimit` or `domjudge-problem.ini`, if one is there.

    Raises:
        BadInput: It is not a number of seconds.
    """
    if ".timelimit" in tree:
        where = tree.where(".timelimit")
        return _seconds(decode(tree.read(".timelimit"), where), where, None)
    if ini.get("timelimit"):
        return _seconds(ini["timelimit"], tree.where(_INI), "timelimit")
    return None


def special_program(tree: PackageTree, ini: dict[str, str], *, own: bool) -> str:
    """Return why the checker that the ini names cannot be run; empty where it names none.

    `special_compare` and `special_run` are names of programs on the judge's own machine. A
    validator in the package (`own`) wins over them, as in DOMjudge.
    """
    for key, usual in (("special_compare", "compare"), ("special_run", "run")):
        name = ini.get(key, "")
        if name and name != usual and not own:
            return f"{tree.where(_INI)}: {key}: {name!a} is a program of another judge"
    return ""


def _seconds(text: str, file: str, field: str | None) -> float:
    try:
        value = float(text.strip())
    except ValueError:
        value = 0.0
    if not 0 < value < 1e6:
        raise BadInput("must be a number of seconds more than 0", file=file, field=field)
    return value
