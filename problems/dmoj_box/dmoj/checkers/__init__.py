"""The built-in checkers as modules: `from dmoj.checkers import standard`, `standard.check(...)`."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from .. import compare
from ..result import CheckerResult
from ..utils.unicode import utf8bytes

_PARTIAL = ("linecount", "linematches")


def _module(name: str) -> ModuleType:
    def check(
        process_output: str | bytes,
        judge_output: str | bytes,
        point_value: float = 1,
        **settings: Any,
    ) -> bool | CheckerResult:
        answer, output = utf8bytes(judge_output) or b"", utf8bytes(process_output) or b""
        passed, share = compare.compare(name, answer, output, settings)
        return CheckerResult(passed, point_value * share) if name in _PARTIAL else passed

    module = ModuleType(f"{__name__}.{name}")
    vars(module)["check"] = check
    sys.modules[module.__name__] = module
    return module


def _native() -> ModuleType:
    """Return the module with the comparison that DMOJ has in C, which some checkers call."""
    module = ModuleType(f"{__name__}._checker")
    vars(module)["standard"] = lambda expected, actual: compare.standard(expected, actual, {})[0]
    sys.modules[module.__name__] = module
    return module


_checker = _native()
for _name in compare.CHECKERS:
    globals()[_name] = _module(_name)
