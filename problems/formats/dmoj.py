"""Reads DMOJ problem folders: `init.yml`, and the test archive that it names.

The format holds neither the statement nor the limits (they live in DMOJ's database): a
`statement.md` or `.txt` beside `init.yml` is taken, and limits are looked for in its text.
"""

from __future__ import annotations

import io
import zipfile

from medalist.errors import BadInput
from medalist.problems.file_io import file_names
from medalist.problems.formats.archives import members_tree
from medalist.problems.formats.build import PackageParts, assemble
from medalist.problems.formats.dmoj_cases import STDOUT, Cases, TestFiles
from medalist.problems.formats.dmoj_checkers import Checkers, equality_of, is_plain
from medalist.problems.formats.dmoj_config import Config
from medalist.problems.formats.dmoj_generators import Generators
from medalist.problems.formats.dmoj_talk import interactor_of, signature
from medalist.problems.formats.fields import Fields, parse_yaml
from medalist.problems.formats.statement import statement_text
from medalist.problems.formats.tree import PackageTree
from medalist.problems.model import STDIO, FileNames, Kind, Subtask
from medalist.problems.secret import Group, Problem, SecretProblem, TestCase

_STATEMENTS = ("statement.md", "statement.txt", "statement.tex", "statement.html", "statement.pdf",
               "README.md")  # fmt: skip
_ARCHIVE_LIMIT = 4 << 30
_OUTPUT_MB = 24
"""What DMOJ lets a program print unless `output_limit_length` says another number."""


def is_dmoj(tree: PackageTree) -> bool:
    """Whether a folder looks like a DMOJ problem."""
    return "init.yml" in tree


def load_dmoj(tree: PackageTree) -> Problem:
    """Read a problem folder.

    Raises:
        BadInput: Wrong or missing parts, or something that changes verdicts and is not obeyed.
    """
    warnings: list[str] = []
    where = tree.where("init.yml")
    root = Config(Fields.of(parse_yaml(tree.read("init.yml"), where, warnings), where))
    checkers = Checkers(tree, warnings)
    files = TestFiles(tree, _archive(tree, root.fields))
    cases = Cases(files, checkers, warnings, Generators(tree, warnings))
    tests = cases.read(root)
    base = assemble(
        PackageParts(
            name=tree.name,
            file=where,
            statement=_statement(tree, warnings),
            title=root.fields.text("name"),
            time_s=root.fields.number("time_limit", above=0),
            interactive=False,  # init.yml says so where it is
            warnings=warnings,
        )
    )
    deciding = checkers.read(root)
    equality, special = equality_of(deciding)
    interactor = interactor_of(tree, root, base.public.limits.time_s, warnings)
    if interactor is not None and root.has("checker"):
        warnings.append(f"{where}: checker: not asked: the interactor decides")
    graders, before, shown = signature(tree, root)
    unbuffered = root.flag("unbuffered")
    named = _files(root, where, warnings) or base.public.files
    warnings += root.warnings()
    public = base.public.model_copy(
        update={
            "kind": _kind(interactor is not None, bool(graders)),
            "limits": base.public.limits.model_copy(update={"output_mb": _output_mb(tests)}),
            "equality": equality,
            "special_checker": (special or _mixed(tests)) and interactor is None,
            "grader_files": shown,
            "files": STDIO if interactor is not None else named,
            **_points(tests),
        }
    )
    secret = SecretProblem(
        groups=(_samples(base), tests),
        checker=None if interactor is not None or is_plain(deciding) else deciding,
        interactor=interactor,
        grader_files=graders,
        before_submission=before,
        unbuffered=unbuffered,
        scoring=True,
    )
    return Problem(public, secret, tuple(dict.fromkeys(warnings)))


def _files(root: Config, where: str, warnings: list[str]) -> FileNames | None:
    """Read `file_io: {input: NAME, output: NAME}`, or a link in `symlinks` that takes output."""
    if not root.has("file_io"):
        links = root.fields.map("symlinks")
        written = [name for name in links.values if links.text(name) in STDOUT]
        if len(written) > 1:
            raise links.bad(written[1], "several links take the output")
        if not written:
            return None
        return file_names(None, written[0], f"{where}: symlinks", warnings)
    names = root.fields.map("file_io")
    files = file_names(names.text("input"), names.text("output"), f"{where}: file_io", warnings)
    warnings += names.unknown()
    return files


def _kind(talks: bool, graded: bool) -> Kind:
    if talks:
        return Kind.INTERACTIVE
    return Kind.FUNCTION if graded else Kind.BATCH


def _points(tests: Group) -> dict[str, object]:
    scored = [group for group in tests.children if group.subtask_id]
    subtasks = tuple(
        Subtask(
            subtask_id=group.subtask_id or "",
            points=group.points,
            depends=tuple(name.rsplit("/", 1)[-1] for name in group.depends),
        )
        for group in scored
    )
    total = sum(group.points for group in scored) + tests.points * len(tests.tests)
    return {"subtasks": subtasks, "full_score": total}


def _output_mb(tests: Group) -> int:
    stated = [test.case.output_bytes for test in tests.all_tests() if test.case]
    most = [limit for limit in stated if limit is not None]
    if len(most) < len(stated):
        most.append(_OUTPUT_MB << 20)
    return max(1, -(-max(most) // (1 << 20)))


def _mixed(tests: Group) -> bool:
    """Whether some case is decided by another checker than the problem's."""
    return any(test.checker is not None for test in tests.all_tests())


def _samples(base: Problem) -> Group:
    tests = [
        TestCase(f"sample/{n}", test.input, test.answer)
        for n, test in enumerate(base.secret.groups[0].tests if base.secret else (), start=1)
    ]
    return Group("sample", tuple(tests), ignore=True)


def _statement(tree: PackageTree, warnings: list[str]) -> str:
    for name in _STATEMENTS:
        if name in tree:
            ending = name[name.rfind(".") :]
            return statement_text(tree.read(name), tree.where(name), ending)[0]
    warnings.append(f"{tree.label}: no statement: the format holds none, add statement.md")
    return f"# {tree.name}\n"


def _archive(tree: PackageTree, fields: Fields) -> PackageTree | None:
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
