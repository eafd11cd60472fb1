"""Reads DMOJ problem folders: `init.yml`, and the test archive that it names.

The format holds neither the statement nor the limits (they live in DMOJ's database): a
`statement.md` or `.txt` beside `init.yml` is taken, and limits are looked for in its text.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from medalist.errors import BadInput
from medalist.problems.formats.archives import members_tree
from medalist.problems.formats.build import Parts, assemble, tree_blob
from medalist.problems.formats.fields import Fields, parse_yaml
from medalist.problems.formats.programs import family, read_helper
from medalist.problems.formats.statement import statement_text
from medalist.problems.formats.tree import Tree
from medalist.problems.model import Equality, GraderFile, Kind, Subtask
from medalist.problems.secret import Group, Helper, Problem, Protocol, SecretProblem, TestCase

_STATEMENTS = ("statement.md", "statement.txt", "statement.tex", "statement.html", "statement.pdf",
               "README.md")  # fmt: skip
_IGNORED = {
    "meta", "hints", "symlinks", "runtime", "wall_time_factor", "output_prefix_length",
    "output_limit_length", "binary_data", "short_circuit", "pretest_test_cases", "points",
    "time_limit", "memory_limit", "name", "unbuffered", "sample", "is_pretest",
}  # fmt: skip
_ARCHIVE_LIMIT = 4 << 30
_NAME = r"(?:.*?)(?:\b(?P<batch>\d{1,6})[^\d/]+)?(?P<case>\d{1,6})"
_INPUT_NAME = re.compile(_NAME + r"\.in\w*", re.I)
_OUTPUT_NAME = re.compile(_NAME + r"\.(?:out|ans)\w*", re.I)


@dataclass
class _Source:
    """Where tests come from: the archive first, then the folder."""

    folder: Tree
    archive: Tree | None

    def blob(self, name: str) -> Any:
        if self.archive is not None and name in self.archive:
            return tree_blob(self.archive, name)
        return tree_blob(self.folder, name)

    def names(self) -> list[str]:
        return (self.archive or self.folder).files()


def is_dmoj(tree: Tree) -> bool:
    """Whether a folder looks like a DMOJ problem."""
    return "init.yml" in tree


def load_dmoj(tree: Tree) -> Problem:
    """Read a problem folder.

    Raises:
        BadInput: Wrong or missing parts, or tests made by a generator, which is not run.
    """
    warnings: list[str] = []
    where = tree.where("init.yml")
    fields = Fields.of(parse_yaml(tree.read("init.yml"), where), where)
    for key in ("generator", "custom_judge", "grader"):
        if fields.has(key):
            raise fields.bad(key, "Python code for DMOJ's own judge cannot be run")
    source = _Source(tree, _archive(tree, fields))
    secret_group = _cases(fields, source)
    base = assemble(
        Parts(
            name=tree.name,
            file=where,
            statement=_statement(tree, warnings),
            time_s=fields.number("time_limit", above=0),
            warnings=warnings,
        )
    )
    equality, checker = _checker(tree, fields, warnings)
    interactor = _bridged(tree, fields.map("interactive"), warnings)
    graders, shown = _signature(tree, fields.map("signature_grader"))
    kind = Kind.INTERACTIVE if interactor or fields.has("interactive") else base.public.kind
    fields.asked |= _IGNORED
    warnings += fields.unknown()
    scored = [group for group in secret_group.children if group.subtask_id]
    total = sum(group.points for group in scored)
    public = base.public.model_copy(
        update={
            "kind": Kind.FUNCTION if graders else kind,
            "equality": equality or base.public.equality,
            "special_checker": checker is not None,
            "grader_files": shown,
            "subtasks": tuple(
                Subtask(
                    subtask_id=group.subtask_id or "",
                    points=group.points,
                    depends=tuple(name.rsplit("/", 1)[-1] for name in group.depends),
                )
                for group in scored
            ),
            "full_score": total + secret_group.points * len(secret_group.tests),
        }
    )
    secret = SecretProblem(
        groups=(_samples(base), secret_group),
        checker=checker,
        interactor=interactor,
        grader_files=graders,
        scoring=True,
    )
    return Problem(public, secret, tuple(warnings))


def _samples(base: Problem) -> Group:
    tests = [
        TestCase(f"sample/{n}", test.input, test.answer)
        for n, test in enumerate(base.secret.groups[0].tests if base.secret else (), start=1)
    ]
    return Group("sample", tuple(tests), ignore=True)


def _statement(tree: Tree, warnings: list[str]) -> str:
    for name in _STATEMENTS:
        if name in tree:
            ending = name[name.rfind(".") :]
            return statement_text(tree.read(name), tree.where(name), ending)[0]
    warnings.append(f"{tree.label}: no statement: the format holds none, add statement.md")
    return f"# {tree.name}\n"


def _archive(tree: Tree, fields: Fields) -> Tree | None:
    """Open the zip that `archive` names; without the file the folder's own files are taken."""
    name = fields.text("archive")
    if name is None:
        return None
    if name not in tree:
        raise fields.bad("archive", f"there is no file {name!r}")
    content = tree.read(name, limit=_ARCHIVE_LIMIT)
    try:
        return members_tree(zipfile.ZipFile(io.BytesIO(content)), tree.where(name), len(content))
    except zipfile.BadZipFile as error:
        raise BadInput("not a zip archive that can be read", file=tree.where(name)) from error


