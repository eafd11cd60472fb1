"""Sequential revisions: an answer that failed in public is shown its failure and asked again.

Only public failures exist here (samples, compiler, a brute force of our own): nothing of the
judge is in a `Failure`.
"""

from __future__ import annotations

from medalist.agent.extract.answer import Extracted
from medalist.agent.propose.public_result import Attempt, Failure
from medalist.agent.propose.sample import Arm, Ask
from medalist.agent.quote import cut_middle, fenced

_SHOWN = 1200
"""Characters of an input, output or message that are shown at most."""

_WORDS = {
    "syntax": "It is not a valid program.",
    "compile": "It does not compile.",
    "wrong": "It prints a wrong answer on a sample.",
    "crash": "It crashes on a sample.",
    "time": "It does not end within the time limit on a sample.",
    "memory": "It uses more memory than allowed on a sample.",
    "output": "It prints far too much on a sample.",
    "oracle": "It disagrees with a slow but simple program on this small input.",
}


def ask_to_repair(attempt: Attempt) -> Ask | None:
    """Ask for a revision of an attempt that failed.

    An answer that was cut is asked to continue where it ended, once. None if there is nothing to
    repair: the attempt passed, or it holds no program at all.
    """
    candidate, failure = attempt.candidate, attempt.trial.failure
    language = attempt.extraction.language or candidate.language
    if failure is None or language is None:
        return None
    if attempt.extraction.found is Extracted.TRUNCATED:
        is_second = ">continue/" in candidate.candidate_id
        return None if is_second or not candidate.text.strip() else _go_on(attempt, language)
    if attempt.extraction.source is None or failure.kind not in _WORDS:
        return None
    return Ask(
        Arm("repair", language),
        parent=candidate.candidate_id,
        values={
            "program": fenced(attempt.extraction.source, language),
            "failure": failure_text(failure),
        },
    )


def _go_on(attempt: Attempt, language: str) -> Ask:
    text = attempt.candidate.text
    return Ask(
        Arm("continue", language),
        parent=attempt.candidate.candidate_id,
        values={"answer": fenced(text)},
        prefill=text,
    )


def failure_text(failure: Failure) -> str:
    """Say what went wrong; everything that a program or a compiler wrote is quoted and cut."""
    parts = [_WORDS[failure.kind]]
    shown = [
        ("Input", failure.given),
        ("Right output", failure.wanted),
        ("Its output", failure.got if failure.wanted is not None else None),
        ("Message", failure.message or None),
    ]
    for title, text in shown:
        if text:
            parts.append(f"{title}:\n{fenced(cut_middle(text, _SHOWN))}")
        elif text is not None and title == "Its output":
            parts.append("It printed nothing.")
    if failure.kind == "time":
        parts.append(_shape(failure.given))
    return "\n\n".join(part for part in parts if part)


def _shape(text: str) -> str:
    """Describe a large input by its sizes, where the text itself says little."""
    lines = text.count("\n") + 1
    return f"That input has {lines} lines and {len(text.split())} words."
