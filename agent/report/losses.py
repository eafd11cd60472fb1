"""Where the points went that the candidates of a run could have had."""

from __future__ import annotations

from medalist.agent.choose.policy_replay import everything, gains
from medalist.agent.choose.recorded_choice import RecordedChoice

CAUSES = {
    "gained": "held at the end",
    "not sampled": "no program of the run gets these points",
    "filtered out": "a program that gets them fails the samples, and was not submitted",
    "mis-clustered": "it behaves like a program that was submitted and rejected",
    "mis-ranked": "other clusters were submitted before it",
    "unspent": "it was not submitted although submissions were left",
}


def losses(choice: RecordedChoice) -> dict[str, float]:
    """Return cause (see `CAUSES`) to points; a problem is worth one point.

    The verdict on every program must be known (`choice.complete`).
    """
    held = gains(choice.history, choice.rules)
    gained = held[-1] if held else 0.0
    reachable = everything(choice.replayable(), choice.rules)
    points = {"gained": gained, "not sampled": 1.0 - reachable}
    if reachable > gained:
        points[_cause(choice)] = reachable - gained
    return points


def _cause(choice: RecordedChoice) -> str:
    """Why the best program that was not submitted was not."""
    tried = {submission.program_id for submission, _ in choice.history}

    def worth(name: str) -> float:
        held = [*choice.history, (choice.history[0][0], choice.labels[name])] if tried else []
        return gains(held, choice.rules)[-1] if held else float(choice.labels[name].solved)

    left = [
        program.program_id for program in choice.view.programs if program.program_id not in tried
    ]
    best = max(left, key=lambda name: (worth(name), choice.view.passes(name)))
    if not choice.view.passes(best):
        return "filtered out"
    home = next((cluster for cluster in choice.view.clusters if best in cluster.programs), None)
    if home is not None and tried & set(home.programs):
        return "mis-clustered"
    return "unspent" if len(choice.history) < choice.rules.submissions else "mis-ranked"
