"""The inputs on which programs are compared: from the statement's grammar and from the samples."""

from __future__ import annotations

from collections.abc import Sequence

from medalist.agent.evidence.generate import grammar_inputs, largest_inputs
from medalist.agent.evidence.grammar import read_grammar, subtasks_kept
from medalist.agent.evidence.mutate import sample_inputs
from medalist.agent.evidence.origin import EvidenceInput, Origin
from medalist.agent.evidence.relations import Relation, find_relations
from medalist.problems.model import Constraint, PublicProblem

Bounds = tuple[tuple[Constraint, ...], tuple[Relation, ...]]

_GRAMMAR = Origin("grammar", 0.9)
_LARGE = Origin("large", 0.85)
_MUTANT, _BLIND = 0.85, 0.4  # trust in a changed sample that fits the grammar, or where none is


def evidence_inputs(public: PublicProblem, count: int, seed: int) -> list[bytes]:
    """Return the contents of `made_inputs`."""
    return [one.content for one in made_inputs(public, count, seed)]


def large_inputs(public: PublicProblem, count: int, seed: int) -> list[bytes]:
    """Return the contents of `made_large`."""
    return [one.content for one in made_large(public, count, seed)]


def made_inputs(public: PublicProblem, count: int, seed: int) -> list[EvidenceInput]:
    """Return up to `count` distinct inputs, small ones first; samples are not among them.

    Where the statement gives a grammar, three quarters come from it and the rest from mutating
    samples, else all from mutating; with subtasks that bound named values, the grammar's share is
    spread over their bounds; where mutation finds few, the grammar gives more.
    Inputs that break bounds or relations of the statement are left out. The same problem, count
    and seed give the same inputs.
    """
    grammar = read_grammar(public)
    samples = {sample.input.encode().strip() for sample in public.samples}
    found: dict[bytes, Origin] = {}
    if grammar is not None:
        bounds = _bounds(public)
        share = max(1, (count - count // 4) // len(bounds))
        for number, (constraints, relations) in enumerate(bounds):
            made = grammar_inputs(
                grammar, share, seed + number, constraints=constraints, relations=relations
            )
            found.update(dict.fromkeys(made, _GRAMMAR))
    for content in sample_inputs(public, count, seed):
        if len(found) >= count:
            break
        if grammar is None or grammar.allowed(content):
            found.setdefault(content, Origin("mutation", _MUTANT if grammar else _BLIND))
    if grammar is not None and len(found) < count:
        for content in grammar_inputs(grammar, count, seed - 1):
            found.setdefault(content, _GRAMMAR)
    chosen = [content for content in found if content.strip() not in samples][:count]
    chosen.sort(key=lambda content: (len(content), content))
    return [EvidenceInput(content, found[content]) for content in chosen]


def made_large(public: PublicProblem, count: int, seed: int) -> list[EvidenceInput]:
    """Return about `count` inputs at the bounds of the statement and of each subtask.

    They show which programs are slow, and where. There are none if the statement gives no grammar,
    and at least one for each subtask that has bounds if `count` is not 0.
    """
    grammar = read_grammar(public)
    if grammar is None or count < 1:
        return []
    bounds = _bounds(public)
    share = max(1, count // len(bounds))
    rest = max(0, count - share * len(bounds))
    found: dict[bytes, None] = {}
    for number, (constraints, relations) in enumerate(bounds):
        made = largest_inputs(
            grammar,
            share if number else share + rest,
            seed + number,
            constraints=constraints,
            relations=relations,
        )
        found.update(dict.fromkeys(made))
    chosen = sorted(found, key=lambda content: (len(content), content))
    return [EvidenceInput(content, _LARGE) for content in chosen]


def _bounds(public: PublicProblem) -> list[Bounds]:
    """The statement's own bounds, and those of each subtask that has some."""
    found: list[Bounds] = [((), ())]
    for one in public.subtasks:
        relations = find_relations(one.text)
        if one.constraints or relations:
            found.append((one.constraints, relations))
    return found


def input_subtasks(public: PublicProblem, inputs: Sequence[bytes]) -> tuple[frozenset[str], ...]:
    """Return for each input the subtasks whose bounds it keeps; nothing where there are none."""
    if not public.subtasks:
        return ()
    grammar = read_grammar(public)
    return tuple(subtasks_kept(grammar, content, public.subtasks) for content in inputs)
