"""From completions to distinct programs: sample, extract, merge, repair."""

from medalist.agent.extract.answer import Extracted, Extraction, extract
from medalist.agent.extract.identity import merge, program_id
from medalist.agent.propose.sample import Arm, Sampler, arms, evenly

__all__ = [
    "Arm",
    "Extracted",
    "Extraction",
    "Sampler",
    "arms",
    "evenly",
    "extract",
    "merge",
    "program_id",
]
