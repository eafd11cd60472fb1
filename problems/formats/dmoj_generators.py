"""Tests that a DMOJ package's generator makes: read here, run when they are judged."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace

from medalist.problems.formats.build import unread
from medalist.problems.formats.dmoj_config import Config
from medalist.problems.formats.dmoj_programs import (
    NamedSource,
    helper_limits_of,
    source_program,
    with_memory,
)
from medalist.problems.formats.fields import Fields
from medalist.problems.formats.tree import PackageTree
from medalist.problems.helper import Helper
from medalist.problems.secret import Blob, GeneratedTest, TestCase

_CPU_S = 20.0
_MEMORY_MB = 512


@dataclass
class Generators:
    """Reads the generators of cases; equal ones are one, so that each is compiled once."""

    tree: PackageTree
    warnings: list[str]
    _known: dict[str, tuple[Helper, tuple[str, ...]]] = field(default_factory=dict)

    def test(self, case: Config, test: TestCase, stdin: Blob | None) -> TestCase:
        """Return a test with what its generator makes, if it has one.

        Args:
            case: The case.
            test: The test as its files are.
            stdin: The content of `generator_in`.

        Raises:
            BadInput: Both an input file and arguments for a generator.
        """
        args = _words(case.owner("generator_args"), "generator_args")
        if not case.has("generator"):
            if args or stdin is not None:
                raise case.fields.bad("generator", "is missing, but there are arguments for it")
            return test
        has_input, has_answer = bool(case.text("in")), bool(case.text("out"))
        if has_input and (args or stdin is not None):
            raise case.fields.bad(
                "in", "the input is a file, and a generator is to make it as well"
            )
        if has_input and has_answer:
            return test
        program, usual = self._program(case)
        made = GeneratedTest(program, args or usual, stdin, not has_input, not has_answer)
        blob = unread(self.tree.where(program.name))
        return replace(
            test,
            input=test.input if has_input else blob,
            answer=test.answer if has_answer else blob,
            made=made,
        )

    def _program(self, case: Config) -> tuple[Helper, tuple[str, ...]]:
        level = case.owner("generator")
        value = level.get("generator")
        key = f"{level.prefix}:{json.dumps(value, sort_keys=True, default=str)}"
        if key not in self._known:
            self._known[key] = self._read(level, value)
        return self._known[key]

    def _read(self, level: Fields, value: object) -> tuple[Helper, tuple[str, ...]]:
        if not isinstance(value, dict):
            names = level.texts("generator") or ()
            helper = source_program(self.tree, level, NamedSource(names), "generator")
            return with_memory(replace(helper, cpu_s=_CPU_S), _MEMORY_MB), ()
        fields = level.map("generator")
        named = NamedSource(
            fields.texts("source") or (), fields.text("language"), fields.texts("flags") or ()
        )
        helper = source_program(self.tree, fields, named, "generator")
        usual = _words(fields, "args")
        stated = helper_limits_of(fields)
        fields.asked.add("compiler_time_limit")
        self.warnings += fields.unknown()
        helper = replace(helper, cpu_s=stated[0] or _CPU_S)
        return with_memory(helper, stated[1] or _MEMORY_MB), usual


def _words(fields: Fields, key: str) -> tuple[str, ...]:
    """Return arguments as Python writes them (`false` is `False`), which is what DMOJ passes."""
    value = fields.get(key)
    items = value if isinstance(value, list) else [] if value is None else [value]
    words = tuple(map(str, items))
    if any("\0" in word for word in words):
        raise fields.bad(key, "holds a NUL character")
    return words
