"""The inputs on which programs are compared: from the statement's grammar and from the samples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from medalist.agent.evidence.generate import drawn_inputs, drawn_largest
from medalist.agent.evidence.grammar import Grammar, read_grammar, subtasks_kept
from medalist.agent.evidence.input_mutations import sample_inputs
from medalist.agent.evidence.origin import EvidenceInput, How, Origin
from medalist.agent.evidence.relations import Relation, find_relations
from medalist.problems.model import Constraint, PublicProblem

Bounds = tuple[tuple[Constraint, ...], tuple[Relation, ...]]

_READ = 0.95  # trust where every bound was read
_UNSURE = 0.8  # where the text does not say of each line what is in it
_WITHIN = 0.85  # where a bound was guessed, but the input stays within what the samples show
_BEYOND = 0.5  # where it goes beyond
_PROMISED = 0.6  # where the statement promises what could not be read: samples keep it
_BLIND = 0.4  # a changed sample of a format that could not be read
_MORE = 3  # mutants looked at for each that is wanted


class InputSuite:
    """Makes the evidence inputs of one problem, whose grammar is read once.

    The same problem, seed and count give the same inputs; rounds of them have their own seeds.

    Attributes:
        public: The problem.
    """

    def __init__(self, public: PublicProblem, seed: int = 0) -> None:
        """Take a problem and the seed of the run."""
        self.public = public
        self._seed = seed
        self._samples = {sample.input.encode().strip() for sample in public.samples}

    @cached_property
    def grammar(self) -> Grammar | None:
        """What an input looks like, off statement and samples; None if they do not tell."""
        return read_grammar(self.public)

    @cached_property
    def _bounds(self) -> list[Bounds]:
        """The statement's own bounds, and those of each subtask that has some."""
        bounds: list[Bounds] = [((), ())]
        for subtask in self.public.subtasks:
            relations = find_relations(subtask.text)
            if subtask.constraints or relations:
                bounds.append((subtask.constraints, relations))
        return bounds

    def made(self, count: int, seed: int | None = None) -> list[EvidenceInput]:
        """Return up to `count` distinct inputs, small ones first; samples are not among them.

        Where the statement gives a grammar, three quarters come from it (half, if it promises what
        could not be read) and the rest from mutating samples, else all from mutating; with
        subtasks that bound named values, the grammar's share is spread over their bounds; where
        mutation finds few, the grammar gives more. A mutant that does not fit the grammar, or
        breaks a bound or rule, is left out.

        Args:
            count: How many.
            seed: Instead of the suite's, for another round.
        """
        seed = self._seed if seed is None else seed
        origins = self._drawn(count, seed)
        for content, origin in self._mutants(count, count - len(origins), seed).items():
            origins.setdefault(content, origin)
        if self.grammar is not None and len(origins) < count:
            more = drawn_inputs(self.grammar, count + len(self._samples), seed - 1)
            for content, beyond in more.items():
                if not self._is_sample(content):
                    origins.setdefault(content, _origin(self.grammar, beyond, "grammar"))
        chosen = [content for content in origins if not self._is_sample(content)][:count]
        return _sorted({content: origins[content] for content in chosen})

    def large(self, count: int) -> list[EvidenceInput]:
        """Return about `count` inputs at the bounds of the statement and of each subtask.

        They show which programs are slow, and where. There are none if the statement gives no
        grammar, and at least one for each subtask that has bounds if `count` is not 0.
        """
        if self.grammar is None or count < 1:
            return []
        share = max(1, count // len(self._bounds))
        rest = max(0, count - share * len(self._bounds))
        origins: dict[bytes, Origin] = {}
        for number, (constraints, relations) in enumerate(self._bounds):
            largest = drawn_largest(
                self.grammar,
                share if number else share + rest,
                self._seed + number,
                constraints=constraints,
                relations=relations,
            )
            for content, beyond in largest.items():
                origins[content] = _origin(self.grammar, beyond, "large")
        return _sorted(origins)

    def subtasks_of(
        self, inputs: Sequence[bytes], asked_for: Mapping[int, str] | None = None
    ) -> tuple[frozenset[str], ...]:
        """Return for each input the subtasks whose bounds it keeps; nothing without subtasks.

        Args:
            inputs: Their contents.
            asked_for: For inputs that a generator was asked to make for one subtask, which one: it
                is believed where the promises of that subtask could not be read.
        """
        subtasks = self.public.subtasks
        if not subtasks:
            return ()
        believed = {
            subtask.subtask_id
            for subtask in subtasks
            if not subtask.constraints and not find_relations(subtask.text)
        }
        kept = [subtasks_kept(self.grammar, content, subtasks) for content in inputs]
        for index, subtask_id in (asked_for or {}).items():
            if subtask_id in believed and index < len(kept):
                kept[index] |= {subtask_id}
        return tuple(kept)

    def _is_sample(self, content: bytes) -> bool:
        return content.strip() in self._samples

    def _drawn(self, count: int, seed: int) -> dict[bytes, Origin]:
        """Inputs that the grammar gives; none without one."""
        origins: dict[bytes, Origin] = {}
        if self.grammar is None:
            return origins
        # Changed samples keep more of what could not be read than what is redrawn.
        others = count // 2 if self.grammar.unread else count // 4
        share = max(1, (count - others) // len(self._bounds))
        for number, (constraints, relations) in enumerate(self._bounds):
            drawn = drawn_inputs(
                self.grammar, share, seed + number, constraints=constraints, relations=relations
            )
            for content, beyond in drawn.items():
                if not self._is_sample(content):
                    origins[content] = _origin(self.grammar, beyond, "grammar")
        return origins

    def _mutants(self, count: int, wanted: int, seed: int) -> dict[bytes, Origin]:
        """Changed samples that the grammar allows, short and long ones."""
        grammar = self.grammar
        if grammar is None:
            changed = sample_inputs(self.public, count, seed)
            return dict.fromkeys(changed[: max(0, wanted)], Origin("mutation", _BLIND))
        origins: dict[bytes, Origin] = {}
        for content in sample_inputs(self.public, _MORE * count, seed):
            values = grammar.columns(content)
            if values is not None and grammar.keeps(values):
                origins[content] = _origin(grammar, grammar.beyond(values), "mutation")
        step = max(1.0, len(origins) / max(1, wanted))
        places = {int(place * step) for place in range(max(0, wanted))}
        kept = (item for place, item in enumerate(origins.items()) if place in places)
        return dict(kept)


def contents(inputs: Iterable[EvidenceInput]) -> list[bytes]:
    """Return what is in the inputs."""
    return [each.content for each in inputs]


def _sorted(origins: Mapping[bytes, Origin]) -> list[EvidenceInput]:
    """Return inputs, small ones first."""
    small_first = sorted(origins, key=lambda content: (len(content), content))
    return [EvidenceInput(content, origins[content]) for content in small_first]


def _origin(grammar: Grammar, beyond: tuple[str, ...], how: How) -> Origin:
    """How far an input is trusted, by what it rests on."""
    if beyond:
        return Origin(how, _BEYOND, beyond)
    trust = _WITHIN if grammar.guessed else _READ
    trust = trust if grammar.sure else min(trust, _UNSURE)
    return Origin(how, min(trust, _PROMISED) if grammar.unread and how != "mutation" else trust)
