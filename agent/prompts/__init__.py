"""Templates of prompts, one text file each, and how they are filled in."""

from medalist.agent.prompts.render import PromptParts, portfolio, render

__all__ = ["PromptParts", "portfolio", "render"]
