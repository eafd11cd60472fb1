"""Reads Kattis and ICPC problem packages: `legacy`, `2023-07-draft`, `2025-09`, DOMjudge's.

On disk::

    problem.yaml                      .timelimit, domjudge-problem.ini: see `kattis_meta.py`
    problem_statement/problem.en.tex  or statement/problem.en.md: see `kattis_statement.py`
    data/{sample,secret}/...          see `kattis_data.py`
    input_validators/                 output_validators/ (legacy), output_validator/ (newer)
    graders/   include/<language>/    attachments/
    submissions/<label>/...           see `kattis_submissions.py`
"""

from __future__ import annotations

import re
from dataclasses import replace

from medalist.problems.constraints import describe_subtasks
from medalist.problems.formats.kattis_data import read_groups, whole_score, without_bounds
from medalist.problems.formats.kattis_meta import Meta, equality_of, read_meta
from medalist.problems.formats.kattis_proofs import read_proofs
from medalist.problems.formats.kattis_samples import read_samples
from medalist.problems.formats.kattis_statement import read_statements
from medalist.problems.formats.kattis_submissions import read_submissions
from medalist.problems.formats.programs import (
    family_of_code,
    find_programs,
    has_main,
    is_header,
    missing_helper,
    needed_helper,
    read_helper,
)
from medalist.problems.formats.text import decode, problem_id
from medalist.problems.formats.tree import PackageTree
from medalist.problems.helper import Helper
from medalist.problems.model import Equality, GraderFile, Kind, PublicProblem, Subtask
from medalist.problems.secret import Group, Problem, SecretProblem
from medalist.sandbox.languages import FAMILIES

GraderFiles = dict[str, dict[str, bytes]]


def is_kattis(tree: PackageTree) -> bool:
    """Whether a folder looks like a Kattis or DOMjudge package."""
    if "problem.yaml" in tree or "domjudge-problem.ini" in tree:
        return True
    return tree.has_folder("data/secret") or tree.has_folder("problem_statement")


def load_kattis(tree: PackageTree) -> Problem:
    """Read a package.

    Raises:
        BadInput: Wrong or missing parts, with file, field and fix.
    """
    warnings: list[str] = []
    tree = tree.passing_over(_matters, warnings)
    meta = read_meta(tree, warnings)
    if meta.constants:
        tree = tree.replacing(meta.constants, _takes_constants)
    scoring, interactive = "scoring" in meta.types, "interactive" in meta.types
    new_style = meta.version.startswith("2025") or any(
        path.endswith("/test_group.yaml") for path in tree.files("data")
    )
    groups = read_groups(
        tree, scoring=scoring, new_style=new_style, warnings=warnings, forced=meta.grading
    )
    validator, custom = _output_validator(tree, meta, warnings)
    if scoring and meta.scored:
        groups = tuple(without_bounds(group) for group in groups)
    equality = Equality()
    if custom:
        groups = tuple(_with_flags(group, meta.flags) for group in groups)
    else:
        equality, groups = _declared_equality(meta.flags, groups, tree)
    secret_group = groups[1]
    include = _include(tree)
    statements = read_statements(tree, meta.names, meta.constants, warnings)
    full = None
    if scoring and meta.objective == "max" and secret_group.all_tests():
        full = whole_score(tree, groups, new_style=new_style, forced=meta.grading)
    public = PublicProblem(
        problem_id=problem_id(tree.name),
        titles=statements.titles,
        statements=statements.texts,
        kind=_kind(meta, include),
        limits=meta.limits,
        samples=read_samples(tree, interactive=interactive) or statements.samples,
        subtasks=_subtasks(secret_group, statements.texts),
        grader_files=_public_files(tree, include),
        equality=equality,
        special_checker=custom and not interactive,
        full_score=full,
        missing_images=statements.missing_images,
        pictures=statements.pictures,
        difficulty=meta.difficulty,
        tags=meta.keywords,
        license=meta.license,
        source=meta.source,
        authors=meta.authors,
        rights_owner=meta.rights_owner,
    )
    validators, unread = _input_validators(tree, warnings)
    if not any(group.all_tests() for group in groups):
        return Problem(public, None, tuple(warnings))
    secret = SecretProblem(
        groups=groups,
        checker=None if interactive else validator,
        interactor=validator if interactive else None,
        grader=_grader(tree, groups, warnings),
        grader_files=include,
        validators=validators,
        unread_validators=unread,
        submissions=read_submissions(
            tree, [group.group_id for group in secret_group.children], warnings, scoring=scoring
        ),
        scoring=scoring,
        objective=meta.objective,
        time_multiplier=meta.time_multiplier,
        validation_passes=meta.validation_passes,
        validation_s=meta.validation_s,
        proofs=read_proofs(tree, meta.flags, new_style=new_style, warnings=warnings),
    )
    return Problem(public, secret, tuple(warnings))


