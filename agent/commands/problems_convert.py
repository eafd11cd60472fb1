"""`medalist problems convert` and `import`: problems from any format into another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Literal

import typer

from medalist.agent.commands.console import data, json_line, say
from medalist.errors import BadInput
from medalist.problems.formats import PackageEntry, load, load_archive, resolve
from medalist.problems.formats.convert import WRITABLE, lost, write
from medalist.problems.judging.context import HelperBroken
from medalist.problems.judging.generated import unmade, with_generated
from medalist.problems.secret import Problem
from medalist.sandbox.pool import HostPool, open_pool

_FORMATS = ", ".join(WRITABLE)
_BOX = typer.Option(help="Where generators run, for packages whose tests are generated.")


class _Maker:
    """Makes the tests that a package only describes, in boxes opened for the first of them."""

    def __init__(self, stack: ExitStack, box: Literal["auto", "docker", "local"]) -> None:
        self._stack, self._box = stack, box
        self._pool: HostPool | None = None

    def whole(self, problem: Problem) -> Problem:
        """Return the problem with all of its tests.

        Raises:
            BadInput: A program of the package that makes some fails.
        """
        if not unmade(problem):
            return problem
        if self._pool is None:
            self._pool = self._stack.enter_context(open_pool(self._box))
            say(self._pool.note)
        try:
            return with_generated(problem, self._pool)
        except HelperBroken as error:
            raise BadInput(str(error)) from error


def problems_convert(
    source: Annotated[str, typer.Argument(help="Problem, archive, data set or bundled id.")],
    to: Annotated[str, typer.Option("--to", help=f"One of {_FORMATS}.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for packages, file for jsonl.")],
    json: Annotated[bool, typer.Option("--json", help="One JSON object per problem.")] = False,
    box: Annotated[Literal["auto", "docker", "local"], _BOX] = "auto",
) -> None:
    """Write problems in another format, and list what it could not hold."""
    if to == "jsonl" and out.exists():
        raise BadInput("exists already", file=out)
    failed = False
    with ExitStack() as stack:
        maker = _Maker(stack, box)
        for name, problem in _problems(source):
            try:
                if isinstance(problem, BadInput):
                    raise problem
                whole = maker.whole(problem)
                written = write(whole, to, out, append=True)
                # Our own rows hold everything.
                missing = [] if to == "jsonl" else lost(whole, written)
            except BadInput as error:
                failed = True
                _report(name, json, error=str(error))
                continue
            _report(name, json, written=written, missing=missing)
    if failed:
        raise typer.Exit(1)


def problems_import(
    source: Annotated[str, typer.Argument(help="Problem, archive or data set.")],
    into: Annotated[Path, typer.Option("--into", help="Folder of your problems.")] = Path(
        "problems"
    ),
    json: Annotated[bool, typer.Option("--json", help="One JSON object per problem.")] = False,
    box: Annotated[Literal["auto", "docker", "local"], _BOX] = "auto",
) -> None:
    """Bring problems into a folder of packages that every command reads.

    Packages are legacy Kattis, which other judges install too; a problem that it cannot hold
    (one without tests, say) goes to a line of `problems.jsonl` there.
    """
    failed = False
    with ExitStack() as stack:
        maker = _Maker(stack, box)
        for name, problem in _problems(source):
            try:
                if isinstance(problem, BadInput):
                    raise problem
                written, missing = _imported(maker.whole(problem), into)
            except BadInput as error:
                failed = True
                _report(name, json, error=str(error))
                continue
            _report(name, json, written=written, missing=missing)
    if failed:
        raise typer.Exit(1)


def _imported(problem: Problem, into: Path) -> tuple[Path, list[str]]:
    try:
        written = write(problem, "kattis-legacy", into)
        return written, lost(problem, written)
    except BadInput as error:
        if str(error).endswith("exists already"):
            raise
        return write(problem, "jsonl", into / "problems.jsonl", append=True), []


def _problems(source: str) -> Iterator[tuple[str, Problem | BadInput]]:
    """Yield the problems of a source; one that cannot be read does not stop the others."""
    path = Path(source)
    if not path.exists():
        path = resolve(source)
    if not path.exists():
        yield source, load(path)
        return
    entries: list[PackageEntry] = list(load_archive(path))
    if not entries:
        yield source, load(path)
    for entry in entries:
        try:
            yield entry.problem_id, entry.load()
        except BadInput as error:
            yield entry.problem_id, error


def _report(
    name: str,
    as_json: bool,
    *,
    written: Path | None = None,
    missing: list[str] | None = None,
    error: str | None = None,
) -> None:
    if as_json:
        path = None if written is None else str(written)
        json_line({"problem": name, "path": path, "lost": missing or [], "error": error})
    elif error is not None:
        say(f"{name}: {error}", style="red")
    else:
        data(f"{name} -> {written}")
        for field in missing or []:
            say(f"  differs after conversion: {field}", style="yellow")
