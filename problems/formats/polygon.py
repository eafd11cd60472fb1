"""Reads Polygon packages (`problem.xml`), full ones and standard ones, whose tests are made.

On disk::

    problem.xml                     names, limits, tests with groups and points, assets
    statement-sections/<language>/  legend.tex input.tex output.tex notes.tex ... example.01 .01.a
    statements/<language>/          problem.tex, problem-properties.json
    tests/01  tests/01.a            by the patterns of problem.xml
    files/  check.cpp  solutions/   sources named by problem.xml
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as Xml

from medalist.errors import BadInput
from medalist.problems.constraints import describe_subtasks
from medalist.problems.file_io import file_names
from medalist.problems.formats.build import PackageParts, assemble
from medalist.problems.formats.latex import convert
from medalist.problems.formats.polygon_programs import Programs
from medalist.problems.formats.polygon_tests import TestsetReader, positive
from medalist.problems.formats.text import decode
from medalist.problems.formats.tree import PackageTree
from medalist.problems.model import STDIO, Subtask
from medalist.problems.secret import Problem, SecretProblem

_CODES = {
    "english": "en", "russian": "ru", "chinese": "zh", "ukrainian": "uk", "polish": "pl",
    "spanish": "es", "portuguese": "pt", "german": "de", "french": "fr", "japanese": "ja",
    "korean": "ko", "italian": "it", "armenian": "hy", "azerbaijani": "az", "kazakh": "kk",
    "belarusian": "be", "georgian": "ka", "romanian": "ro", "vietnamese": "vi", "other": "und",
}  # fmt: skip
_SECTIONS = (
    ("legend", ""), ("input", "Input"), ("output", "Output"), ("interaction", "Interaction"),
    ("scoring", "Scoring"), ("notes", "Note"),
)  # fmt: skip


def is_polygon(tree: PackageTree) -> bool:
    """Whether a folder looks like a Polygon package."""
    return "problem.xml" in tree


def load_polygon(tree: PackageTree) -> Problem:
    """Read a package.

    Raises:
        BadInput: Wrong or missing parts, with file, element and fix.
    """
    return _Package(tree).problem()


class _Package:
    def __init__(self, tree: PackageTree) -> None:
        self.tree = tree
        self.where = tree.where("problem.xml")
        self.warnings: list[str] = []
        content = tree.read("problem.xml")
        if b"<!" in re.sub(rb"<!--|<!\[CDATA\[", b"", content):
            raise BadInput(
                "it defines its own entities: refused", file=self.where, field="<!DOCTYPE>"
            )
        if b"\0" in content:
            raise BadInput("not UTF-8", file=self.where)
        try:
            self.root = Xml.fromstring(content)  # noqa: S314 (it declares no entities)
        except (Xml.ParseError, ValueError, LookupError) as error:
            raise BadInput(f"not XML: {error}", file=self.where) from error

    def problem(self) -> Problem:
        testset = self.testset()
        statements = self.statements()
        names = {
            _CODES.get(node.get("language", ""), "und"): node.get("value", "")
            for node in self.root.iterfind("names/name")
        }
        programs = Programs(self.tree, self.root, self.where, self.warnings)
        interactor = programs.helper("assets/interactor", "interactor")
        checker, equality = programs.checker()
        time_ms = positive(testset, "time-limit", self.where)
        memory = positive(testset, "memory-limit", self.where)
        reader = TestsetReader(self.tree, self.where, programs, talks=interactor is not None)
        groups, scoring, samples = reader.groups(testset)
        first = next(iter(statements.values()), f"# {self.tree.name}\n")
        base = assemble(
            PackageParts(
                name=self.root.get("short-name") or self.tree.name,
                file=self.where,
                statement=first,
                time_s=time_ms / 1000 if time_ms else None,
                memory_mb=memory / (1 << 20) if memory else None,
                interactive=interactor is not None,
                tags=tuple(
                    tag for node in self.root.iterfind("tags/tag") if (tag := node.get("value"))
                ),
                source=self.root.get("url"),
            )
        )
        judging = self.root.find("judging")
        attributes = judging.attrib if judging is not None else {}
        files = file_names(
            attributes.get("input-file"),
            attributes.get("output-file"),
            f"{self.where}: input-file, output-file",
            self.warnings,
        )
        subtasks = tuple(
            Subtask(
                subtask_id=group.subtask_id,
                points=group.full or 0.0,
                depends=tuple(name.rsplit("/", 1)[-1] for name in group.depends),
            )
            for group in groups[1].children
            if group.subtask_id
        )
        public = base.public.model_copy(
            update={
                "titles": {key: value for key, value in names.items() if value},
                "statements": statements or base.public.statements,
                "samples": () if interactor else samples,
                "files": STDIO if interactor else files,
                "equality": equality or base.public.equality,
                "special_checker": checker is not None,
                "subtasks": describe_subtasks(subtasks, first),
                "full_score": groups[1].full if scoring else None,
            }
        )
        secret = SecretProblem(
            groups=groups,
            checker=checker,
            interactor=interactor,
            validators=programs.validators(),
            submissions=programs.submissions(scoring=scoring),
            scoring=scoring,
        )
        return Problem(public, secret, tuple(self.warnings))

    def testset(self) -> Xml.Element:
        """Return the set named `tests`, else the first."""
        sets = list(self.root.iterfind("judging/testset"))
        if not sets:
            raise BadInput("there are no tests", file=self.where, field="<testset>")
        return next((node for node in sets if node.get("name") == "tests"), sets[0])

    def statements(self) -> dict[str, str]:
        """Return the statements by language, from their sections or whole."""
        by_language: dict[str, str] = {}
        if self.tree.has_folder("statement-sections"):
            for name in self.tree.children("statement-sections")[1]:
                folder = f"statement-sections/{name}"
                parts = [
                    f"## {title}\n\n{text}" if title else text
                    for section, title in _SECTIONS
                    if (text := self.latex(f"{folder}/{section}.tex"))
                ]
                if parts:
                    by_language[_CODES.get(name, "und")] = "\n".join(parts)
        if not by_language and self.tree.has_folder("statements"):
            for name in self.tree.children("statements")[1]:
                text = self.latex(f"statements/{name}/problem.tex")
                if text:
                    by_language[_CODES.get(name, "und")] = text
        if not by_language:
            self.warnings.append(f"{self.tree.where('statement-sections')}: there is no statement")
        return by_language

    def latex(self, path: str) -> str:
        if path not in self.tree:
            return ""
        return convert(decode(self.tree.read(path), self.tree.where(path))).text.strip("\n") + "\n"
