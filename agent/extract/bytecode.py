"""A key of what Python compiles a source to: equal keys, equal behaviour.

This file is also run by itself inside a box, by the interpreter that runs the programs: it reads
sources on stdin, a JSON string a line, and prints the key of each on its own line, which is
empty where no key is safe.
"""

import hashlib
import json
import re
import sys
import types

# A program that can see names of local variables or lines: what is dropped below counts there.
_SEES_NAMES = re.compile(
    r"\b(?:locals|vars|dir|eval|exec|compile|globals|getattr|argv|open)\b|lineno|traceback|inspect"
    r"|linecache|_getframe|currentframe|settrace|setprofile|\bco_|__code__|__file__|excepthook"
    r"|\bexc_info\b|\bexcept\b[^\n]*\bas\b|\bgc\b|\bdis\b|\bast\b|__annotations__|__dict__"
)


def bytecode_key(source: str) -> "str | None":
    """Hash the bytecode of a module with the names of local variables left out.

    Everything else is kept: instructions, constants with their types, names of globals,
    attributes, functions and parameters. Line numbers are left out.

    Args:
        source: The program.

    Returns:
        A SHA-256 in hex; None if the source does not compile, or may look at what is left out.
    """
    if _SEES_NAMES.search(source):
        return None
    try:
        code = compile(source, "<program>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return None
    text = repr(_canonical(code))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _canonical(code: types.CodeType) -> "tuple[object, ...]":
    parameters = code.co_argcount + code.co_kwonlyargcount
    parameters += bool(code.co_flags & 0x04) + bool(code.co_flags & 0x08)  # *args, **kwargs
    return (
        code.co_code,
        code.co_flags,
        (code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount),
        code.co_name,
        code.co_varnames[:parameters],
        code.co_nlocals,
        # A parameter that an inner function uses is known by its name in both.
        [name if name in code.co_varnames[:parameters] else "" for name in code.co_cellvars],
        len(code.co_freevars),
        code.co_names,
        [_constant(value) for value in code.co_consts],
        getattr(code, "co_exceptiontable", b""),
        code.co_stacksize,
    )


def _constant(value: object) -> object:
    """Tell constants apart that are equal without being the same: 1, 1.0 and True; 0.0 and -0.0."""
    if isinstance(value, types.CodeType):
        return _canonical(value)
    if isinstance(value, tuple):
        return ("tuple", [_constant(item) for item in value])
    if isinstance(value, frozenset):
        return ("frozenset", sorted(repr(_constant(item)) for item in value))
    return (type(value).__name__, repr(value))


if __name__ == "__main__":
    for line in sys.stdin:
        print(bytecode_key(json.loads(line)) or "", flush=True)  # noqa: T201
