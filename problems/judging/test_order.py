"""Which tests a submission has to pass, in judging order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from medalist.problems.judging.scoring import ends_group
from medalist.problems.secret import Group, SecretProblem, TestCase
from medalist.problems.verdict import Verdict

Verdicts = Callable[[TestCase], Verdict | None]
"""The verdict on a test so far, None where it is not known yet."""


class Needed(NamedTuple):
    """A test that counts, and whether its rejection ends its group."""

    test: TestCase
    ends_group: bool


def needed(
    secret: SecretProblem,
    verdicts: Verdicts,
    *,
    keep_going: bool = False,
    kills: Mapping[str, int] | None = None,
) -> Iterator[Needed]:
    """Yield the tests that count, known or not, looking at what is known after each one.

    A group's tests end with the first that is rejected where its scoring allows; the groups
    that depend on it are left out. The caller may learn verdicts late (a box runs the next
    test while the last outcome is being read): then a few tests too many are yielded. Asked
    again when all is known, it yields exactly those that decide.

    Args:
        secret: Groups and rules.
        verdicts: What is known.
        keep_going: Yield every test.
        kills: How often each test rejected a submission so far: the deadliest run first, in
            groups that end with the first rejected test.
    """
    plan = _Plan(verdicts, keep_going, kills or {})
    for group in secret.groups:
        yield from plan.group(group)
        if not secret.scoring and not group.ignore and not keep_going and plan.rejected(group):
            return


class _Plan:
    def __init__(self, verdicts: Verdicts, keep_going: bool, kills: Mapping[str, int]) -> None:
        self.verdicts = verdicts
        self.keep_going = keep_going
        self.kills = kills
        self.groups: dict[str, Group] = {}

    def group(self, group: Group) -> Iterator[Needed]:
        self.groups[group.group_id] = group
        if not self.keep_going and any(
            needed in self.groups and self.rejected(self.groups[needed]) for needed in group.depends
        ):
            return
        under_way: list[TestCase] = []
        for test in ordered(group, self.kills):
            if self._ends(group, under_way):
                return
            under_way = [t for t in under_way if self.verdicts(t) is None]
            yield Needed(test, group.stop_on_failure and not self.keep_going)
            under_way.append(test)
        if self._ends(group, under_way):
            return
        for child in group.children:
            yield from self.group(child)
            if group.stop_on_failure and not self.keep_going and self.rejected(child):
                return

    def rejected(self, group: Group) -> bool:
        """Whether what is known already rejects the group."""
        if group.verdict_mode == "always_accept":
            return False
        verdicts = [self.verdicts(test) for test in group.tests]
        children = [self.rejected(child) for child in group.children if not child.ignore]
        bad = any(v is not None and not v.accepted for v in verdicts) or any(children)
        if bad and group.accept_if_any:
            return all(v is not None and v is not Verdict.AC for v in verdicts) and all(children)
        return bad

    def _ends(self, group: Group, tests: list[TestCase]) -> bool:
        known = (self.verdicts(test) for test in tests)
        return not self.keep_going and any(v is not None and ends_group(group, v) for v in known)


def ordered(group: Group, kills: Mapping[str, int]) -> list[TestCase]:
    """Return a group's tests, those that killed most first where its order decides nothing."""
    if not group.stop_on_failure:
        return list(group.tests)
    return sorted(group.tests, key=lambda test: -kills.get(test.test_id, 0))
