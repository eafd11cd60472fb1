"""What earlier rounds showed, as the next one's prompts say it.

Nothing is said here of a submission but what its `Feedback` holds, which is what the contest shows
to whoever made it. All else comes from the contestant's own machine: samples, inputs of its own
making, what programs did on them. Programs and their outputs are hostile text: they are quoted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from medalist.agent.languages import written
from medalist.agent.quote import cut_middle, fenced, quoted
from medalist.agent.types import Feedback
from medalist.problems.model import PublicProblem

MOST_REFERENCES = 3
"""Programs that a prompt shows at most."""

ROOM = 12_000
"""Characters that these programs, and what is said of each, take together at most."""

_SAID = 500  # of what an author said
_SHOWN = 400  # of an input or an output
_LEAST = 200  # of a program that is shown at least
_MARKS = 80  # around a program: its fence, line ends, what says that something was left out


@dataclass(frozen=True)
class Reference:
    """A program that a prompt shows.

    Attributes:
        candidate_id: The first candidate that is this program.
        language: Its language family.
        source: Its text.
        feedback: What the judge showed of it; None if it was not submitted.
        samples: The share of the samples that it passes.
        slowness: The share of the time limit that its slowest run took on inputs of our own making,
            and how long that input is, in characters; None where that is not known.
        failure: How it fails on samples or against a brute force, in words; empty if it does not.
    """

    candidate_id: str
    language: str
    source: str
    feedback: Feedback | None = None
    samples: float = 1.0
    slowness: tuple[float, int] | None = None
    failure: str = ""


@dataclass(frozen=True)
class Counterexample:
    """An input of our own making on which the first two references differ, and what they print."""

    content: str
    first: str
    second: str


@dataclass(frozen=True)
class Lessons:
    """What is known when a round is asked.

    Attributes:
        feedback: What the judge showed, submission by submission; empty where nothing was judged.
        best: Subtask id to the best share of its points so far; empty where they are not shown.
        references: The programs shown, the one to be revised first.
        counterexample: What separates the first two of them, if anything is known to.
        insights: For subtasks that are solved, what the solver's author said of it.
    """

    feedback: Sequence[Feedback] = ()
    best: Mapping[str, float] = field(default_factory=dict)
    references: Sequence[Reference] = ()
    counterexample: Counterexample | None = None
    insights: Sequence[tuple[str, str]] = ()


def standing_text(public: PublicProblem, lessons: Lessons) -> str:
    """Say what the judge showed so far: verdicts, and of each subtask the best share."""
    if not lessons.feedback:
        return (
            "Nothing was judged yet. What is said of programs below comes from running them on the "
            "samples and on inputs of our own making."
        )
    counts = Counter(str(feedback_.verdict) for feedback_ in lessons.feedback)
    verdicts = ", ".join(f"{verdict} {count}" for verdict, count in counts.most_common())
    lines = [f"{len(lessons.feedback)} programs were judged so far. Verdicts: {verdicts}."]
    if lessons.best:
        points = {subtask.subtask_id: subtask.points for subtask in public.subtasks}
        lines.append("The best share of each subtask's points over all of them:")
        lines += [
            f"- {name} ({points.get(name, 0):g} points): {_percent(share)}"
            for name, share in lessons.best.items()
        ]
    for name, said in lessons.insights:
        lines.append(quoted(cut_middle(said, _SAID), f"what the solver of {name} said"))
    return "\n".join(lines)


def references_text(lessons: Lessons) -> str:
    """Show the programs, and the input on which the first two differ."""
    parts: list[str] = []
    left = ROOM
    references = lessons.references[:MOST_REFERENCES]
    for number, one in enumerate(references, 1):
        head = _head(number, one)
        share = left // (len(references) - number + 1)
        room = max(_LEAST, share - len(head) - len(one.failure) - _MARKS)
        text = f"{head}\n{fenced(cut_middle(one.source, room), one.language)}"
        if one.failure:
            text += f"\n{one.failure}"
        left -= len(text) + 2
        parts.append(text)
    if lessons.counterexample is not None:
        other = lessons.counterexample
        parts += [
            quoted(cut_middle(other.content, _SHOWN), "an input on which programs 1 and 2 differ"),
            quoted(cut_middle(other.first, _SHOWN), "what program 1 prints"),
            quoted(cut_middle(other.second, _SHOWN), "what program 2 prints"),
        ]
    return "\n\n".join(parts)


def feedback_words(feedback: Feedback) -> str:
    """Say what the judge showed of one submission."""
    words = str(feedback.verdict)
    if feedback.failing_test is not None:
        words += f", first failing test {feedback.failing_test}"
    if feedback.subtasks:
        words += "; " + ", ".join(
            f"{name} {_percent(share)}" for name, share in feedback.subtasks.items()
        )
    return words


def _head(number: int, one: Reference) -> str:
    said = [f"Program {number} ({written(one.language).title})."]
    if one.feedback is None:
        said.append("It was not judged.")
    else:
        said.append(f"The judge showed: {feedback_words(one.feedback)}.")
    if one.samples < 1.0:
        said.append(f"It passes {_percent(one.samples)} of the samples.")
    if one.slowness is not None:
        share, length = one.slowness
        said.append(
            f"Its slowest run here, on an input of {length} characters, took {share:.1f} times "
            "the time limit."
        )
    return " ".join(said)


def _percent(share: float) -> str:
    return f"{100 * share:.4g} %"
