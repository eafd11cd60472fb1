"""The format of a problem's inputs, read from its statement and samples together.

The samples give the shape (`layouts.py`); what the statement says of each line gives names
(`naming.py`), bounds and alphabets (`values.py`), and both together what holds between values
(`promises.py`). No model is asked. Where the samples fit no shape there is no grammar, and
mutation of samples (`mutate.py`) must do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from medalist.agent.evidence.columns import InputColumn, columns
from medalist.agent.evidence.input_rules import Rule
from medalist.agent.evidence.input_values import Values
from medalist.agent.evidence.kinds import ValueKind
from medalist.agent.evidence.layouts import layouts
from medalist.agent.evidence.naming import named
from medalist.agent.evidence.promises import Promises, unread
from medalist.agent.evidence.relations import find_relations, keep, plain
from medalist.agent.evidence.sections import said
from medalist.agent.evidence.shape import Record, Shape, read
from medalist.problems.model import Constraint, PublicProblem, Subtask


@dataclass(frozen=True)
class Grammar:
    """A shape, what each named value may be, and the rules that hold between values.

    Attributes:
        shape: Lines, lists and loops.
        kinds: Name to what its tokens may be.
        rules: What every input keeps.
        sure: Whether the statement's text fits the shape well; otherwise names may be wrong.
        unread: What the statement promises of its input in words that could not be read.
    """

    shape: Shape
    kinds: Mapping[str, ValueKind]
    rules: tuple[Rule, ...]
    sure: bool = True
    unread: tuple[str, ...] = ()

    @property
    def guessed(self) -> tuple[str, ...]:
        """The names of values with a bound that was not read."""
        return tuple(name for name, kind in self.kinds.items() if kind.guessed)

    def read(self, content: bytes) -> Record | None:
        """Read an input; None if it has not the shape."""
        return read(self.shape, content.decode("utf-8", "replace"))

    def columns(self, content: bytes) -> dict[str, InputColumn] | None:
        """Return every name's tokens; None if the input has not the shape."""
        record = self.read(content)
        return None if record is None else columns(self.shape, record)

    def allowed(self, content: bytes) -> bool:
        """Whether an input fits, and breaks no bound or rule."""
        by_name = self.columns(content)
        return by_name is not None and self.keeps(by_name)

    def keeps(self, by_name: Mapping[str, InputColumn]) -> bool:
        """Whether columns keep all bounds and rules."""
        return all(self.kinds[name].allows_all(column) for name, column in by_name.items()) and all(
            rule.keeps(by_name) for rule in self.rules
        )

    def variables(self, content: bytes) -> dict[str, tuple[int, ...]] | None:
        """Return every named integer of an input with the values it takes; None if it does not
        fit the grammar."""
        by_name = self.columns(content)
        if by_name is None:
            return None
        values = {}
        for name, column in by_name.items():
            if self.kinds[name].numeric:
                numbers = column.numbers()
                if numbers is None:
                    return None
                values[name] = tuple(numbers)
        return values

    def within(self, content: bytes, constraints: Iterable[Constraint]) -> bool | None:
        """Whether an input keeps bounds on named values; None if that cannot be told."""
        by_name = self.variables(content)
        if by_name is None:
            return None
        for constraint in constraints:
            values = by_name.get(plain(constraint.name))
            if values is None:
                return None
            low = constraint.low if constraint.low is not None else float("-inf")
            high = constraint.high if constraint.high is not None else float("inf")
            if not all(low <= value <= high for value in values):
                return False
        return True

    def beyond(self, by_name: Mapping[str, InputColumn]) -> tuple[str, ...]:
        """The names whose values go beyond what the samples show, under guessed bounds."""
        names = []
        for name in self.guessed:
            kind, column = self.kinds[name], by_name.get(name)
            if column is None:
                continue
            sizes = (
                [len(token) for token in column.tokens]
                if kind.what == "word"
                else column.numbers() or []
            )
            if any(not kind.seen_low <= size <= kind.seen_high for size in sizes):
                names.append(name)
        return tuple(names)


def read_grammar(public: PublicProblem) -> Grammar | None:
    """Return the grammar that all samples fit, or None."""
    # Statements are long and this is asked often: by the statement and samples, not the object.
    return _read(public.model_dump_json(include={"problem_id", "statements", "samples"}))


@lru_cache(maxsize=64)
def _read(dumped: str) -> Grammar | None:
    public = PublicProblem.model_validate_json(dumped)
    texts = [sample.input for sample in public.samples if sample.input.strip()]
    if not texts or len(texts) < len(public.samples):
        return None
    about = said(public)
    chosen = named(layouts(texts), about, texts)
    if chosen is None:
        return None
    records = [read(chosen.shape, text) for text in texts]
    by_record = [columns(chosen.shape, record) for record in records if record is not None]
    values = Values(about, chosen, by_record)
    kinds = values.kinds()
    rules = Promises(values, kinds).rules()
    kinds = values.settled(kinds, rules)
    return Grammar(chosen.shape, kinds, rules, chosen.score > 2, unread(about))


def subtasks_kept(
    grammar: Grammar | None, content: bytes, subtasks: Sequence[Subtask]
) -> frozenset[str]:
    """Return the subtasks whose bounds an input is known to keep.

    A subtask with a promise that is not a bound on a named value is left out, unless its
    text promises nothing at all.
    """
    kept = set()
    for subtask in subtasks:
        relations = find_relations(subtask.text)
        if not subtask.constraints and not relations:
            if (
                re.search(r"no (additional|further)|none|inga|无", subtask.text, re.I)
                or not subtask.text
            ):
                kept.add(subtask.subtask_id)
        elif (
            grammar is not None
            and grammar.within(content, subtask.constraints)
            and keep(grammar.variables(content) or {}, relations)
        ):
            kept.add(subtask.subtask_id)
    return frozenset(kept)
