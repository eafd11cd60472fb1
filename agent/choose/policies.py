"""All policies by name, and policies that users bring as one file."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path

from medalist.agent.choose.baselines import InOrder, LargestCluster, RandomOrder
from medalist.agent.choose.belief import BeliefWeights
from medalist.agent.choose.consensus import Aces, CodeT, ConsensusOf64, MinimumBayesRisk
from medalist.agent.choose.expected_gain import ExpectedGain
from medalist.agent.choose.policy import Policy
from medalist.agent.choose.published import GenCluster, O1Ioi, SStar
from medalist.agent.choose.verifier import Verifier, is_verifier
from medalist.errors import BadInput

POLICIES: dict[str, Callable[[], Policy]] = {
    "random": RandomOrder,
    "first": InOrder,
    "largest-cluster": LargestCluster,
    "consensus-64": ConsensusOf64,
    "mbr": MinimumBayesRisk,
    "codet": CodeT,
    "aces": Aces,
    "o1-ioi-like": O1Ioi,
    "gencluster": GenCluster,
    "s-star": SStar,
    "medalist": ExpectedGain,
}


BESIDE = ".json+"
"""Stands between two files in the name of a policy: weights, and a verifier beside them."""


def _verified(weights: str | None, verifier: Path) -> Policy:
    verifier = verifier.resolve()
    name, belief = str(verifier), None
    if weights is not None:
        path = Path(f"{weights}.json").resolve()
        name, belief = f"{path}+{verifier}", BeliefWeights.load(path)
    return ExpectedGain(belief, name=name, verifier=Verifier.load(verifier))


def policy_named(name: str) -> Policy:
    """Return a policy by its name, the object `policy` of a Python file, or ours with weights.

    A Python file is code of the user and runs as such: see `docs/choosing.md` for a template. A
    JSON file holds weights, as `medalist fit` writes them, or a verifier of `medalist train
    verifier`; `WEIGHTS.json+VERIFIER.json` is both.

    Raises:
        BadInput: There is no such policy, or the file holds none.
    """
    if name in POLICIES:
        return POLICIES[name]()
    path = Path(name)
    if path.suffix == ".json":
        weights, _, verifier = name.rpartition(BESIDE)
        if weights or is_verifier(path):
            return _verified(weights or None, Path(verifier))
        return ExpectedGain(BeliefWeights.load(path), name=str(path.resolve()))
    if path.suffix != ".py":
        raise BadInput(
            f"unknown policy {name!r}", hint=f"one of {', '.join(POLICIES)}, or a .py file"
        )
    if not path.is_file():
        raise BadInput("no such file", file=path)
    spec = importlib.util.spec_from_file_location("medalist_user_policy", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        policy: Policy = module.policy
    except Exception as error:
        raise BadInput(f"{type(error).__name__}: {error}", file=path) from error
    if not hasattr(policy, "decide") or not hasattr(policy, "name"):
        raise BadInput("`policy` has no `name` or no `decide`", file=path)
    return policy
