"""Reads Polygon packages (`problem.xml`), as exported with their tests.

On disk::

    problem.xml                     names, limits, tests with groups and points, assets
    statement-sections/<language>/  legend.tex input.tex output.tex notes.tex ... example.01 .01.a
    statements/<language>/          problem.tex, problem-properties.json
    tests/01  tests/01.a            by the patterns of problem.xml
    files/  check.cpp  solutions/   sources named by problem.xml
"""

from __future__ import annotations

import posixpath
import re
from xml.etree import ElementTree as Xml

from medalist.errors import BadInput
from medalist.problems.constraints import describe_subtasks
from medalist.problems.file_io import file_names
from medalist.problems.formats.build import Parts, assemble
from medalist.problems.formats.latex import convert
from medalist.problems.formats.polygon_tests import TestsetReader, positive
from medalist.problems.formats.programs import hinted, language, missing_helper, pick_main
from medalist.problems.formats.text import decode
from medalist.problems.formats.tree import Tree
from medalist.problems.model import STDIO, Equality, Subtask
from medalist.problems.secret import (
    Helper,
    LabelledSubmission,
    Problem,
    SecretProblem,
)
from medalist.problems.verdict import Verdict

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
# What the stock checkers compare, so that testlib need not be compiled.
STOCK = {
    "fcmp": Equality(mode="whole-lines"),
    "lcmp": Equality(mode="filled-lines"),
    "wcmp": Equality(mode="tokens"),
    "hcmp": Equality(mode="tokens"),
    "icmp": Equality(mode="tokens"),
    "ncmp": Equality(mode="tokens"),
    "uncmp": Equality(mode="tokens", ordered=False),
    "yesno": Equality(case_sensitive=False),
    "nyesno": Equality(case_sensitive=False),
    "caseicmp": Equality(mode="tokens"),
    "casencmp": Equality(mode="tokens"),
    "casewcmp": Equality(mode="tokens"),
    "acmp": Equality(abs_tol=1.5e-6),
    "rcmp": Equality(abs_tol=1.5e-6),
    "dcmp": Equality(abs_tol=1e-6, rel_tol=1e-6),
    "rcmp4": Equality(abs_tol=1e-4, rel_tol=1e-4),
    "rcmp6": Equality(abs_tol=1e-6, rel_tol=1e-6),
    "rcmp9": Equality(abs_tol=1e-9, rel_tol=1e-9),
    "rncmp": Equality(abs_tol=1.5e-5),
}
_V = Verdict
_SLOW, _BIG = frozenset({_V.TLE, _V.ILE}), frozenset({_V.MLE, _V.RTE})
# A rejected solution may well have some of the points.
_REJECTED = frozenset(Verdict) - {_V.AC, _V.JE, _V.CE}
_TAGS: dict[str, frozenset[Verdict] | None] = {
    "main": frozenset({_V.AC}),
    "accepted": frozenset({_V.AC}),
    "wrong-answer": frozenset({_V.WA, _V.PE}),
    "presentation-error": frozenset({_V.PE, _V.WA}),
    "time-limit-exceeded": _SLOW,
    "time-limit-exceeded-or-accepted": _SLOW | {_V.AC},
    "time-limit-exceeded-or-memory-limit-exceeded": _SLOW | _BIG,
    "memory-limit-exceeded": _BIG,
    "rejected": _REJECTED,
    "failed": _REJECTED,
}


def is_polygon(tree: Tree) -> bool:
    """Whether a folder looks like a Polygon package."""
    return "problem.xml" in tree


def load_polygon(tree: Tree) -> Problem:
    """Read a package.

    Raises:
        BadInput: Wrong or missing parts, with file, element and fix.
    """
    return _Package(tree).problem()


