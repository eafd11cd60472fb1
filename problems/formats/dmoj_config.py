"""`init.yml` as DMOJ reads it: what a case does not say, its batch or the whole file says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from medalist.problems.formats.fields import Fields

_IDLE = {
    "meta": "DMOJ's site fills it in",
    "hints": "it only concerns Java",
    "runtime": "DMOJ does not read it either",
    "short_circuit": "DMOJ takes it from its site, not from init.yml; failed cases of 0 points "
    "end the judging as they do there",
    "output_prefix_length": "it only says how much output DMOJ shows",
    "wall_time_factor": "programs that sleep are stopped after their own wall time here",
    "sample": "samples are taken from the statement",
    "is_pretest": "pretests are those of pretest_test_cases",
}
"""Keys that decide no verdict here, and why."""


class Config:
    """One level of `init.yml` with the levels above it."""

    def __init__(self, fields: Fields, parent: Config | None = None) -> None:
        if any("-" in key for key in fields.values):
            # DMOJ takes `output-limit-length` for `output_limit_length`.
            values = {key.replace("-", "_"): value for key, value in fields.values.items()}
            fields = Fields(fields.file, {**values, **fields.values}, fields.prefix)
            fields.asked |= {key for key in fields.values if "-" in key}
        self.fields = fields
        self.parent = parent
        for key in fields.values:
            # `key++: code` and `key+: expression` are Python that DMOJ's judge runs.
            if key.endswith("+"):
                raise fields.bad(key, "Python code in init.yml is not run")

    def owner(self, key: str) -> Fields:
        """Return the level that says something of a key; the top one where none does."""
        level: Config | None = self
        top = self
        fields: Fields | None = None
        while level is not None:
            level.fields.asked.add(key)
            if fields is None and key in level.fields.values:
                fields = level.fields
            top, level = level, level.parent
        return fields or top.fields

    def has(self, key: str) -> bool:
        """Whether some level says something."""
        return self.owner(key).has(key)

    def get(self, key: str) -> Any:
        """Return the raw value, or None."""
        return self.owner(key).get(key)

    def text(self, key: str) -> str | None:
        """Return a string."""
        return self.owner(key).text(key)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of strings; a single one counts as a list."""
        return self.owner(key).texts(key) or ()

    def number(self, key: str, default: float, *, low: float) -> float:
        """Return a number of at least `low`."""
        value = self.owner(key).number(key, low=low)
        return default if value is None else value

    def flag(self, key: str) -> bool:
        """Return a truth value, false where nothing is said."""
        return bool(self.owner(key).flag(key))

    def below(self, fields: Fields) -> Config:
        """Return the level of a case or batch."""
        return Config(fields, self)

    def cases(self, key: str) -> Iterator[Config]:
        """Yield the cases of a list on this very level."""
        for fields in self.fields.maps(key):
            yield self.below(fields)

    def warnings(self) -> list[str]:
        """Return a warning for each key of this level that is not obeyed."""
        idle = [key for key in sorted(_IDLE) if self.fields.has(key)]
        self.fields.asked |= set(_IDLE)
        told = [f"{self.fields.file}: {self.fields.name(key)}: not obeyed: {_IDLE[key]}"
                for key in idle]  # fmt: skip
        return [*told, *self.fields.unknown()]
