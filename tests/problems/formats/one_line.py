"""What tests of damaged packages share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from medalist.errors import BadInput
from medalist.problems.formats import load

Package = Callable[..., Path]


def one_line(path: Path, expected: str) -> None:
    with pytest.raises(BadInput, match=expected) as caught:
        load(path)
    text = str(caught.value)
    assert "\n" not in text
    assert text.isprintable()
    assert str(path.parent) in text or "'" in text
