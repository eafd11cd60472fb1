"""From completions to distinct programs: sample, extract, merge, repair."""

from medalist.agent.propose.extract import Extraction, Found, extract
from medalist.agent.propose.identity import merge, program_id
from medalist.agent.propose.sample import Arm, Sampler, arms, evenly

__all__ = [
    "Arm",
    "Extraction",
    "Found",
    "Sampler",
    "arms",
    "evenly",
    "extract",
    "merge",
    "program_id",
]
