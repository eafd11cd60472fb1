"""Reads DMOJ problem folders: `init.yml`, and the test archive that it names.

The format holds neither the statement nor the limits (they live in DMOJ's database): a
`statement.md` or `.txt` beside `init.yml` is taken, and limits are looked for in its text.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace

from medalist.errors import BadInput
from medalist.problems.formats.archives import members_tree
from medalist.problems.formats.build import Parts, assemble
from medalist.problems.formats.dmoj_cases import TestFiles, read_cases
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
    source = TestFiles(tree, _archive(tree, fields))
    secret_group = read_cases(fields, source)
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
