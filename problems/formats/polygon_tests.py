"""Tests and groups of a Polygon package, from one `<testset>` of `problem.xml`."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from xml.etree import ElementTree as Xml

from medalist.errors import BadInput
from medalist.problems.formats.build import text_file, unread
from medalist.problems.formats.polygon_programs import Programs, Unmade
from medalist.problems.formats.programs import judged_languages
from medalist.problems.formats.text import decode
from medalist.problems.formats.tree import PackageTree
from medalist.problems.helper import Helper
from medalist.problems.model import Sample
from medalist.problems.secret import Group, TestCase


def positive(node: Xml.Element, name: str, file: str) -> float | None:
    """Read the text of an element as a positive number."""
    text = node.findtext(name)
    if text is None:
        return None
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 1e15:
        raise BadInput("must be a number more than 0", file=file, field=f"<{name}>")
    return value


class TestsetReader:
    """Reads one set of tests; `where` names `problem.xml` for messages.

    A standard package holds no file of a test that a generator makes, and no answers: these are
    made when they are judged, by the generators and by the main solution. `talks` says that
    programs talk to an interactor, so that no program makes an answer alone.
    """

    __test__ = False  # its name begins with Test, and pytest collects such classes

    def __init__(self, tree: PackageTree, where: str, programs: Programs, *, talks: bool) -> None:
        self.tree = tree
        self.where = where
        self.programs = programs
        self.talks = talks
        self.solution: Helper | None = None if talks else programs.main_solution()

    def groups(self, testset: Xml.Element) -> tuple[tuple[Group, Group], bool, tuple[Sample, ...]]:
        """Return sample and secret groups, whether points are given, and the samples."""
        tests, samples = [], []
        shown: list[Sample] = []
        nodes = list(testset.iterfind("tests/test"))
        count = positive(testset, "test-count", self.where)
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
            test = self.test(node, f"secret/{index:0{width}}", *paths)
            if node.get("sample") == "true":
                samples.append(replace(test, test_id=f"sample/{index:0{width}}"))
                shown += self.shown(paths, index)
            tests.append((node, test))
        self.tell_of_made([test for _, test in tests])
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

    def test(self, node: Xml.Element, test_id: str, input_path: str, answer_path: str) -> TestCase:
        """Read a test from its files; what is not there is to be made.

        Raises:
            BadInput: A file is missing and cannot be made.
        """
        missing = input_path
        try:
            made = None
            if input_path not in self.tree:
                command = node.get("cmd")
                if not command:
                    raise Unmade("it was written by hand")
                made = self.programs.generated(command, node.get("from-file", ""))
            missing = answer_path
            solution = None
            if answer_path not in self.tree:
                if self.talks:
                    raise Unmade("in an interactive problem no program makes it alone")
                if self.solution is None:
                    raise Unmade(
                        f"there is no main solution in {judged_languages()} that would make it"
                    )
                solution = self.solution
        except Unmade as why:
            raise BadInput(
                f"the test's file is missing: {why}",
                file=self.tree.where(missing),
                hint="export the full package: a standard one holds no generated tests",
            ) from why
        where = self.tree.where
        return TestCase(
            test_id,
            unread(where(input_path)) if made else text_file(self.tree, input_path),
            unread(where(answer_path)) if solution else text_file(self.tree, answer_path),
            made=made,
            solution=solution,
        )

    def shown(self, paths: list[str], index: int) -> list[Sample]:
        """Return a sample as its test's files or the statement's own have it."""
        name = f"example.{index:02}"
        folders = [
            f"{parent}/{folder}"
            for parent in ("statement-sections", "statements")
            if self.tree.has_folder(parent)
            for folder in self.tree.children(parent)[1]
        ]
        for pair in (paths, *([f"{f}/{name}", f"{f}/{name}.a"] for f in folders)):
            if all(path in self.tree for path in pair):
                texts = [decode(self.tree.read(p), self.tree.where(p)) for p in pair]
                return [Sample(input=texts[0], output=texts[1])]
        self.programs.warnings.append(
            f"{self.tree.where(paths[1])}: not in the package: sample {index} is not shown"
        )
        return []

    def tell_of_made(self, tests: list[TestCase]) -> None:
        """Warn about files that are missing from the package."""
        inputs = len([test for test in tests if test.made])
        answers = len([test for test in tests if test.solution])
        if self.solution is not None and answers:
            self.programs.warnings.append(
                f"{self.where}: a standard package: {inputs} inputs and {answers} answers of "
                f"{len(tests)} tests are made here by its generators and by {self.solution.name} "
                "(a full package holds those of Polygon)"
            )
        elif inputs:
            self.programs.warnings.append(
                f"{self.where}: {inputs} inputs of {len(tests)} tests are made here by its "
                "generators (a full package holds those of Polygon)"
            )

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
        """Return what a test is worth."""
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