class _Package:
    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.where = tree.where("problem.xml")
        self.warnings: list[str] = []
        content = tree.read("problem.xml")
        if b"<!" in re.sub(rb"<!--|<!\[CDATA\[", b"", content):
            raise BadInput("entities of its own: refused", file=self.where, field="<!DOCTYPE>")
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
        interactor = self.helper("assets/interactor", "interactor")
        checker, equality = self.checker()
        time_ms = positive(testset, "time-limit", self.where)
        memory = positive(testset, "memory-limit", self.where)
        groups, scoring, samples = TestsetReader(self.tree, self.where).groups(testset)
        first = next(iter(statements.values()), f"# {self.tree.name}\n")
        base = assemble(
            Parts(
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
            validators=self.validators(),
            submissions=self.submissions(scoring=scoring),
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
        found: dict[str, str] = {}
        if self.tree.has_folder("statement-sections"):
            for name in self.tree.children("statement-sections")[1]:
                folder = f"statement-sections/{name}"
                parts = [
                    f"## {title}\n\n{text}" if title else text
                    for section, title in _SECTIONS
                    if (text := self.latex(f"{folder}/{section}.tex"))
                ]
                if parts:
                    found[_CODES.get(name, "und")] = "\n".join(parts)
        if not found and self.tree.has_folder("statements"):
            for name in self.tree.children("statements")[1]:
                text = self.latex(f"statements/{name}/problem.tex")
                if text:
                    found[_CODES.get(name, "und")] = text
        if not found:
            self.warnings.append(f"{self.tree.where('statement-sections')}: there is no statement")
        return found

    def latex(self, path: str) -> str:
        if path not in self.tree:
            return ""
        return convert(decode(self.tree.read(path), self.tree.where(path))).text.strip("\n") + "\n"

    def source(self, node: Xml.Element | None) -> str | None:
        """Return the path of an asset's source, if the package has it."""
        inner = node.find("source") if node is not None else None
        path = posixpath.normpath(inner.get("path", "")) if inner is not None else ""
        return path if path and path != "." and path in self.tree else None

    def files_with(self, path: str) -> dict[str, bytes]:
        """Return a source and the headers that it may include."""
        found = {
            name.rsplit("/", 1)[-1]: self.tree.read(name)
            for folder in ("files", posixpath.dirname(path))
            for name in (self.tree.files(folder) if folder else [])
            if name.endswith((".h", ".hpp"))
        }
        return {**found, posixpath.basename(path): self.tree.read(path)}

    def helper(self, where: str, what: str) -> Helper | None:
        node = self.root.find(where)
        path = self.source(node)
        if node is None:
            return None
        if path is None:
            reason = f"{what}: its source is not in the package"
            return missing_helper(self.where, what, reason, self.warnings, protocol="testlib")
        files = self.files_with(path)
        main = posixpath.basename(path)
        found = hinted(language(main, files[main]), type_of(node))
        if found is None:
            reason, where = "it is not in C, C++ or Python", self.tree.where(path)
            return missing_helper(where, path, reason, self.warnings, protocol="testlib")
        return Helper(path, found, files, main, "testlib")

    def checker(self) -> tuple[Helper | None, Equality | None]:
        """Return the checker, or the equality that a stock one stands for."""
        node = self.root.find("assets/checker")
        name = (node.get("name") or "") if node is not None else ""
        stock = re.fullmatch(r"std::(\w+)\.cpp", name)
        if stock and STOCK.get(stock[1]):
            return None, STOCK[stock[1]]
        return self.helper("assets/checker", "checker"), None

    def validators(self) -> tuple[Helper, ...]:
        found = []
        for node in self.root.iterfind("assets/validators/validator"):
            path = self.source(node)
            if path is not None:
                files = self.files_with(path)
                main = posixpath.basename(path)
                kind = hinted(language(main, files[main]), type_of(node))
                if kind:
                    found.append(Helper(path, kind, files, main, "testlib"))
        return tuple(found)

    def submissions(self, *, scoring: bool) -> tuple[LabelledSubmission, ...]:
        found = []
        for node in self.root.iterfind("assets/solutions/solution"):
            path, tag = self.source(node), node.get("tag", "")
            if path is None:
                continue
            files = {posixpath.basename(path): self.tree.read(path)}
            main, kind = pick_main(files)
            kind = hinted(kind, type_of(node))
            permitted = _TAGS.get(tag)
            if scoring and permitted and _V.AC not in permitted:
                permitted |= {_V.PAC}
            found.append(
                LabelledSubmission(
                    name=path,
                    language=kind,
                    files=files,
                    main=main,
                    permitted=permitted,
                    label=tag,
                )
            )
        return tuple(found)


def type_of(node: Xml.Element | None) -> str | None:
    """Return the type of an asset's source, such as `cpp.g++17`."""
    inner = node.find("source") if node is not None else None
    return inner.get("type") if inner is not None else None
