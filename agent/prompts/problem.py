"""A problem as the text that a model gets."""

from __future__ import annotations

import re

from medalist.agent.languages import written
from medalist.agent.llm.contract import PromptForm
from medalist.problems.model import Kind, PublicProblem, Sample, Subtask

_TAG = re.compile(r"<(?=/?problem\b)", re.IGNORECASE)
_SAMPLES_SHOWN = 4
_SAMPLE_CHARACTERS: dict[PromptForm, int] = {"small": 800, "full": 4000}


def problem_text(
    public: PublicProblem,
    language: str,
    *,
    form: PromptForm = "full",
    subtask: str | None = None,
) -> str:
    """Write title, limits, statement, samples and declared files between `<problem>` tags.

    A tag inside is made harmless, so that a statement cannot end its own quotation.

    Args:
        public: The problem.
        language: Whose files (`cpp` or `python`) are shown of a function problem.
        form: `small` keeps samples short.
        subtask: Show only this subtask.

    Raises:
        KeyError: There is no such subtask.
    """
    statement = public.statement().strip()
    if subtask is not None:
        statement = _without_subtasks(statement)
    parts = [f"# {public.title}", _limits(public), statement]
    parts += [_subtasks(public, subtask)]
    parts += _samples(public, statement, _SAMPLE_CHARACTERS[form])
    if public.kind is Kind.FUNCTION:
        parts += [
            f"File {file.name}:\n{file.content.strip()}"
            for file in public.grader_files
            if file.language in (language, *written(language).shows)
        ]
    body = "\n\n".join(part for part in parts if part)
    return f"<problem>\n{_TAG.sub('&lt;', body)}\n</problem>"


def _limits(public: PublicProblem) -> str:
    limits = public.limits
    time = "" if limits.time_assumed else f"Time limit: {limits.time_s:g} s. "
    return f"{time}Memory limit: {limits.memory_mb} MB."


_SCORING_WORDS = r"scoring|subtasks?|points|grading|poängsättning|stigagjöf|评分|子任务|数据范围"
_SCORING = re.compile(
    rf"^(?P<level>#+)[ \t]*(?:{_SCORING_WORDS})[^\n]*\n[\s\S]*?(?=^(?!(?P=level)#)#+[ \t]|\Z)"
    rf"|^\\(?:sub)*section\*?\{{(?:{_SCORING_WORDS})\}}[\s\S]*?(?=^\\(?:sub)*section|\Z)",
    re.MULTILINE | re.IGNORECASE,
)


def _without_subtasks(statement: str) -> str:
    """Take out the section that lists the subtasks; the wanted one is described by itself."""
    return _SCORING.sub("", statement).strip()


def _subtasks(public: PublicProblem, wanted: str | None) -> str:
    if wanted is not None:
        chosen = {subtask.subtask_id: subtask for subtask in public.subtasks}[wanted]
        return "Solve this case of the problem only:\n" + _subtask(chosen)
    if not public.subtasks:
        return ""
    return "Subtasks:\n" + "\n".join(_subtask(subtask) for subtask in public.subtasks)


def _subtask(subtask: Subtask) -> str:
    bounds = [
        " <= ".join(str(part) for part in (bound.low, bound.name, bound.high) if part is not None)
        for bound in subtask.constraints
    ]
    text = "; ".join(part for part in (subtask.text.strip(), ", ".join(bounds)) if part)
    return f"- {subtask.subtask_id} ({subtask.points:g} points): {text}"


def _samples(public: PublicProblem, statement: str, most: int) -> list[str]:
    """Write the samples that the statement itself does not show."""
    shown = " ".join(statement.split())
    samples = []
    for number, sample in enumerate(public.samples[:_SAMPLES_SHOWN], 1):
        if _shows(shown, sample):
            continue
        text = f"Sample input {number}:\n{_cut(sample.input, most)}"
        if sample.output is not None:
            text += f"\n\nSample output {number}:\n{_cut(sample.output, most)}"
        if sample.note.strip():
            text += f"\n\n{sample.note.strip()}"
        samples.append(text)
    return samples


def _shows(shown: str, sample: Sample) -> bool:
    """Whether a statement holds a sample, whatever its layout; very short ones are not sought."""
    given = " ".join(sample.input.split())
    wanted = " ".join((sample.output or "").split())
    return len(given) > 3 and given in shown and wanted in shown


def _cut(text: str, most: int) -> str:
    text = text.strip("\n")
    return text if len(text) <= most else f"{text[:most]}\n... ({len(text)} characters in all)"
