"""What some judges do to programs before `main`: no buffer for stdout, a bound on addresses,
names that need no import.

What a program prints through C's `stdout` (so also `cout`, unless it was taken off it) or through
Python's `sys.stdout` is not kept back until a flush: programs that forget to flush can then talk
to an interactor. An `-u` for every language, made of a file that is compiled or run beside it.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Mapping, Sequence

from medalist.problems.python_tree import python_tree
from medalist.sandbox.languages import FAMILIES, file_ending

_C_NAME, _PYTHON_NAME = "unbuffered_stdout", "unbuffered_main.py"
_LENT_NAME = "lent_imports_main.py"
_LENT = """\
import builtins, os, runpy, sys

names = {{}}
for line in {lines!r}.splitlines():
    try:
        exec(line, names, names)
    except ImportError:
        pass
for name in names.keys() - vars(builtins).keys():
    setattr(builtins, name, names[name])
runpy.run_path(os.path.join(sys.path[0], {main!r}), run_name="__main__")
"""
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
    """Return the files to add to a program of a language family, and its main file then.

    Nothing is added where the family's runtime is none of those known: such a program has to
    flush by itself.
    """
    match FAMILIES[family].runtime:
        case "python":
            return {_PYTHON_NAME: _PYTHON.format(main=main).encode()}, _PYTHON_NAME
        case "c":
            return {f"{_C_NAME}.{file_ending(family)}": _C}, main
        case None:
            return {}, main


def lent(
    imports: Sequence[str], files: Mapping[str, bytes], main: str
) -> tuple[dict[str, bytes], str]:
    """Return the files to add to a program in Python that uses names without importing them, and
    its main file then; nothing is added where it uses none of those that `imports` would bring.

    Graders of data sets put the imports before every program. Here only what is needed is imported,
    since most programs need nothing and imports take time on every test.
    """
    missing = _missing_names(files.get(main, b""))
    lines = [line for item in imports if (line := _only(item, missing))]
    lines += [f"{name} = sys.{name}" for name in ("stdin", "stdout") if name in missing]
    if not missing or not lines:
        return {}, main
    runner = _LENT.format(lines="\n".join(["import sys", *lines]), main=main)
    return {_LENT_NAME: runner.encode()}, _LENT_NAME


def _missing_names(source: bytes) -> set[str]:
    """Return the names that a program reads and nowhere makes."""
    try:
        tree = python_tree(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    read: set[str] = set()
    made = set(dir(builtins))
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                read.add(name)
            case ast.Name(id=name) | ast.arg(arg=name) | ast.ExceptHandler(name=str(name)):
                made.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                made.add(name)
            case ast.ClassDef(name=name):
                made.add(name)
            case ast.alias(name=name, asname=other):
                made.add(other or name.partition(".")[0])
    return read - made


def _only(line: str, wanted: set[str]) -> str:
    """Return an import line with nothing but what is wanted of it."""
    try:
        (node,) = python_tree(line).body
    except (SyntaxError, ValueError):
        return ""
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names if alias.name in wanted]
        return f"import {', '.join(names)}" if names else ""
    if isinstance(node, ast.ImportFrom):
        names = [alias.name for alias in node.names]
        names = [name for name in names if name in wanted]
        return f"from {node.module} import {', '.join(names)}" if names else ""
    target = node.targets[0] if isinstance(node, ast.Assign) else None
    return line if isinstance(target, ast.Name) and target.id in wanted else ""


def bounded(family: str, memory_mb: int) -> dict[str, bytes]:
    """Return the file by which a program in C or C++ cannot even reserve more memory.

    DMOJ bounds the addresses of generators and checkers: memory that is asked for and never used
    counts. In other languages nothing is added.
    """
    if FAMILIES[family].runtime != "c":
        return {}
    size = f"{memory_mb + _SPARE_MB}ull << 20"
    return {f"bounded_memory.{file_ending(family)}": _BOUND.replace(b"SIZE", size.encode())}
