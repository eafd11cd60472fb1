"""What some judges do to programs before `main`: no buffer for stdout, a bound on addresses.

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
_BOUND = b"""\
#include <sys/resource.h>
__attribute__((constructor)) static void bound_memory(void) {
    struct rlimit limit = {SIZE, SIZE};
    setrlimit(RLIMIT_AS, &limit);
}
"""
_SPARE_MB = 64
"""What a program may reserve beyond its limit: libraries and stack are not its author's."""
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


def bounded(family: str, memory_mb: int) -> dict[str, bytes]:
    """Return the file by which a program in C or C++ cannot even reserve more memory.

    DMOJ bounds the addresses of generators and checkers: memory that is asked for and never used
    counts. In Python nothing is added.
    """
    if family == "python":
        return {}
    size = f"{memory_mb + _SPARE_MB}ull << 20"
    return {f"bounded_memory.{family}": _BOUND.replace(b"SIZE", size.encode())}
