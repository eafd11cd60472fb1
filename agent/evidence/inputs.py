"""The inputs on which programs are compared: from the statement's grammar and from the samples."""

from __future__ import annotations

from collections.abc import Sequence

from medalist.agent.evidence.generate import drawn_inputs, drawn_largest
from medalist.agent.evidence.grammar import Grammar, read_grammar, subtasks_kept
from medalist.agent.evidence.input_mutations import sample_inputs
from medalist.agent.evidence.origin import EvidenceInput, How, Origin
from medalist.agent.evidence.relations import Relation, find_relations
from medalist.problems.model import Constraint, PublicProblem

Bounds = tuple[tuple[Constraint, ...], tuple[Relation, ...]]

_READ = 0.95  # trust where every bound was read
_UNSURE = 0.8  # where the text does not say of each line what stands in it
_WITHIN = 0.85  # where a bound was guessed, but the input stays within what the samples show
_BEYOND = 0.5  # where it goes beyond
_PROMISED = 0.6  # where the statement promises what could not be read: samples keep it
_BLIND = 0.4  # a changed sample of a format that could not be read
_MORE = 3  # mutants looked at for each that is wanted


def evidence_inputs(public: PublicProblem, count: int, seed: int) -> list[bytes]:
    """Return the contents of `made_inputs`."""
    return [one.content for one in made_inputs(public, count, seed)]


def large_inputs(public: PublicProblem, count: int, seed: int) -> list[bytes]:
    """Return the contents of `made_large`."""
    return [one.content for one in made_large(public, count, seed)]


def made_inputs(public: PublicProblem, count: int, seed: int) -> list[EvidenceInput]:
    """Return up to `count` distinct inputs, small ones first; samples are not among them.

    Where the statement gives a grammar, three quarters come from it (half, if it promises what
    could not be read) and the rest from mutating samples, else all from mutating; with subtasks
    that bound named values, the grammar's share is spread over their bounds; where mutation finds
    few, the grammar gives more. A mutant that does not fit the grammar, or breaks a bound or rule,
    is left out. The same problem, count and seed give the same inputs.
    """
    grammar = read_grammar(public)
    samples = {sample.input.encode().strip() for sample in public.samples}
    found: dict[bytes, Origin] = {}
    if grammar is not None:
        bounds = _bounds(public)
        # Changed samples keep more of what could not be read than what is drawn anew.
        others = count // 2 if grammar.unread else count // 4
        share = max(1, (count - others) // len(bounds))
        for number, (constraints, relations) in enumerate(bounds):
            made = drawn_inputs(
                grammar, share, seed + number, constraints=constraints, relations=relations
            )
            for content, beyond in made.items():
                if content.strip() not in samples:
                    found[content] = _origin(grammar, beyond, "grammar")
    for content, origin in _mutants(public, grammar, count, count - len(found), seed).items():
        found.setdefault(content, origin)
    if grammar is not None and len(found) < count:
        for content, beyond in drawn_inputs(grammar, count + len(samples), seed - 1).items():
            if content.strip() not in samples:
                found.setdefault(content, _origin(grammar, beyond, "grammar"))
    chosen = [content for content in found if content.strip() not in samples][:count]
    chosen.sort(key=lambda content: (len(content), content))
    return [EvidenceInput(content, found[content]) for content in chosen]


def _mutants(
    public: PublicProblem, grammar: Grammar | None, count: int, wanted: int, seed: int
) -> dict[bytes, Origin]:
    """Changed samples that the grammar allows, short and long ones."""
    if grammar is None:
        made = sample_inputs(public, count, seed)
        return dict.fromkeys(made[: max(0, wanted)], Origin("mutation", _BLIND))
    found: dict[bytes, Origin] = {}
    for content in sample_inputs(public, _MORE * count, seed):
        values = grammar.columns(content)
        if values is not None and grammar.keeps(values):
            found[content] = _origin(grammar, grammar.beyond(values), "mutation")
    step = max(1.0, len(found) / max(1, wanted))
    places = {int(place * step) for place in range(max(0, wanted))}
    return {one: origin for place, (one, origin) in enumerate(found.items()) if place in places}


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
    found: dict[bytes, Origin] = {}
    for number, (constraints, relations) in enumerate(bounds):
        made = drawn_largest(
            grammar,
            share if number else share + rest,
            seed + number,
            constraints=constraints,
            relations=relations,
        )
        for content, beyond in made.items():
            found[content] = _origin(grammar, beyond, "large")
    chosen = sorted(found, key=lambda content: (len(content), content))
    return [EvidenceInput(content, found[content]) for content in chosen]


def _origin(grammar: Grammar, beyond: tuple[str, ...], how: How) -> Origin:
    """How far an input is trusted, by what it rests on."""
    if beyond:
        return Origin(how, _BEYOND, beyond)
    trust = _WITHIN if grammar.guessed else _READ
    trust = trust if grammar.sure else min(trust, _UNSURE)
    return Origin(how, min(trust, _PROMISED) if grammar.unread and how != "mutation" else trust)


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