def _cases(fields: Fields, source: _Source) -> Group:
    """Read `test_cases`: tests and batches, or regular expressions over the archive's names."""
    value = fields.get("test_cases")
    if isinstance(value, dict) or value is None:
        return _by_pattern(fields, source)
    tests: list[tuple[float, TestCase]] = []
    batches: list[Group] = []
    for number, case in enumerate(fields.maps("test_cases"), start=1):
        points = case.number("points", low=0)
        if case.has("batched"):
            group_id = f"secret/{len(batches) + 1:02}"
            own = tuple(
                _case(item, source, f"{group_id}/{k:03}")
                for k, item in enumerate(case.maps("batched"), start=1)
            )
            if not own:
                raise case.bad("batched", "holds no tests")
            batches.append(
                Group(
                    group_id,
                    own,
                    aggregate="min",
                    points=points or 0.0,
                    low=0.0,
                    high=points or 0.0,
                    depends=_depends(case, len(batches)),
                    subtask_id=group_id.rsplit("/", 1)[-1],
                )
            )
        else:
            # DMOJ's default is one point a test.
            worth = 1.0 if points is None else points
            tests.append((worth, _case(case, source, f"secret/{number:03}")))
    if not tests and not batches:
        raise fields.bad("test_cases", "the problem has no tests")
    root = Group("secret", children=tuple(batches), stop_on_failure=False, accept_if_any=True)
    if not batches and len({worth for worth, _ in tests}) == 1:
        return replace(root, tests=tuple(test for _, test in tests), points=tests[0][0])
    # Tests beside batches, or with different points, become groups of one test each.
    singles = [
        Group(
            f"{test.test_id}-alone",
            (replace(test, test_id=f"{test.test_id}-alone/1"),),
            aggregate="min",
            points=worth,
            low=0.0,
            high=worth,
            subtask_id=f"{test.test_id.rsplit('/', 1)[-1]}-alone",
        )
        for worth, test in tests
    ]
    return replace(root, children=(*singles, *batches))


def _depends(case: Fields, earlier: int) -> tuple[str, ...]:
    names = case.texts("dependencies") or ()
    for name in names:
        if not name.isdigit() or not 1 <= int(name) <= earlier:
            raise case.bad("dependencies", f"{name} is not an earlier batch")
    return tuple(f"secret/{int(name):02}" for name in names)


def _case(case: Fields, source: _Source, test_id: str) -> TestCase:
    names = case.text("in"), case.text("out")
    if names[0] is None:
        raise case.bad("in", "the input's file is missing")
    if case.has("generator"):
        raise case.bad("generator", "Python code for DMOJ's own judge cannot be run")
    answer = source.blob(names[1]) if names[1] else None
    return TestCase(test_id, source.blob(names[0]), answer)


