"""One client for every OpenAI-compatible endpoint, the embedded model, and recorded runs."""

from medalist.agent.llm.contract import Budget, Completion, Message, Model, Request, Spent
from medalist.agent.llm.estimate import CostEstimate, estimate
from medalist.agent.llm.lease import CoreLease
from medalist.agent.llm.open import ModelTerms, is_embedded, open_model, terms

__all__ = [
    "Budget",
    "Completion",
    "CoreLease",
    "CostEstimate",
    "Message",
    "Model",
    "ModelTerms",
    "Request",
    "Spent",
    "estimate",
    "is_embedded",
    "open_model",
    "terms",
]
