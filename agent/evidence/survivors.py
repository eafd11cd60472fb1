"""Which of thousands of programs are worth running on every input."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from medalist.agent.types import Behaviour, OutcomeKey

_OF_EACH = 5


def survivors(behaviours: Sequence[Behaviour], most: int) -> list[str]:
    """Return the ids of at most `most` programs, in the order given.

    Half of the places go to classes of equal behaviour, the largest first, up to five to each: so
    no class that several programs share is lost. The rest go to programs in the order given, which
    must be unrelated to what they do, so that large classes stay large.

    Args:
        behaviours: What the programs did on a few inputs, each program once.
        most: How many programs may be run on all inputs.
    """
    if len(behaviours) <= most:
        return [behaviour.program_id for behaviour in behaviours]
    classes: defaultdict[tuple[OutcomeKey | None, ...], list[str]] = defaultdict(list)
    for behaviour in behaviours:
        classes[behaviour.keys].append(behaviour.program_id)
    # A stable sort: of equally large classes the one that came first.
    largest = sorted(classes.values(), key=len, reverse=True)
    chosen = [name for members in largest for name in members[:_OF_EACH]][: most // 2]
    kept = set(chosen)
    for behaviour in behaviours:
        if len(kept) == most:
            break
        kept.add(behaviour.program_id)
    return [behaviour.program_id for behaviour in behaviours if behaviour.program_id in kept]
