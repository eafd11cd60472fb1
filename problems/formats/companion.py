"""Problems as the browser extension competitive-companion sends them.

The shape: `name, group, url, interactive, memoryLimit` (MB), `timeLimit` (ms), `tests` (a list of
`input`, `output`), `testType, input, output, languages, batch`. It holds the samples but not the
statement's text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from medalist.problems.formats.build import PackageParts, assemble
from medalist.problems.formats.fields import Fields
from medalist.problems.secret import Problem


def is_companion(row: Mapping[str, Any]) -> bool:
    """Whether a JSON object has the extension's shape."""
    return {"name", "tests", "timeLimit", "memoryLimit"} <= row.keys()


def load_companion(row: dict[str, Any], file: str) -> Problem:
    """Read one problem.

    Raises:
        BadInput: A value of the wrong kind.
    """
    fields = Fields.of(row, file)
    name = fields.text("name") or ""
    if not name.strip():
        raise fields.bad("name", "must not be empty")
    url = fields.text("url")
    try:
        called = companion_id(name, url)
    except ValueError as error:
        raise fields.bad("url", "not an address") from error
    time_ms = fields.number("timeLimit", above=0)
    memory = fields.number("memoryLimit", above=0)
    samples = [(t.text("input") or "", t.text("output") or "") for t in fields.maps("tests")]
    lines = [f"# {name}", ""]
    lines += [f"{fields.text('group')}", ""] if fields.has("group") else []
    lines += [f"Statement: {url}", ""] if url else []
    fields.asked |= {"testType", "input", "output", "languages", "batch"}
    problem = assemble(
        PackageParts(
            name=called,
            file=file,
            statement="\n".join(lines),
            title=name,
            time_s=time_ms / 1000 if time_ms else None,
            memory_mb=memory,
            samples=samples,
            interactive=bool(fields.flag("interactive")),
            source=url or fields.text("group"),
            warnings=[f"{file}: the extension sends no statement: add its text to the file"],
        )
    )
    warnings = (*problem.warnings, *fields.unknown())
    return Problem(problem.public, problem.secret, warnings, problem.doubts)


def companion_id(name: str, url: str | None) -> str:
    """Name a problem after its address, which is unique, or else after its title.

    Raises:
        ValueError: No address at all.
    """
    parts = urlsplit(url) if url else None
    if parts and parts.hostname:
        host = parts.hostname.removeprefix("www.").split(".")[0]
        words = re.findall(r"[A-Za-z0-9]+", parts.path)
        skipped = {"problem", "problems", "contest", "contests", "problemset", "tasks"}
        rest = [word for word in words if word.lower() not in skipped]
        if rest:
            return "-".join([host, *rest])[:80]
    return name
