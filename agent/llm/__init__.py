"""One client for every OpenAI-compatible endpoint, the embedded model, and recorded runs."""

from medalist.agent.llm.open import is_embedded, open_model
from medalist.agent.llm.types import Budget, Completion, Message, Model, Request, Spent

__all__ = [
    "Budget",
    "Completion",
    "Message",
    "Model",
    "Request",
    "Spent",
    "is_embedded",
    "open_model",
]
