"""`medalist problems stats`: what an archive holds, counted."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

import typer

from medalist.agent.commands.console import data, json_line, say
from medalist.errors import BadInput
from medalist.problems.formats import bundled_archive, load_archive, resolve
from medalist.problems.secret import Problem


class Totals:
    """Counts over problems; tests are counted and measured, not read."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.kinds: Counter[str] = Counter()
        self.formats: Counter[str] = Counter()
        self.languages: Counter[str] = Counter()
        self.labels: Counter[str] = Counter()
        self.sources: Counter[str] = Counter()
        self.bytes = 0

    def add(self, problem: Problem, format_name: str) -> None:
        """Count one problem."""
        public, secret = problem.public, problem.secret
        self.counts["problems"] += 1
        self.counts["samples"] += len(public.samples)
        self.counts["subtasks"] += len(public.subtasks)
        self.counts["bounds"] += sum(len(subtask.constraints) for subtask in public.subtasks)
        self.counts["special checkers"] += public.special_checker
        self.counts["missing images"] += len(public.missing_images)
        self.counts["no stated time limit"] += public.limits.time_assumed
        self.counts["warnings"] += len(problem.warnings)
        self.kinds[public.kind.value] += 1
        self.formats[format_name] += 1
        self.languages.update(list(public.statements))
        if secret is None:
            self.counts["without tests"] += 1
            return
        tests = secret.all_tests()
        self.counts["tests"] += len(tests)
        self.counts["scoring"] += secret.scoring
        self.counts["validators"] += len(secret.validators)
        self.bytes += sum((test.input.size or 0) for test in tests)
        self.bytes += sum((test.answer.size or 0) for test in tests if test.answer)
        self.counts["submissions"] += len(secret.submissions)
        self.labels.update(submission.label for submission in secret.submissions)
        self.sources.update(submission.language or "not run" for submission in secret.submissions)

    def as_dict(self) -> dict[str, Any]:
        """Return everything, for JSON."""
        return {
            **self.counts,
            "test bytes": self.bytes,
            "kinds": dict(self.kinds),
            "formats": dict(self.formats),
            "statement languages": dict(self.languages),
            "labels": dict(self.labels),
            "submission languages": dict(self.sources),
        }


def problems_stats(
    archive: Annotated[
        str | None, typer.Argument(help="Folder, zip, tar or data set; default: the bundled ones.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One object.")] = False,
) -> None:
    """Count what an archive holds. Exit code 1 if a problem cannot be read."""
    totals, bad = Totals(), 0
    for entry in load_archive(resolve(archive) if archive is not None else bundled_archive()):
        try:
            totals.add(entry.load(), entry.format)
        except BadInput as error:
            bad += 1
            say(f"{error}", style="red")
    facts = {**totals.as_dict(), "cannot be read": bad}
    if json:
        json_line(facts)
    else:
        for name, value in facts.items():
            shown = value
            if isinstance(value, dict):
                shown = ", ".join(f"{key} {count}" for key, count in sorted(value.items()))
            data(f"{name:22} {shown}")
    if bad:
        raise typer.Exit(1)
