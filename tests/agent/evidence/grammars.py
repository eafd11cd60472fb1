"""Reads grammars of statements, for tests."""

from __future__ import annotations

from medalist.agent.evidence.grammar import Grammar, read_grammar
from medalist.problems.model import PublicProblem, Sample


def read(statement: str, *samples: str) -> Grammar:
    grammar = read_grammar(
        PublicProblem(
            problem_id="p",
            statements={"en": statement},
            samples=tuple(Sample(input=text, output="") for text in samples),
        )
    )
    assert grammar is not None
    for text in samples:
        assert grammar.allowed(text.encode()), "every sample fits what was read"
    return grammar
