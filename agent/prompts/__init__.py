"""Templates of prompts, one text file each, and how they are filled in."""

from medalist.agent.prompts.render import PORTFOLIO, PromptParts, render

__all__ = ["PORTFOLIO", "PromptParts", "render"]
