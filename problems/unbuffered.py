"""Programs whose output leaves them at once, as where a judge runs them unbuffered.

What a program prints through C's `stdout` (so also `cout`, unless it was taken off it) or through
Python's `sys.stdout` is not kept back until a flush: programs that forget to flush can then talk
to an interactor. An `-u` for every language, made of a file that is compiled or run beside it.
"""

from __future__ import annotations

_C_NAME, _PYTHON_NAME = "unbuffered_stdout", "unbuffered_main.py"
_C = b"""\
#include <stdio.h>
__attribute__((constructor)) static void leave_at_once(void) { setvbuf(stdout, NULL, _IONBF, 0); }
"""
_PYTHON = """\
import io, os, runpy, sys

sys.stdout = io.TextIOWrapper(
    io.FileIO(1, "w", closefd=False), encoding="utf-8", write_through=True
)
runpy.run_path(os.path.join(sys.path[0], {main!r}), run_name="__main__")
"""


def unbuffered(family: str, main: str) -> tuple[dict[str, bytes], str]:
    """Return the files to add to a program of a language family, and its main file then."""
    if family == "python":
        return {_PYTHON_NAME: _PYTHON.format(main=main).encode()}, _PYTHON_NAME
    return {f"{_C_NAME}.{family}": _C}, main
