"""What earlier checks of a package found is asked again when something that decides it changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from medalist.problems.check_memory import package_digest
from medalist.problems.formats import bundled_archive, load_archive
from medalist.sandbox.languages import LANGUAGES


def test_another_way_to_compile_is_checked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = next(item for item in load_archive(bundled_archive()) if item.problem_id == "turnstile")
    problem = entry.load()
    assert problem.secret is not None

    def digest() -> str:
        assert problem.secret is not None
        return package_digest(problem, problem.secret, problem.public.limits)

    before = digest()
    assert digest() == before
    rust = LANGUAGES["rust"]
    monkeypatch.setitem(LANGUAGES, "rust", replace(rust, compile=(*rust.compile, "-g")))
    compiled_otherwise = digest()
    monkeypatch.setitem(LANGUAGES, "rust", replace(rust, run=(*rust.run, "-x")))
    assert len({before, compiled_otherwise, digest()}) == 3
