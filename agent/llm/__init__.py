"""One client for every OpenAI-compatible endpoint, the embedded model, and recorded runs."""

from medalist.agent.llm.estimate import Estimate, estimate
from medalist.agent.llm.lease import CoreLease
from medalist.agent.llm.open import Terms, is_embedded, open_model, terms
from medalist.agent.llm.types import Budget, Completion, Message, Model, Request, Spent

__all__ = [
    "Budget",
    "Completion",
    "CoreLease",
    "Estimate",
    "Message",
    "Model",
    "Request",
    "Spent",
    "Terms",
    "estimate",
    "is_embedded",
    "open_model",
    "terms",
]
