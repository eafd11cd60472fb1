"""Inputs by generators that the model writes, kept by the vote of validators that it writes.

One bad generator or validator must not sink a run: a generator that fails gives nothing, an
input counts only if enough validators accept it, and a validator that rejects the statement's
own samples has no vote.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from medalist.agent.evidence.matrix import Boxes
from medalist.agent.extract.answer import extract
from medalist.agent.llm.contract import Model, Request
from medalist.agent.prompts import render
from medalist.problems.model import PublicProblem
from medalist.sandbox import languages
from medalist.sandbox.box import Executable, Run
from medalist.sandbox.limits import RunLimits

ACCEPTING = 0.75
"""The share of validators that must accept an input (o1-ioi's and GenCluster's)."""

_LIMITS = RunLimits(cpu_s=2.0, output_bytes=1 << 20)


def written_inputs(
    public: PublicProblem,
    model: Model,
    pool: Boxes,
    *,
    generators: int = 5,
    validators: int = 5,
    inputs: int = 20,
) -> list[bytes]:
    """Ask for programs, run them, and return the distinct inputs that are kept, small ones first.

    Args:
        public: The problem.
        model: Who is asked, in the form that suits it; answers that are journalled are not asked
            for again.
        pool: Where the programs run.
        generators: How many generators to ask for.
        validators: How many validators to ask for.
        inputs: How many inputs each generator makes (seeds 1, 2, ...).

    Raises:
        ModelFailure: The endpoint cannot be used.
        BudgetExhausted: The budget ended.
        SandboxFailure: A box broke.
    """
    asked = [
        *(("generator", number) for number in range(generators)),
        *(("validator", number) for number in range(validators)),
    ]
    programs = _programs(public, model, pool, asked)
    made: dict[bytes, None] = {}
    for generator in programs["generator"]:
        seeds = [f"{seed}\n".encode() for seed in range(1, inputs + 1)]
        for ok, output in _outcomes(pool, generator, seeds):
            if ok and output.strip():
                made[output.rstrip() + b"\n"] = None
    candidates = sorted(made, key=lambda content: (len(content), content))
    samples = [sample.input.encode() for sample in public.samples]
    verdicts = []
    for validator in programs["validator"]:
        answers = [ok for ok, _ in _outcomes(pool, validator, [*samples, *candidates])]
        if all(answers[: len(samples)]):
            verdicts.append(answers[len(samples) :])
    return [candidates[index] for index in vote(verdicts, len(candidates))]


def vote(verdicts: Sequence[Sequence[bool]], inputs: int) -> list[int]:
    """Return the indices of inputs that enough validators accept; without validators, none."""
    if not verdicts:
        return []
    return [
        index
        for index in range(inputs)
        if sum(answers[index] for answers in verdicts) >= ACCEPTING * len(verdicts)
    ]


def _programs(
    public: PublicProblem,
    model: Model,
    pool: Boxes,
    asked: Iterable[tuple[str, int]],
) -> dict[str, list[Executable]]:
    requests = []
    for kind, number in asked:
        parts = render(kind, public, "python", form=model.traits.prompt_form)
        requests.append(
            Request(
                request_id=f"{public.problem_id}/{kind}/{number}",
                messages=parts.messages,
                seed=number,
                stop=parts.stop,
                prefill=parts.prefill,
            )
        )
    sources: dict[str, dict[str, None]] = {"generator": {}, "validator": {}}
    answers = {one.request_id: one for one in model.complete(requests)}
    for request in requests:  # in the order asked, whichever was answered first
        answer = answers.get(request.request_id)
        if answer is not None:
            source = extract(answer.text, language="python", finish=answer.finish).source
            if source is not None:
                sources[request.request_id.split("/")[-2]][source] = None
    return {kind: _compiled(pool, texts) for kind, texts in sources.items()}


def _compiled(pool: Boxes, sources: Iterable[str]) -> list[Executable]:
    built = []
    for source in sources:
        with pool.box() as box:
            result = box.compile(languages.source("python3", source))
        if result.executable is not None:
            built.append(result.executable)
    return built


def _outcomes(
    pool: Boxes, program: Executable, inputs: Sequence[bytes]
) -> list[tuple[bool, bytes]]:
    with pool.box() as box:
        runs = [Run(stdin=content) for content in inputs]
        return [(one.ok, one.stdout) for one in box.run_many(program, runs, _LIMITS)]
