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
from collections.abc import Iterator
from dataclasses import replace
from xml.etree import ElementTree as Xml

from medalist.errors import BadInput
from medalist.problems.constraints import describe_subtasks
from medalist.problems.formats.build import Parts, assemble, tree_blob
from medalist.problems.formats.kattis_data import full_points
from medalist.problems.formats.latex import convert
from medalist.problems.formats.programs import language, pick_main
from medalist.problems.formats.text import decode
from medalist.problems.formats.tree import Tree
from medalist.problems.model import Equality, Sample, Subtask
from medalist.problems.secret import (
    Group,
    Helper,
    LabelledSubmission,
    Problem,
    SecretProblem,
    TestCase,
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
_STOCK = {
    "fcmp": Equality(mode="lines"),
    "lcmp": Equality(mode="tokens"),
    "wcmp": Equality(mode="tokens"),
    "hcmp": Equality(mode="tokens"),
    "icmp": Equality(mode="tokens"),
    "ncmp": Equality(mode="tokens"),
    "uncmp": None,
    "yesno": Equality(case_sensitive=False),
    "nyesno": Equality(case_sensitive=False),
    "caseicmp": None,
    "casencmp": None,
    "casewcmp": None,
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
_REJECTED = frozenset(Verdict) - {_V.AC, _V.PAC, _V.JE, _V.CE}
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
        time_ms = self.number(testset, "time-limit")
        memory = self.number(testset, "memory-limit")
        groups, scoring, samples = self.groups(testset)
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
        if judging is not None and (judging.get("input-file") or judging.get("output-file")):
            self.warnings.append(f"{self.where}: input-file: programs use stdin and stdout instead")
        subtasks = tuple(
            Subtask(
                subtask_id=group.subtask_id,
                points=full_points(group) or 0.0,
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
                "equality": equality or base.public.equality,
                "special_checker": checker is not None,
                "subtasks": describe_subtasks(subtasks, first),
                "full_score": full_points(groups[1]) if scoring else None,
            }
        )
        secret = SecretProblem(
            groups=groups,
            checker=checker,
            interactor=interactor,
            validators=self.validators(),
            submissions=self.submissions(),
            scoring=scoring,
        )
        return Problem(public, secret, tuple(self.warnings))

    def number(self, node: Xml.Element, name: str) -> float | None:
        """Read the text of an element as a positive number."""
        text = node.findtext(name)
        if text is None:
            return None
        try:
            value = float(text)
        except ValueError:
            value = 0.0
        if not 0 < value < 1e15:
            raise BadInput("must be a number more than 0", file=self.where, field=f"<{name}>")
        return value

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

    def groups(self, testset: Xml.Element) -> tuple[tuple[Group, Group], bool, tuple[Sample, ...]]:
        """Return sample and secret groups, whether points are given, and the samples."""
        tests, samples = [], []
        shown: list[Sample] = []
        nodes = list(testset.iterfind("tests/test"))
        count = self.number(testset, "test-count")
        if count is not None and nodes and round(count) != len(nodes):
            raise BadInput(
                f"is {count:g}, but {len(nodes)} tests follow",
                file=self.where,
                field="<test-count>",
            )
        if not nodes and count:
            nodes = [Xml.Element("test")] * min(round(count), 100_000)
        if not nodes:
            raise BadInput("there are no tests", file=self.where, field="<tests>")
        width = len(str(len(nodes)))
        for index, node in enumerate(nodes, start=1):
            paths = [
                self.path(testset, name, default, index)
                for name, default in (
                    ("input-path-pattern", "tests/%02d"),
                    ("answer-path-pattern", "tests/%02d.a"),
                )
            ]
            if paths[0] not in self.tree:
                raise BadInput(
                    "the test's file is missing",
                    file=self.tree.where(paths[0]),
                    hint="export the full package: a standard one holds no generated tests",
                )
            test_input, answer = (tree_blob(self.tree, path) for path in paths)
            test = TestCase(f"secret/{index:0{width}}", test_input, answer)
            if node.get("sample") == "true":
                samples.append(replace(test, test_id=f"sample/{index:0{width}}"))
                texts = [decode(self.tree.read(p), self.tree.where(p)) for p in paths]
                shown.append(Sample(input=texts[0], output=texts[1]))
            tests.append((node, test))
        scoring = any(node.get("points") for node, _ in tests)
        if not scoring:
            plain = tuple(test for node, test in tests if node.get("sample") != "true")
            groups = (
                Group("sample", tuple(samples), aggregate="min"),
                Group("secret", plain or tuple(test for _, test in tests), aggregate="min"),
            )
            return groups, False, tuple(shown)
        secret = self.scored(testset, tests)
        return (Group("sample", tuple(samples), ignore=True), secret), True, tuple(shown)

    def path(self, testset: Xml.Element, name: str, default: str, index: int) -> str:
        """Return a test's file by a pattern such as `tests/%02d`."""
        pattern = testset.findtext(name) or default
        match = re.fullmatch(r"([^%]*)%(0?\d?)d([^%]*)", pattern)
        if not match:
            raise BadInput(
                f"{pattern!r} is not a pattern such as tests/%02d",
                file=self.where,
                field=f"<{name}>",
            )
        number = f"%{match[2]}d" % index
        return posixpath.normpath(f"{match[1]}{number}{match[3]}")

    def scored(self, testset: Xml.Element, tests: list[tuple[Xml.Element, TestCase]]) -> Group:
        """Make the secret group of a problem with points."""
        settings = {node.get("name", ""): node for node in testset.iterfind("groups/group")}
        order: dict[str, list[tuple[float, TestCase]]] = {}
        for element, test in tests:
            order.setdefault(element.get("group", ""), []).append((self.points(element), test))
        children: list[Group] = []
        for name, own in order.items():
            node = settings.get(name)
            if node is None and name:
                raise BadInput(
                    f"group {name!r} is not described", file=self.where, field="<groups>"
                )
            children += self.group(name, own, node)
        self.check_dependencies(children)
        return Group("secret", children=tuple(children), stop_on_failure=False, accept_if_any=True)

    def group(
        self, name: str, own: list[tuple[float, TestCase]], node: Xml.Element | None
    ) -> Iterator[Group]:
        """Yield the group of this name."""
        group_id = f"secret/{name or 'rest'}"
        total = sum(points for points, _ in own)
        tests = tuple(
            replace(test, test_id=f"{group_id}/{test.test_id.rsplit('/', 1)[-1]}")
            for _, test in own
        )
        depends = tuple(
            f"secret/{dependency.get('group', '')}"
            for dependency in (node.iterfind("dependencies/dependency") if node is not None else ())
        )
        complete = node is not None and node.get("points-policy") == "complete-group"
        common = Group(
            group_id, tests, low=0.0, high=total, depends=depends, subtask_id=name or "rest"
        )
        if complete:
            yield replace(common, aggregate="min", points=total)
        elif len({points for points, _ in own}) == 1:
            yield replace(common, points=own[0][0], stop_on_failure=False, accept_if_any=True)
        else:
            # Tests of different worth: one group inside for each.
            yield replace(
                common,
                tests=(),
                children=tuple(
                    Group(
                        test.test_id,
                        (replace(test, test_id=f"{test.test_id}/1"),),
                        aggregate="min",
                        points=points,
                    )
                    for (points, _), test in zip(own, tests, strict=True)
                ),
                stop_on_failure=False,
                accept_if_any=True,
            )

    def points(self, node: Xml.Element) -> float:
        try:
            points = float(node.get("points", "0"))
        except ValueError:
            points = -1.0
        if not 0 <= points < 1e9:
            raise BadInput("must be a number of at least 0", file=self.where, field="test points")
        return points

    def check_dependencies(self, groups: list[Group]) -> None:
        """Refuse a dependency on a group that is unknown, or that depends on this one in turn."""
        known = {group.group_id: group.depends for group in groups}
        done: set[str] = set()

        def visit(name: str, path: tuple[str, ...]) -> None:
            short = name.rsplit("/", 1)[-1]
            if name not in known:
                raise BadInput(f"no such group: {short!r}", file=self.where, field="<dependency>")
            if name in path:
                raise BadInput(
                    f"group {short!r} depends on itself", file=self.where, field="<dependency>"
                )
            if name not in done:
                for other in known[name]:
                    visit(other, (*path, name))
                done.add(name)

        for group in groups:
            visit(group.group_id, ())

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
        if path is None:
            if node is not None:
                self.warnings.append(f"{self.where}: {what}: its source is not in the package")
            return None
        files = self.files_with(path)
        main = posixpath.basename(path)
        found = language(main, files[main])
        if found is None:
            self.warnings.append(f"{self.tree.where(path)}: not C, C++ or Python: not run")
            return None
        return Helper(path, found, files, main, "testlib")

    def checker(self) -> tuple[Helper | None, Equality | None]:
        """Return the checker, or the equality that a stock one stands for."""
        node = self.root.find("assets/checker")
        name = (node.get("name") or "") if node is not None else ""
        stock = re.fullmatch(r"std::(\w+)\.cpp", name)
        if stock and _STOCK.get(stock[1]):
            return None, _STOCK[stock[1]]
        return self.helper("assets/checker", "checker"), None

    def validators(self) -> tuple[Helper, ...]:
        found = []
        for node in self.root.iterfind("assets/validators/validator"):
            path = self.source(node)
            if path is not None:
                files = self.files_with(path)
                main = posixpath.basename(path)
                kind = language(main, files[main])
                if kind:
                    found.append(Helper(path, kind, files, main, "testlib"))
        return tuple(found)

    def submissions(self) -> tuple[LabelledSubmission, ...]:
        found = []
        for node in self.root.iterfind("assets/solutions/solution"):
            path, tag = self.source(node), node.get("tag", "")
            if path is None:
                continue
            files = {posixpath.basename(path): self.tree.read(path)}
            main, kind = pick_main(files)
            found.append(
                LabelledSubmission(
                    name=path,
                    language=kind,
                    files=files,
                    main=main,
                    permitted=_TAGS.get(tag),
                    label=tag,
                )
            )
        return tuple(found)
