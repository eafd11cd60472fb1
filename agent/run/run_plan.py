"""What a run is about, and whether a directory holds that run: the journal's `plan`.

A later session of a run compares itself with the plan of the first: what decides how problems are
solved must be the same; more candidates or submissions may be asked for.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, fields
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import JsonValue

from medalist.agent.journal import EventKind, Journal
from medalist.agent.journal.plans import BatchPlan, SolvePlan
from medalist.agent.llm import ModelTraits, traits_of
from medalist.agent.llm.recorded_model import recorded_settings
from medalist.agent.llm.settings import ModelSettings
from medalist.agent.propose.search import FEEDBACK
from medalist.agent.run import words
from medalist.agent.run.options import RunOptions
from medalist.agent.run.tool_settings import TOOL_SETTINGS, tool_settings
from medalist.agent.run.usual import (
    ROUND_SUBMISSIONS,
    USUAL,
    Effort,
    usual_amounts,
    usual_effort,
    usual_rounds,
    usual_submissions,
    usual_subtask_generators,
)
from medalist.agent.steps.run_settings import RunSettings, usual_ways, without_advice
from medalist.errors import BadInput
from medalist.problems.model import ProblemLimits, PublicProblem

Plan = TypeVar("Plan", SolvePlan, BatchPlan)
Given = TypeVar("Given", bound=RunOptions)

_COUNTS = frozenset({"candidates", "most", "rounds"})
"""Settings that may grow from session to session."""


def settings_for(options: RunOptions, configured: ModelSettings) -> RunSettings:
    """Fill in what was not set: small models get short prompts, few samples and one way to ask.

    A recording is asked what it was asked.

    Args:
        options: What was given.
        configured: The user's settings of models, with the options on top.

    Raises:
        BadInput: A word of an option is unknown, or `most` is below the candidates.
    """
    traits, asked = _asked(options, configured)
    usual = usual_of(options, configured)
    languages, prompts = usual_ways(traits.prompt_form)
    search = words.searching(options.search or usual["search"], options.target)
    width = options.width or usual["width"]
    rounds, count = 0, options.candidates or usual["candidates"]
    if search == FEEDBACK:
        rounds, count = usual_rounds(
            (options.rounds, asked.get("rounds") or usual["rounds"]),
            options.last_round,
            (options.candidates, max(usual["candidates"], usual["most"])),
            width,
        )
    values = _same_names(options) | {
        "effort": _effort(options, traits, asked),
        "candidates": count,
        "languages": words.languages(options.lang) or tuple(asked.get("languages") or languages),
        "prompts": words.prompts(options.prompts) or tuple(asked.get("prompts") or prompts),
        "seed": options.seed or 0,
        "max_tokens": configured.max_tokens or asked.get("max_tokens"),
        # A recording answers the very questions that it was asked.
        "temperature": asked.get("temperature", configured.temperature),
        "top_p": asked.get("top_p", configured.top_p),
        **_drawn(configured),
        "search": search,
        "width": width,
        "rounds": rounds,
        "last_round": options.last_round or asked.get("last_round") or 0,
        "round_submissions": _round_submissions(options, asked, search),
        "allocate": allocation_digest(options),
        "review_by": "" if options.review_by in (None, "number") else options.review_by,
    }
    if options.candidates is not None or options.allocate is not None:
        usual["most"] = 0
    if values["subtask_generators"] is None:
        generators = usual["generators"] if options.generators is None else options.generators
        values["subtask_generators"] = asked.get(
            "subtask_generators", usual_subtask_generators(generators)
        )
    names = values.keys() & usual.keys()
    values |= {name: usual[name] for name in names if values[name] is None}
    values |= tool_settings(options, configured, traits, asked, str(usual["tools"] or "off"))
    settings = RunSettings(**values)
    if 0 < settings.most < settings.candidates:
        raise BadInput(
            f"{settings.most} is below the {settings.candidates} candidates that are asked for in "
            "any case",
            field="--most",
            hint="raise it, or lower -n",
        )
    return settings


def allocation_digest(options: RunOptions) -> str:
    """Return sixteen digits that differ where the allocation does; empty without one.

    Raises:
        BadInput: The file cannot be read.
    """
    if options.allocate is None:
        return ""
    try:
        return hashlib.sha256(options.allocate.read_bytes()).hexdigest()[:16]
    except OSError as error:
        raise BadInput(
            error.strerror or str(error), file=options.allocate, field="--allocate"
        ) from error


def as_begun(options: Given, known: Mapping[str, Any] | None) -> Given:
    """Return options for a run that may have begun: what is not given now is as it was then.

    So a run continues as it began, whatever is usual by now. How many candidates are asked for is
    decided again.

    Args:
        options: What is given now.
        known: The settings that the first session kept; None if there was none.
    """
    if known is None or options.effort not in (None, known.get("effort")):
        return options
    names = [name for name in (*USUAL, *TOOL_SETTINGS, "effort") if name not in _COUNTS]
    kept = {name: known[name] for name in names if known.get(name) is not None}
    return options.model_copy(
        update={name: value for name, value in kept.items() if getattr(options, name) is None}
    )


def usual_of(options: RunOptions, configured: ModelSettings) -> dict[str, Any]:
    """Return how much of each stage is done by default (see `run.usual`).

    Raises:
        BadInput: There is no run where a recording is looked for.
    """
    traits, asked = _asked(options, configured)
    effort = _effort(options, traits, asked)
    policy = options.chooser().name
    return usual_amounts(effort, traits, policy, asked, batch_api=options.batch_api)


def submissions_for(options: RunOptions, configured: ModelSettings) -> int:
    """Return how many submissions the local judge takes, those of the model itself among them.

    Raises:
        BadInput: These would leave none to the choice.
    """
    settings = settings_for(options, configured)
    if options.submissions is not None:
        if 0 < options.submissions <= settings.tool_submissions:
            raise BadInput(
                f"of {options.submissions} submissions none is left to the choice",
                field="--tool-submissions",
                hint="raise --submissions",
            )
        return options.submissions
    if settings.search == FEEDBACK:
        return usual_submissions(settings.rounds, settings.round_submissions)
    return int(usual_of(options, configured)["submissions"]) + settings.tool_submissions


def _asked(options: RunOptions, configured: ModelSettings) -> tuple[ModelTraits, Mapping[str, Any]]:
    """Return the traits of the model, and what it was asked, if it is a recording."""
    traits = traits_of(options.model, configured)
    return traits, {} if traits.recorded is None else recorded_settings(traits.recorded)


def _effort(options: RunOptions, traits: ModelTraits, asked: Mapping[str, Any]) -> Effort:
    effort: Effort | None = options.effort or asked.get("effort")
    return effort or usual_effort(traits)


def _round_submissions(options: RunOptions, asked: Mapping[str, Any], search: str) -> int:
    """Return how many submissions follow a round; none where there are no rounds."""
    if search != FEEDBACK:
        return 0
    if options.round_submissions is not None:
        return options.round_submissions
    known: int | None = asked.get("round_submissions")
    return ROUND_SUBMISSIONS if known is None else known


def _drawn(configured: ModelSettings) -> dict[str, JsonValue]:
    """Return the newer settings by which answers are drawn."""
    body = configured.extra_body
    return {
        "top_k": configured.top_k,
        "min_p": configured.min_p,
        "reasoning_effort": configured.reasoning_effort,
        "extra_body": None if body is None else json.dumps(body, sort_keys=True),
    }


def _same_names(options: RunOptions) -> dict[str, Any]:
    """Return the options that are settings as they are."""
    names = {field.name for field in fields(RunSettings)} & set(RunOptions.model_fields)
    return {name: getattr(options, name) for name in names}


def settings_body(settings: RunSettings, traits: ModelTraits) -> dict[str, JsonValue]:
    """Return settings as the plan of a run holds them."""
    body = {**asdict(settings), "small": traits.prompt_form == "small"}
    plain: dict[str, JsonValue] = json.loads(json.dumps(body))
    return plain


def naming_settings(settings: RunSettings, traits: ModelTraits) -> dict[str, JsonValue]:
    """Return the settings that name the directory of a batch: what the effort stands for."""
    body = without_advice(settings_body(settings, traits))
    return {
        name: value
        for name, value in body.items()
        if name != "effort" and (name not in ("allocate", "review_by") or value)
    }


def identity(settings: RunSettings, traits: ModelTraits) -> dict[str, JsonValue]:
    """Return what must not change in the settings of a run over one problem."""
    body = settings_body(settings, traits)
    return {name: value for name, value in body.items() if name not in _COUNTS}


def identity_of(public: PublicProblem) -> dict[str, JsonValue]:
    """Return what must not change in the problem of a run: its id, and a digest of its text.

    With other limits it is the same problem, which is then judged again.
    """
    return {"problem": public.problem_id, "statement": statement_digest(public, limits=False)}


def statement_digest(public: PublicProblem, *, limits: bool = True) -> str:
    """Return sixteen digits that differ where the public half of a problem does.

    With its `limits`, as 0.1 named problems, or without.
    """
    if not limits:
        public = public.model_copy(update={"limits": ProblemLimits()})
    text = public.model_dump_json().encode("utf-8", "surrogatepass")
    return hashlib.sha256(text).hexdigest()[:16]


def directory_name(public: PublicProblem, options: RunOptions, configured: ModelSettings) -> str:
    """Return how the run directory of one problem is called by default.

    The same options give the same name, so that the same command resumes where it stopped.
    """
    given = {
        **identity_of(public),
        "statement": statement_digest(public),
        "small": False,
        "languages": words.languages(options.lang),
        "prompts": words.prompts(options.prompts),
        "seed": options.seed or 0,
        "max_tokens": configured.max_tokens,
        "temperature": configured.temperature,
        "top_p": configured.top_p,
        "evidence": 40 if options.evidence is None else options.evidence,
        "mutants": options.mutants or 0,
        "search": options.search or ("once" if options.batch_api else ""),
        "width": options.width or 0,
        "target": options.target,
    }
    given |= {name: value for name, value in _drawn(configured).items() if value is not None}
    # An option that came later names a directory only where it is used.
    for name, value in _same_names(options).items():
        if name not in _COUNTS and value != RunOptions.model_fields[name].default:
            given.setdefault(name, value)
    models = [options.model, options.reviewer, options.chooser().name]
    return f"{public.problem_id}-{digest_of([without_advice(given), models])}"


def digest_of(parts: Any) -> str:
    """Return eight digits that differ where the JSON of the parts does."""
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def keep_plan(
    journal: Journal,
    kind: EventKind[Plan],
    plan: Plan,
    *,
    free: Collection[str] = (),
    formerly: Mapping[str, JsonValue] = MappingProxyType({}),
) -> None:
    """Journal the plan of a run, or compare it with the one that is there.

    Args:
        journal: The run's.
        kind: The kind of plan.
        plan: All that is planned.
        free: What may change from session to session.
        formerly: Other values that an earlier version gave the same.

    Raises:
        BadInput: This run was started with something else.
    """
    assert kind.only is not None
    known = journal.get(kind, kind.only)
    if known is None:
        journal.append(kind, kind.only, plan)
        return
    before = _fixed(known.given(), free)
    for name, value in _fixed(plan.given(), free).items():
        # What an earlier version did not know was as it is by default.
        if before.get(name, value) not in (value, formerly.get(name, value)):
            raise BadInput(
                f"this run was started with a different {name}",
                file=journal.path.parent,
                field=name,
                hint="give the same options, or a different --out",
            )


def _fixed(plan: Mapping[str, JsonValue], free: Collection[str]) -> dict[str, JsonValue]:
    """Return what must not change, the settings of a batch among the rest."""
    fixed = {name: value for name, value in plan.items() if name not in free}
    settings = fixed.pop("settings", None)
    return fixed | (settings if isinstance(settings, dict) else {})