def _by_pattern(fields: Fields, source: _Source) -> Group:
    """Find the tests: files whose names end in numbers, as in `2-1.in` (batch 2) or `seq3.in`."""
    both = fields.map("test_cases")
    for option in ("input_format", "output_format"):
        if both.has(option):
            # A hostile pattern can run for hours on a short name.
            raise both.bad(option, "a package's own pattern is not run: list the tests")
    points = [_worth(both, text) for text in both.texts("case_points") or ()]
    found: dict[tuple[int, int], list[str | None]] = {}
    for side, pattern in enumerate((_INPUT_NAME, _OUTPUT_NAME)):
        for name in source.names():
            if match := pattern.fullmatch(name):
                groups = match.groupdict()
                key = (_number(groups.get("batch")), _number(groups.get("case")))
                if found.setdefault(key, [None, None])[side] is not None:
                    raise fields.bad("test_cases", f"{name!r} and another file are the same test")
                found[key][side] = name
    pairs = {key: names for key, names in found.items() if names[0] is not None}
    if not pairs:
        raise fields.bad("test_cases", "the problem has no tests")
    tests = []
    for (batch, case), (test_input, answer) in sorted(pairs.items()):
        if answer is None:
            raise fields.bad("test_cases", f"{test_input!r} has no answer file")
        tests.append(
            (
                batch,
                TestCase(
                    f"secret/{batch:02}/{case:03}",
                    source.blob(test_input or ""),
                    source.blob(answer),
                ),
            )
        )
    batches = sorted({batch for batch, _ in tests})
    children = tuple(
        Group(
            f"secret/{batch:02}",
            tuple(test for own, test in tests if own == batch),
            aggregate="min",
            points=points[index] if index < len(points) else 1.0,
            low=0.0,
            high=points[index] if index < len(points) else 1.0,
            subtask_id=f"{batch:02}",
        )
        for index, batch in enumerate(batches)
    )
    root = Group("secret", stop_on_failure=False, accept_if_any=True)
    if batches == [0]:
        return replace(root, tests=children[0].tests)
    return replace(root, children=children)


def _worth(fields: Fields, text: str) -> float:
    try:
        points = float(text)
    except ValueError:
        points = -1.0
    if not 0 <= points < 1e9:
        raise fields.bad("case_points", f"{text!r} is not a number of points")
    return points


def _number(text: str | None) -> int:
    return int(text) if text else 0


def _checker(
    tree: Tree, fields: Fields, warnings: list[str]
) -> tuple[Equality | None, Helper | None]:
    """Return the equality of a standard checker, or the package's own checker."""
    value = fields.get("checker")
    both = (
        fields.map("checker")
        if isinstance(value, dict)
        else Fields.of({"name": value}, fields.file)
    )
    name = both.text("name") or "standard"
    args = both.map("args")
    digits = args.number("precision", low=0)
    tolerance = 10.0 ** -(6 if digits is None else digits)
    standard: dict[str, Callable[[], Equality]] = {
        "standard": lambda: Equality(mode="tokens"),
        "easy": lambda: Equality(mode="tokens", case_sensitive=False),
        "identical": lambda: Equality(mode="exact"),
        "linematches": lambda: Equality(mode="lines"),
        "floats": lambda: Equality(abs_tol=tolerance, rel_tol=tolerance),
        "floatsabs": lambda: Equality(abs_tol=tolerance),
        "floatsrel": lambda: Equality(rel_tol=tolerance),
    }
    if name in standard:
        return standard[name](), None
    if name == "bridged":
        return None, _bridged(tree, args, warnings)
    warnings.append(
        f"{fields.file}: checker: {name!r} is not known: outputs are compared as tokens"
    )
    return Equality(), None


def _bridged(tree: Tree, args: Fields, warnings: list[str]) -> Helper | None:
    """Return a checker or interactor that the package brings as source."""
    files = args.texts("files")
    if not files:
        return None
    kind = args.text("type") or "default"
    protocol: Protocol = "testlib" if kind == "testlib" else "dmoj"
    if kind not in {"default", "testlib"}:
        warnings.append(f"{args.file}: type {kind!r} is called as DMOJ's default")
    contents = {}
    for name in files:
        if name not in tree:
            raise args.bad("files", f"there is no file {name!r}")
        contents[name.rsplit("/", 1)[-1]] = tree.read(name)
    args.asked |= {"lang", "feedback", "time_limit", "memory_limit", "compiler_time_limit",
                   "flags", "args_format_string", "preprocessing_time", "unbuffered", "cached",
                   "treat_checker_points_as_percentage"}  # fmt: skip
    warnings += args.unknown()
    helper = read_helper(tree, files[0], warnings, protocol=protocol)
    return replace(helper, files=contents) if helper else None


def _signature(
    tree: Tree, fields: Fields
) -> tuple[dict[str, dict[str, bytes]], tuple[GraderFile, ...]]:
    """Return the files of a signature grader: a driver and a public header."""
    entry, header = fields.text("entry"), fields.text("header")
    if entry is None or header is None:
        return {}, ()
    for key, name in (("entry", entry), ("header", header)):
        if name not in tree:
            raise fields.bad(key, f"there is no file {name!r}")
    kind = family(entry, tree.read(entry)) or "cpp"
    files = {name: tree.read(name) for name in (entry, header)}
    text = files[header].decode("utf-8", "replace")
    shown = tuple(
        GraderFile(language=each, name=header, content=text) for each in sorted({kind, "cpp"})
    )
    return {each: dict(files) for each in {kind, "cpp"}}, shown
