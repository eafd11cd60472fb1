"""The tests of a DMOJ problem: `test_cases` of `init.yml`, listed or found by their names."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from medalist.problems.formats.build import tree_blob
from medalist.problems.formats.fields import Fields
from medalist.problems.formats.tree import Tree
from medalist.problems.secret import Blob, Group, TestCase

_NAME = r"(?:.*?)(?:\b(?P<batch>\d{1,6})[^\d/]+)?(?P<case>\d{1,6})"
_INPUT_NAME = re.compile(_NAME + r"\.in\w*", re.I)
_OUTPUT_NAME = re.compile(_NAME + r"\.(?:out|ans)\w*", re.I)


@dataclass
class TestFiles:
    """Where tests come from: the archive first, then the folder."""

    folder: Tree
    archive: Tree | None

    def blob(self, name: str) -> Blob:
        """Return a file by its name."""
        if self.archive is not None and name in self.archive:
            return tree_blob(self.archive, name)
        return tree_blob(self.folder, name)

    def names(self) -> list[str]:
        """Return the names of all files that may be tests."""
        return (self.archive or self.folder).files()


def read_cases(fields: Fields, source: TestFiles) -> Group:
    """Read `test_cases`: tests and batches; without a list they are found by their names."""
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


def _case(case: Fields, source: TestFiles, test_id: str) -> TestCase:
    names = case.text("in"), case.text("out")
    if names[0] is None:
        raise case.bad("in", "the input's file is missing")
    if case.has("generator"):
        raise case.bad("generator", "Python code for DMOJ's own judge cannot be run")
    answer = source.blob(names[1]) if names[1] else None
    return TestCase(test_id, source.blob(names[0]), answer)


def _by_pattern(fields: Fields, source: TestFiles) -> Group:
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
