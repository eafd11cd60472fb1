"""What decides how a run goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from medalist.agent.languages import usual_languages
from medalist.agent.llm.contract import PromptForm
from medalist.agent.llm.profiles import USUAL_TEMPERATURE, USUAL_TOP_P
from medalist.agent.steps.stages import STAGE_SETTINGS


def usual_ways(form: PromptForm) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the languages and the prompts that a model is asked in where nobody says which.

    Reasoning aloud and C++ cost a small model more than they bring: see "Prompts at equal tokens"
    in `docs/proposing.md`.
    """
    return usual_languages(form), ("direct",) if form == "small" else ("direct", "reason")


@dataclass(frozen=True)
class RunSettings:
    """What decides how a run goes; equal settings and answers give an equal run.

    Attributes:
        candidates: How many completions to ask for.
        languages: Language families to ask for, in order of preference.
        prompts: Prompts of the portfolio.
        evidence: How many inputs to make by mutating the samples.
        mutants: By how many mutants of the leading program to measure these inputs (see
            `steps.strengthening`); 0 trusts them as they are.
        search: How to search (see `propose.search.SEARCHES`); `once` asks for everything at once.
        width: Answers a round of the other searches.
        rounds: Of `feedback`: how many rounds at most; 0 for the other searches.
        last_round: Of `feedback`: answers of the last round; 0 for as many as in the others.
        round_submissions: Of `feedback`: submissions after each round but the last, which may make
            all that are left.
        max_tokens: Most tokens of an answer, thinking included; None for what suits the model.
        temperature, top_p, top_k, min_p: How answers are drawn; None for what suits the model.
        reasoning_effort: How much the model should think; likewise.
        extra_body: Further fields of each request, as JSON.
        most: Up to how many candidates a policy may get by asking for more.
        target: End a search when the chance that a right program is there reaches this.
        generators, validators: How many programs to ask for that make inputs, and that check them
            (see `steps.writing`).
        subtask_generators: How many generators to ask for with the statement of each subtask.
        subtask_validators: How many that check what a subtask promises, for each.
        brute: How many brute-force programs to ask for (see `steps.brute_forcing`).
        tests: How many questions ask for test cases with outputs (see `steps.predicting`).
        checkers: How many programs to ask for that judge outputs, where many may be right (see
            `steps.checking`).
        privileged_equality: Whether outputs are compared by the package's own checker.
        pair_generators: How many questions ask for a generator of inputs that separate two programs
            (see `steps.pairing`).
        duels: How many pairs of programs a model compares (see `steps.dueling`).
        subtask_share: The share of the answers that are asked with the statement of one subtask.
        tools: How a model may call tools while it answers: `native` (calls of functions), `text`,
            or empty for not at all.
        tool_calls, tool_seconds, tool_tokens: What one answer may take with tools (see
            `propose.tool_turns.ToolLimits`); 0 without.
        tool_submissions: How many submissions the model may make itself with a tool, of all
            answers to a problem together.
        tool_repair: Whether a program that failed a sample in a call is talked about further
            (`conversation`) or asked about `afresh`; empty without tools.
        effort: The dial that the others come from where they were not given; decides nothing else.
        allocate: A digest of the allocation that says how many candidates a problem gets; empty
            without one.
        review_by: What is read of a reviewer's answer (see `propose.review`); empty for a number.
    """

    candidates: int
    languages: tuple[str, ...] = usual_languages("full")
    prompts: tuple[str, ...] = ("direct", "reason")
    seed: int = 0
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    min_p: float | None = None
    reasoning_effort: str | None = None
    extra_body: str | None = None
    evidence: int = 40
    mutants: int = 0
    search: str = "once"
    width: int = 8
    most: int = 0
    target: float | None = None
    generators: int = 0
    validators: int = 0
    subtask_generators: int = 0
    subtask_validators: int = 0
    brute: int = 0
    tests: int = 0
    checkers: int = 0
    privileged_equality: bool = False
    pair_generators: int = 0
    duels: int = 0
    subtask_share: float = 0.0
    tools: str = ""
    tool_calls: int = 0
    tool_seconds: float = 0.0
    tool_tokens: int = 0
    tool_submissions: int = 0
    tool_repair: str = ""
    effort: str | None = None
    rounds: int = 0
    last_round: int = 0
    round_submissions: int = 0
    allocate: str = ""
    review_by: str = ""

    def as_before(self, known: Mapping[str, Any] | None) -> RunSettings:
        """Draw answers as an earlier session did, where nothing else was asked for now.

        `known` are the settings that it kept, None if there was none; 0.1 had numbers of its own
        for every model. A run that began before there was a stage continues without it.
        """
        before = known or {}
        lacking = [name for name in STAGE_SETTINGS if known is not None and name not in known]
        without: dict[str, Any] = {name: type(getattr(self, name))() for name in lacking}
        return replace(
            self,
            **without,
            temperature=before.get("temperature") if self.temperature is None else self.temperature,
            top_p=before.get("top_p") if self.top_p is None else self.top_p,
        )


def without_advice(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings as 0.1 named runs by them: with numbers where the model decides now."""
    usual = {"temperature": USUAL_TEMPERATURE, "top_p": USUAL_TOP_P}
    return {name: usual.get(name) if value is None else value for name, value in settings.items()}
