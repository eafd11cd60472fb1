"""One client for every OpenAI-compatible endpoint, the embedded model, and recorded runs."""

from medalist.agent.llm.contract import (
    Budget,
    Completion,
    Message,
    Model,
    ModelTraits,
    PromptForm,
    Request,
    Spent,
)
from medalist.agent.llm.estimate import CostEstimate, estimate
from medalist.agent.llm.lease import CoreLease
from medalist.agent.llm.open import ModelTerms, open_model, terms, traits_of

__all__ = [
    "Budget",
    "Completion",
    "CoreLease",
    "CostEstimate",
    "Message",
    "Model",
    "ModelTerms",
    "ModelTraits",
    "PromptForm",
    "Request",
    "Spent",
    "estimate",
    "open_model",
    "terms",
    "traits_of",
]
