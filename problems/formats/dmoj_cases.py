"""The tests of a DMOJ problem: `test_cases` of `init.yml`, listed or found by their names.

How DMOJ judges them: pretests first, then cases and batches in their order. A batch ends with its
first rejected case and is worth the least of its cases. After a rejected case of 0 points, every
later case is left out, pretests being worth 0. A batch is also left out where one that it depends
on was not passed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from medalist.problems.formats.build import tree_blob
from medalist.problems.formats.dmoj_checkers import Checkers
from medalist.problems.formats.dmoj_config import Config
from medalist.problems.formats.dmoj_generators import Generators
from medalist.problems.formats.dmoj_patterns import PatternPair, find_cases
from medalist.problems.formats.fields import Fields
from medalist.problems.formats.tree import PackageTree
from medalist.problems.helper import Helper
from medalist.problems.secret import Blob, CaseFacts, Group, TestCase
from medalist.problems.text_data import normal

_NO_DATA = (".yml", ".yaml", ".md", ".pdf", ".tex", ".html", ".zip", ".py", ".cpp", ".cc", ".c",
            ".h", ".hpp", ".java")  # fmt: skip
STDOUT = ("/dev/stdout", "/proc/self/fd/1", "/dev/fd/1")
_LINK = re.compile(r"[\w.+ -]+(?:/[\w.+ -]+)*")
_PRETESTS, _CASES = "pretest_test_cases", "test_cases"


@dataclass
class TestFiles:
    """Where tests come from: the folder first, then the archive."""

    folder: PackageTree
    archive: PackageTree | None

    def blob(self, name: str) -> Blob:
        """Return a file by its name."""
        if self.archive is not None and name not in self.folder and name in self.archive:
            return tree_blob(self.archive, name)
        return tree_blob(self.folder, name)

    def names(self) -> list[str]:
        """Return the names of all files that may be tests."""
        if self.archive is not None:
            return self.archive.files()
        return [name for name in self.folder.files() if not name.endswith(_NO_DATA)]


@dataclass
class Cases:
    """Reads the cases of one package."""

    source: TestFiles
    checkers: Checkers
    warnings: list[str]
    generators: Generators
    positions: int = 0
    _batches: list[Group] = field(default_factory=list)

    def read(self, root: Config) -> Group:
        """Read pretests and cases; without a list they are found by their names."""
        own = self.checkers.read(root)
        if isinstance(root.get(_CASES), list):
            cases = list(root.cases(_CASES))
        else:
            cases = list(self._found(root))
        if not cases:
            raise root.fields.bad(_CASES, "the problem has no tests")
        pretests = list(root.cases(_PRETESTS))
        flat = self._flat(root, pretests + cases, own)
        self.positions = 0
        return flat or self._groups(pretests, cases, own)

    def _flat(self, root: Config, cases: list[Config], own: Helper) -> Group | None:
        """Return one group where every case is alike, or None."""
        worth = {case.number("points", 1.0, low=0) for case in cases}
        if root.fields.has(_PRETESTS) or len(worth) != 1 or worth == {0.0}:
            return None
        if any(case.fields.has("batched") for case in cases):
            return None
        tests = [
            self._case(case, f"secret/{number:03}", own)
            for number, case in enumerate(cases, start=1)
        ]
        return replace(_ROOT, tests=tuple(tests), points=worth.pop())

    def _groups(self, pretests: list[Config], cases: list[Config], own: Helper) -> Group:
        # Cases are numbered before pretests are, but pretests are judged first.
        later = [self._unit(case, n, "", own) for n, case in enumerate(cases, start=1)]
        self._batches.clear()
        first = [self._unit(case, n, "pretest-", own) for n, case in enumerate(pretests, start=1)]
        first = [_worthless(group) for group in first]
        children: list[Group] = []
        for group in [*first, *later]:
            zero = [earlier.group_id for earlier in children if earlier.points == 0]
            needed = [name for name in zero if name not in group.depends]
            children.append(replace(group, depends=(*group.depends, *needed)))
        return replace(_ROOT, children=tuple(children))

    def _unit(self, case: Config, number: int, kind: str, own: Helper) -> Group:
        """Return a batch, or a case outside batches, as a group."""
        if not case.fields.has("batched"):
            group_id = f"secret/{kind}{number:03}-alone"
            test = self._case(case, f"{group_id}/1", own)
            return _group(group_id, (test,), case.number("points", 1.0, low=0))
        group_id = f"secret/{kind}{len(self._batches) + 1:02}"
        inner = list(case.cases("batched"))
        if not inner:
            raise case.fields.bad("batched", "holds no tests")
        nested = next((item for item in inner if item.fields.has("batched")), None)
        if nested is not None:
            raise nested.fields.bad("batched", "a batch inside a batch")
        batch = len(self._batches) + 1
        worths = [item.number("points", 1.0, low=0) for item in inner]
        if len(set(worths)) > 1:
            self.warnings.append(
                f"{case.fields.file}: {case.fields.name('batched')}: its cases have different "
                "points: the batch is worth the least of them"
            )
        tests = tuple(
            self._case(item, f"{group_id}/{k:03}", own, batch)
            for k, item in enumerate(inner, start=1)
        )
        group = replace(_group(group_id, tests, min(worths)), depends=self._depends(case, kind))
        self._batches.append(group)
        self.warnings += case.warnings()
        return group

    def _depends(self, case: Config, kind: str) -> tuple[str, ...]:
        names = case.fields.texts("dependencies") or ()
        for name in names:
            if not name.isdecimal() or not 1 <= int(name) <= len(self._batches):
                raise case.fields.bad("dependencies", f"{name} is not an earlier batch")
        return tuple(f"secret/{kind}{int(name):02}" for name in names)

    def _case(self, case: Config, test_id: str, own: Helper, batch: int = 0) -> TestCase:
        binary = case.flag("binary_data")
        most = case.owner("output_limit_length").number("output_limit_length", low=0)
        facts = CaseFacts(
            points=case.number("points", 1.0, low=0),
            position=self.positions,
            batch=batch,
            binary=binary,
            output_bytes=None if most is None else int(most),
        )
        self.positions += 1
        checker = self.checkers.read(case)
        names = case.text("in"), case.text("out")
        test = TestCase(
            test_id,
            self._blob(names[0], binary) or Blob.of(b"", "no input"),
            self._blob(names[1], binary) or Blob.of(b"", "no answer"),
            checker=None if checker is own else checker,
            case=facts,
        )
        read = case.text("generator_in")
        test = self.generators.test(case, test, self.source.blob(read) if read else None)
        test = replace(test, files=self._links(case, test))
        self.warnings += case.warnings()
        return test

    def _blob(self, name: str | None, binary: bool) -> Blob | None:
        if not name:
            return None
        blob = self.source.blob(name)
        return blob if binary else Blob(blob.name, lambda: normal(blob.read()), blob.size)

    def _links(self, case: Config, test: TestCase) -> dict[str, Blob]:
        """Return the files that stand for `symlinks` in the program's folder."""
        level = case.owner("symlinks")
        files = {}
        links = level.map("symlinks")
        for name in links.values:
            target = links.text(name)
            if target in ("/dev/stdin", "/proc/self/fd/0", "/dev/fd/0"):
                files[name] = test.input
            elif target == "/dev/null":
                files[name] = Blob.of(b"", name)
            elif target not in STDOUT or level.prefix:
                hint = "only to /dev/stdin, and for all cases to /dev/stdout"
                raise links.bad(ascii(name)[1:-1], f"a link to {target!r} is not made: {hint}")
            if not _LINK.fullmatch(name) or ".." in name.split("/"):
                raise links.bad(ascii(name)[1:-1], "is not a file of the program's folder")
        return files

    def _found(self, root: Config) -> Iterator[Config]:
        options = root.fields.map(_CASES)
        cases, warnings = find_cases(options, self.source.names())
        self.warnings += [*warnings, *options.unknown()]
        points = [_worth(options, text) for text in options.texts("case_points") or ()]
        if points and len(points) < len(cases):
            raise options.bad(
                "case_points", f"holds {len(points)} numbers for {len(cases)} cases and batches"
            )
        for index, item in enumerate(cases):
            values: dict[str, object] = {"points": points[index]} if points else {}
            if item.batched:
                values["batched"] = [_named(pair) for pair in item.pairs]
            else:
                values |= _named(item.pairs[0])
            yield root.below(Fields(root.fields.file, values, f"{_CASES}[{index}]"))


_ROOT = Group("secret", stop_on_failure=False, accept_if_any=True, lenient=True)


def _named(pair: PatternPair) -> dict[str, object]:
    return {"in": pair.input, "out": pair.output}


def _group(group_id: str, tests: tuple[TestCase, ...], points: float) -> Group:
    return Group(
        group_id,
        tests,
        aggregate="min",
        points=points,
        low=0.0,
        high=points,
        lenient=True,
        subtask_id=group_id.rsplit("/", 1)[-1],
    )


def _worthless(group: Group) -> Group:
    tests = tuple(
        replace(test, case=replace(test.case, points=0.0)) if test.case else test
        for test in group.tests
    )
    return replace(group, tests=tests, points=0.0, high=0.0)


def _worth(fields: Fields, text: str) -> float:
    try:
        points = float(text)
    except ValueError:
        points = -1.0
    if not 0 <= points < 1e9:
        raise fields.bad("case_points", f"{text!r} is not a number of points")
    return points
