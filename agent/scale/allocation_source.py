"""What an allocation is fitted on: recorded samples with verdicts, of runs and of pools.

A run says how it asked (model, search, prompts, effort ...) and what each answer cost. A pool of
evidence says neither: its samples cost the same, and its strategy is known by its name alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from pydantic import JsonValue

from medalist.agent.choose.allocation import STRATEGY_OPTIONS, Setting
from medalist.agent.choose.recorded_choice import RecordedChoice, choices
from medalist.agent.choose.recorded_pool import Recorded, read_pool
from medalist.agent.journal import Journal
from medalist.agent.journal.plans import (
    BATCH,
    BATCH_PLAN,
    SOLVE,
    SOLVE_PLAN,
)
from medalist.agent.llm.call_records import DONE
from medalist.agent.llm.embedded.model_files import WEIGHTS
from medalist.agent.propose.candidate_file import CANDIDATE
from medalist.agent.scale.allocation_plays import AllocationProblem
from medalist.agent.scale.scale_source import UNITS, rules_of_pool, split_name
from medalist.errors import BadInput


@dataclass(frozen=True)
class SourceOfStrategy:
    """One run or pool.

    Attributes:
        file: Its name.
        digest: Of its problems, programs and verdicts.
        recorded_on: The day on which a run began (ISO 8601); empty for a pool.
        unknown: How many of its programs have no verdict: they count as wrong.
    """

    file: str
    digest: str
    recorded_on: str
    unknown: int


@dataclass(frozen=True)
class RecordedStrategy:
    """A way to sample, with what was recorded of it.

    Attributes:
        name: Its name.
        settings: Options that ask so; empty where that is not known.
        problems: The problems that it was tried on.
        units: In each unit that is known, what each sample of each problem cost.
        sources: Where they are from.
        weight: What a unit of this strategy costs against one of the others.
    """

    name: str
    settings: Mapping[str, Setting]
    problems: tuple[AllocationProblem, ...]
    units: Mapping[str, tuple[tuple[float, ...], ...]]
    sources: tuple[SourceOfStrategy, ...]
    weight: float = 1.0

    def priced(self, unit: str) -> tuple[AllocationProblem, ...]:
        """Return the problems with the costs of their samples in a unit."""
        return tuple(
            replace(problem, costs=tuple(self.weight * cost for cost in costs))
            for problem, costs in zip(self.problems, self.units[unit], strict=True)
        )

    def mean_cost(self, unit: str) -> float:
        """Return what a sample costs on average."""
        rows = self.units[unit]
        return self.weight * sum(map(sum, rows)) / max(1, sum(map(len, rows)))


def read_recorded(
    sources: Sequence[str], samples: int | None, costs: Mapping[str, float]
) -> list[RecordedStrategy]:
    """Read runs and pools; those of one name, and runs that asked alike, are one strategy.

    Args:
        sources: Paths, `NAME=` before them where the file's name does not do.
        samples: How many samples each problem of a pool had; None: as many as it holds.
        costs: What a unit of a strategy of this name costs against one of the others.

    Raises:
        BadInput: A source cannot be read, or holds no sample with a verdict.
    """
    known: dict[str, RecordedStrategy] = {}
    for source in sources:
        given, path = split_name(source)
        one = _of_run(path) if path.is_dir() else _of_pool(path, samples)
        alike = (each.name for each in known.values() if one.settings and not given
                 and each.settings == one.settings)  # fmt: skip
        name = given or next(alike, None) or path.name.split(".")[0] or path.resolve().name
        one = replace(one, name=name)
        known[name] = one if name not in known else _joined(known[name], one, path)
    for name, cost in costs.items():
        if name not in known:
            raise BadInput(f"no strategy is called {name!r}", field="--cost",
                           hint=f"there are {', '.join(known)}")  # fmt: skip
        known[name] = replace(known[name], weight=cost)
    return list(known.values())


def common_unit(strategies: Sequence[RecordedStrategy], asked: str | None) -> str:
    """Return the unit to count in: the one that is asked for, else dollars, tokens or samples.

    Raises:
        BadInput: A strategy does not know the cost of its samples in that unit.
    """
    known = [unit for unit in UNITS if all(unit in strategy.units for strategy in strategies)]
    if asked is None:
        return "tokens" if "tokens" in known else "samples"
    if asked not in known:
        lacking = ", ".join(strategy.name for strategy in strategies if asked not in strategy.units)
        raise BadInput(
            f"not known of {lacking}", field=f"--unit {asked}", hint=f"known: {', '.join(known)}"
        )
    return asked


def _joined(one: RecordedStrategy, more: RecordedStrategy, path: Path) -> RecordedStrategy:
    if one.settings != more.settings:
        differ = [
            key
            for key in {**one.settings, **more.settings}
            if one.settings.get(key) != more.settings.get(key)
        ]
        raise BadInput(
            f"asked with another {differ[0]} than the others of {one.name}",
            file=path,
            hint="give it another NAME=",
        )
    units = {unit: one.units[unit] + more.units[unit] for unit in one.units if unit in more.units}
    return replace(
        one,
        problems=one.problems + more.problems,
        units=units,
        sources=one.sources + more.sources,
    )


def _of_pool(path: Path, samples: int | None) -> RecordedStrategy:
    problems = tuple(_of_row(recorded, samples, path) for recorded in read_pool(path))
    problems = tuple(problem for problem in problems if problem.order)
    if not problems:
        raise BadInput("holds no sample", file=path)
    units = {"samples": tuple(problem.costs for problem in problems)}
    tokens = tuple(_answer_tokens(problem) for problem in problems)
    if all(map(all, tokens)):
        units["tokens"] = tokens
    source = SourceOfStrategy(path.name, _digest(problems), "", 0)
    return RecordedStrategy("", {}, problems, units, (source,))


def _answer_tokens(one: AllocationProblem) -> tuple[float, ...]:
    """Return how long the answers of a pool were, 0 where that is not known.

    Of those that left no program, the mean.
    """
    view = one.recorded.view
    known = {
        name: view.answers[program.program_id].tokens
        for program in view.programs
        if program.program_id in view.answers
        for name in program.candidates
    }
    mean = sum(known.values()) / max(1, len(known))
    return tuple(mean if name is None else known.get(name, 0.0) for name in one.order)


def _of_row(one: Recorded, samples: int | None, path: Path) -> AllocationProblem:
    names: list[str | None] = [name for each in one.view.programs for name in each.candidates]
    if samples is not None:
        if samples < len(names):
            raise BadInput(
                f"{one.problem_id} has {len(names)} samples, more than {samples}",
                file=path,
                field="--samples",
            )
        names += [None] * (samples - len(names))
    return AllocationProblem(
        one.problem_id, one, rules_of_pool(one, None), tuple(names), (1.0,) * len(names)
    )


def _of_run(path: Path) -> RecordedStrategy:
    with Journal.open(path, readonly=True) as journal:
        settings = _planned(journal)
        chosen = {choice.problem_id: choice for choice in choices(journal)}
        names = _candidates(journal)
        spent = _spent(journal)
        began = next((event.at for event in journal.raw_events()), 0.0)
        kept = [(one, names.get(name, [])) for name, one in chosen.items() if one.labels]
        problems = tuple(_of_choice(one, order, settings) for one, order in kept if order)
    if not problems:
        raise BadInput(
            "holds no sample with a verdict",
            file=path,
            hint="`medalist regret RUN --problem PACKAGE` judges those of a run",
        )
    units: dict[str, tuple[tuple[float, ...], ...]] = {}
    for place, unit in enumerate(UNITS[1:]):
        rows = tuple(
            tuple(spent.get(str(name), (0.0, 0.0, 0.0))[place] for name in problem.order)
            for problem in problems
        )
        if any(map(sum, rows)):
            units[unit] = rows
    units["samples"] = tuple(problem.costs for problem in problems)
    if settings.get("allocate"):
        raise BadInput(
            "was asked by an allocation: how many samples it has depends on what came", file=path
        )
    options = _options(settings)
    unknown = sum(
        program.program_id not in one.labels for one, _ in kept for program in one.view.programs
    )
    day = datetime.fromtimestamp(began, UTC).date().isoformat()
    source = SourceOfStrategy(path.resolve().name, _digest(problems), day, unknown)
    return RecordedStrategy("", options, problems, units, (source,))


def _options(settings: Mapping[str, JsonValue]) -> dict[str, Setting]:
    """Return the options that ask as a run did; a width only where there are rounds."""
    options: dict[str, Setting] = {}
    for name, option in STRATEGY_OPTIONS.items():
        value = settings.get(name)
        if isinstance(value, list) and value:
            options[option] = [str(item) for item in value]
        elif isinstance(value, str | int | float) and value:
            options[option] = value
    if options.get("search") == "once":
        options.pop("width", None)
    return options


def _of_choice(
    one: RecordedChoice, order: Sequence[str], settings: Mapping[str, JsonValue]
) -> AllocationProblem:
    return AllocationProblem(
        one.problem_id,
        one.replayable(),
        one.rules,
        tuple(order),
        (1.0,) * len(order),
        in_order=settings.get("search", "once") != "once" or bool(one.view.lineage),
    )


def _planned(journal: Journal) -> dict[str, JsonValue]:
    """Return the settings of a run, its model as `--model` calls it."""
    batch, alone = journal.get(BATCH_PLAN, BATCH), journal.get(SOLVE_PLAN, SOLVE)
    if batch is not None:
        model, settings = batch.model, batch.settings.given()
    elif alone is not None:
        model, settings = alone.model, alone.given()
    else:
        return {}
    sizes = {one.name: f"embedded:{size}" for size, one in WEIGHTS.items()}
    settings["model"] = None if model is None else sizes.get(model, model)
    return settings


def _candidates(journal: Journal) -> dict[str, list[str]]:
    """Return the names of the candidates of each problem, in the order in which they came."""
    order: dict[str, dict[str, None]] = {}
    for entry in journal.events(CANDIDATE):
        order.setdefault(entry.value.problem, {})[entry.key] = None
    return {problem: list(names) for problem, names in order.items()}


def _spent(journal: Journal) -> dict[str, tuple[float, float, float]]:
    """Return tokens, dollars and seconds of each answer, with its further turns."""
    totals: dict[str, tuple[float, float, float]] = {}
    for entry in journal.events(DONE):
        answer, name = entry.value, entry.key.partition(">tool/")[0]
        tokens = (answer.usage.prompt_tokens or 0) + (answer.usage.completion_tokens or 0)
        before = totals.get(name, (0.0, 0.0, 0.0))
        now = (float(tokens), answer.cost_usd or 0.0, answer.latency_s)
        totals[name] = (before[0] + now[0], before[1] + now[1], before[2] + now[2])
    return totals


def _digest(problems: Sequence[AllocationProblem]) -> str:
    """Return a hash of the problems, their samples, and which of these are right."""
    import hashlib

    rows = sorted(
        (problem.problem_id, name, problem.recorded.truth[program.program_id].solved)
        for problem in problems
        for program in problem.recorded.view.programs
        for name in program.candidates
    )
    return hashlib.sha256(repr(rows).encode("utf-8", "surrogatepass")).hexdigest()
