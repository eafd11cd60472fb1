"""The inputs on which programs are compared: from the statement's grammar and from the samples."""

from __future__ import annotations

from collections.abc import Sequence

from medalist.agent.evidence.grammar import grammar_inputs, read_grammar, subtasks_kept
from medalist.agent.evidence.mutate import sample_inputs
from medalist.problems.model import PublicProblem


def evidence_inputs(public: PublicProblem, count: int, seed: int) -> list[bytes]:
    """Return up to `count` distinct inputs, small ones first; samples are not among them.

    Half comes from mutating the samples, half from the grammar, where the statement gives one;
    with subtasks that bound named values, the grammar's share is spread over their bounds. The
    same problem, count and seed give the same inputs.
    """
    grammar = read_grammar(public)
    samples = {sample.input.encode().strip() for sample in public.samples}
    found: dict[bytes, None] = {}
    if grammar is not None:
        bounds = [(), *(one.constraints for one in public.subtasks if one.constraints)]
        share = max(1, (count - count // 2) // len(bounds))
        for number, constraints in enumerate(bounds):
            made = grammar_inputs(grammar, share, seed + number, constraints=constraints)
            found.update(dict.fromkeys(made))
    for content in sample_inputs(public, count, seed):
        if len(found) >= count:
            break
        found.setdefault(content, None)
    chosen = [content for content in found if content.strip() not in samples][:count]
    return sorted(chosen, key=lambda content: (len(content), content))


def input_subtasks(public: PublicProblem, inputs: Sequence[bytes]) -> tuple[frozenset[str], ...]:
    """Return for each input the subtasks whose bounds it keeps; nothing where there are none."""
    if not public.subtasks:
        return ()
    grammar = read_grammar(public)
    return tuple(subtasks_kept(grammar, content, public.subtasks) for content in inputs)