def _matters(path: str) -> bool:
    """Whether verdicts may depend on a file, so that a reader must be told that it is refused."""
    folders = (
        "data", "include", "input_validators", "input_format_validators", "output_validators",
        "output_validator", "graders", "problem.yaml", "domjudge-problem.ini", ".timelimit",
    )  # fmt: skip
    return path.split("/", 1)[0] in folders


def _takes_constants(path: str) -> bool:
    """Whether the format replaces constants in a file: in programs, settings and statements."""
    programs = ("input_validators/", "output_validator/", "include/", "submissions/")
    return path.startswith(programs) or path.endswith(("/test_group.yaml", ".md", ".tex"))


def _kind(meta: Meta, include: GraderFiles) -> Kind:
    if "multi-pass" in meta.types:
        return Kind.MULTIPASS
    if "interactive" in meta.types:
        return Kind.INTERACTIVE
    if "submit-answer" in meta.types:
        return Kind.OUTPUT_ONLY
    drivers = any(
        has_main(name, code) for files in include.values() for name, code in files.items()
    )
    return Kind.FUNCTION if drivers else Kind.BATCH


def _subtasks(secret: Group, texts: dict[str, str]) -> tuple[Subtask, ...]:
    """Return the groups that give points, with what the statement says of them."""
    subtasks = tuple(
        Subtask(
            subtask_id=group.subtask_id,
            points=max(group.full or 0.0, 0.0),
            depends=tuple(name.rsplit("/", 1)[-1] for name in group.depends if name != "sample"),
        )
        for group in secret.children
        if group.subtask_id
    )
    return describe_subtasks(subtasks, texts.get("en") or next(iter(texts.values())))


def _output_validator(
    tree: PackageTree, meta: Meta, warnings: list[str]
) -> tuple[Helper | None, bool]:
    """Return the output validator, and whether the package's outputs need one."""
    programs = find_programs(tree, "output_validators")
    if tree.has_folder("output_validator"):
        files, folders = tree.children("output_validator")
        # The draft had one more folder in between.
        inner = f"output_validator/{folders[0]}" if len(folders) == 1 and not files else None
        programs = [inner or "output_validator"]
    needed = bool(programs) if meta.custom is None and not meta.legacy else bool(meta.custom)
    needed = needed or bool(meta.types & {"interactive", "multi-pass"})
    if not needed and meta.elsewhere:
        return missing_helper(tree.label, "special_compare", meta.elsewhere, warnings), True
    if not needed:
        if programs:
            where = tree.where(programs[0])
            warnings.append(f"{where}: not used, since problem.yaml says validation: default")
        return None, False
    if len(programs) > 1:
        warnings.append(f"{tree.where('output_validators')}: several; {programs[0]} is taken")
    if not programs:
        where = tree.where("output_validators" if meta.legacy else "output_validator")
        reason = "the package needs an output validator, and there is none"
        return missing_helper(where, "output_validator", reason, warnings), True
    helper = needed_helper(tree, programs[0], warnings)
    # The versions of the format have different folders; the model has one name for both.
    return replace(helper, name=f"output_validator/{helper.main}".rstrip("/")), True


