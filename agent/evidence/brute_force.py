"""Expected outputs by the agreement of programs that are slow but simple."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from medalist.agent.types import Behaviour, OutcomeKey, Program

BRUTE_PROMPT = "brute"
"""The prompt of the portfolio that begins with the simplest program that is surely right."""

SIMPLEST_PROMPT = "simplest"
"""The prompt that asks for such a program and for no other."""


_AGREEING = 2  # oracles that give an output before it is claimed to be right


def recognised(programs: Collection[Program], prompt_of: Mapping[str, str]) -> list[str]:
    """Return the programs that were asked for as brute force.

    Args:
        programs: All programs.
        prompt_of: Candidate id to the prompt that asked for it.
    """
    return [
        program.program_id
        for program in programs
        if any(
            prompt_of.get(name) in (BRUTE_PROMPT, SIMPLEST_PROMPT) for name in program.candidates
        )
    ]


def asked_for(candidate_id: str) -> bool:
    """Whether a candidate of this id answers a prompt for brute force."""
    return candidate_id.split("/")[1:2] in ([BRUTE_PROMPT], [SIMPLEST_PROMPT])


def expected_outputs(
    behaviours: Mapping[str, Behaviour], oracles: Collection[str]
) -> dict[int, OutcomeKey]:
    """Return for each input the output that the oracles agree on.

    Oracles that failed on an input (they are slow) have no say there. An output counts if at
    least two oracles give it and no more than a third as many give another.
    """
    rows = [behaviours[name].keys for name in oracles if name in behaviours]
    expected: dict[int, OutcomeKey] = {}
    for index, column in enumerate(zip(*rows, strict=True)):
        counts = Counter(key for key in column if key is not None and key.is_output)
        if not counts:
            continue
        key, most = counts.most_common(1)[0]
        others = sum(counts.values()) - most
        if most >= _AGREEING and others * 3 <= most:
            expected[index] = key
    return expected