def _declared_equality(
    flags: tuple[str, ...], groups: tuple[Group, ...], tree: PackageTree
) -> tuple[Equality, tuple[Group, ...]]:
    """Return the equality of the default validator.

    Flags of tests add to the package's. Where all tests have the same they become the
    equality; where they differ each test keeps its own, complete.
    """
    tests = [test for group in groups for test in group.all_tests()]
    own = {test.output_flags for test in tests}
    if len(own) == 1:
        common = own.pop()
        return equality_of((*flags, *common), tree.label), tuple(
            _with_flags(g, None) for g in groups
        )
    for other in own:
        equality_of((*flags, *other), tree.label)
    return equality_of(flags, tree.label), tuple(_with_flags(g, flags) for g in groups)


def _with_flags(group: Group, flags: tuple[str, ...] | None) -> Group:
    """Put flags before those of each test; None takes the tests' flags away."""
    return replace(
        group,
        tests=tuple(
            replace(test, output_flags=() if flags is None else (*flags, *test.output_flags))
            for test in group.tests
        ),
        children=tuple(_with_flags(child, flags) for child in group.children),
    )


def _grader(tree: PackageTree, groups: tuple[Group, ...], warnings: list[str]) -> Helper | None:
    """Return the package's own grader, if a group uses one."""
    used = any(_graded(group) for group in groups)
    programs = find_programs(tree, "graders") if used else []
    if used and not programs:
        reason = "grading is custom, but there is no grader"
        return missing_helper(tree.where("graders"), "grader", reason, warnings)
    return needed_helper(tree, programs[0], warnings) if programs else None


def _graded(group: Group) -> bool:
    return group.grader_flags is not None or any(_graded(child) for child in group.children)


def _input_validators(
    tree: PackageTree, warnings: list[str]
) -> tuple[tuple[Helper, ...], tuple[str, ...]]:
    """Return those that can be run, and the paths of the others."""
    folders = ("input_validators", "input_format_validators")
    programs = [path for folder in folders for path in find_programs(tree, folder)]
    read = {path: read_helper(tree, path, warnings) for path in programs}
    helpers = tuple(helper for helper in read.values() if helper is not None)
    return helpers, tuple(path for path, helper in read.items() if helper is None)


def _include(tree: PackageTree) -> GraderFiles:
    """Return the files compiled with a submission, by language family."""
    if not tree.has_folder("include"):
        return {}
    included: GraderFiles = {}
    for code in tree.children("include")[1]:
        files = {path.split("/", 2)[2]: tree.read(path) for path in tree.files(f"include/{code}")}
        if code == "default":
            for family in FAMILIES:
                included[family] = {**files, **included.get(family, {})}
        elif family_of_code(code):
            included.setdefault(family_of_code(code) or "", {}).update(files)
    return included


def _public_files(tree: PackageTree, include: GraderFiles) -> tuple[GraderFile, ...]:
    """Return what contestants see of the files compiled with their program.

    That is what `attachments/` holds under the same name; headers too, since a submission
    includes them. A driver without such a twin stays secret: real ones hold passwords.
    """
    shown: list[GraderFile] = []
    for family, files in include.items():
        for name, content in files.items():
            twin = _attachment(tree, family, name)
            if twin is not None:
                content = twin
            elif not is_header(name):
                continue
            shown.append(
                GraderFile(language=family, name=name, content=decode(content, tree.where(name)))
            )
    return tuple(shown)


def _attachment(tree: PackageTree, family: str, name: str) -> bytes | None:
    for path in tree.files("attachments"):
        folders = path.split("/")[1:-1]
        right = not folders or any(family_of_code(folder) == family for folder in folders)
        if right and re.fullmatch(rf"(.*/)?{re.escape(name)}", path):
            return tree.read(path)
    return None
