"""Functions without a main program, completed: for standard input, or for a problem's grader.

The layout of a function's parameters in the input is read off the samples. Three layouts are known,
and one is used only if every sample fits it:

- `scalars`: as many words as parameters;
- `lines`: as many lines as parameters, a line of several words being a list;
- `counted`: a number, and then so many words (`f(n, items)` or `f(items)`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from medalist.agent.extract import detect
from medalist.agent.languages import written
from medalist.agent.languages.functions import Function, Layout, is_list
from medalist.problems.model import PublicProblem

_DEFINITIONS = {
    "function_definition", "class_definition", "decorated_definition", "template_declaration",
    "class_specifier", "struct_specifier", "namespace_definition", "linkage_specification",
    "class_declaration", "interface_declaration", "enum_declaration", "record_declaration",
    "struct_declaration", "namespace_declaration", "object_declaration", "function_declaration",
    "method_declaration", "function_item", "struct_item", "impl_item", "mod_item",
    "lexical_declaration",
}  # fmt: skip
_USUAL_NAMES = ("main", "solve", "solution", "answer", "run")


def wrap(language: str, source: str, public: PublicProblem) -> tuple[str, str] | None:
    """Complete functions to a program that reads standard input and prints the value.

    Returns:
        The program and how it reads, in a few words; None if no layout fits the samples.
    """
    row = written(language)
    function = _asked_for(row.functions(source), source)
    if function is None:
        return None
    layout = _layout(function, [sample.input for sample in public.samples])
    if layout is None:
        return None
    outputs = [sample.output for sample in public.samples if sample.output is not None]
    words = _truth_words(outputs)
    main = row.main(function, layout, words)
    if main is None:
        return None
    return f"{row.headed(source)}\n{main}", f"calls {function.name} on input read as {layout}"


def instead_of_demonstration(
    language: str, source: str, public: PublicProblem
) -> tuple[str, str] | None:
    """Replace a main program that reads nothing by one that reads input, as `wrap` does.

    None if it does read, or if the rest is not a function that can be called on the samples.
    """
    if detect.reads_input(language, source):
        return None
    return wrap(language, _without_main(language, source), public)


def fit_to_grader(language: str, source: str, public: PublicProblem) -> str:
    """Make functions compile with a problem's grader: without their own main, with its header."""
    return written(language).fit_to_grader(_without_main(language, source), public)


def defines_something(language: str, source: str) -> bool:
    """Whether a text defines any function or class; where that cannot be known, it does."""
    tree = written(language).parse(source)
    return tree is None or any(node.type in _DEFINITIONS for node in tree.root_node.children)


def _without_main(language: str, source: str) -> str:
    """Take out `main`, or what a script would read and print when a grader imports it."""
    row, data = written(language), source.encode()
    tree = row.parse(source)
    for node in reversed(tree.root_node.children if tree is not None else []):
        if row.is_main(node):
            data = data[: node.start_byte] + data[node.end_byte :]
    return data.decode(errors="replace").rstrip() + "\n"


def _asked_for(functions: Sequence[Function], source: str) -> Function | None:
    """The one with a usual name, else the last one that no other calls."""
    usual = [function for function in functions if function.name in _USUAL_NAMES]
    calls = Counter(re.findall(r"\b(\w+)\s*\(", source))
    uncalled = [function for function in functions if calls[function.name] == 1]
    chosen = usual or uncalled or functions
    return chosen[-1] if chosen else None


def _layout(function: Function, inputs: Sequence[str]) -> Layout | None:
    count = len(function.parameters)
    if count == 0:
        return "nothing"
    if not inputs:
        return None
    lists = [is_list(kind) for kind in function.parameters]
    fits: dict[Layout, bool] = {
        "scalars": not any(lists) and all(len(text.split()) == count for text in inputs),
        "counted": not any(lists[:-1])
        and count <= 2
        and (lists[-1] or function.parameters[-1] == "")
        and all(_is_counted(text.split()) for text in inputs),
        "lines": all(_fits_lines(text, lists) for text in inputs),
    }
    return next((layout for layout, fit in fits.items() if fit), None)


def _is_counted(words: Sequence[str]) -> bool:
    return len(words) > 1 and words[0].isdigit() and int(words[0]) == len(words) - 1


def _fits_lines(text: str, lists: Sequence[bool]) -> bool:
    lines = text.strip("\n").split("\n")
    return len(lines) == len(lists) and all(
        is_list or len(line.split()) >= 1 for line, is_list in zip(lines, lists, strict=True)
    )


def _truth_words(outputs: Sequence[str]) -> tuple[str, str]:
    """How the samples say true and false."""
    seen = {output.strip() for output in outputs}
    pairs = [("YES", "NO"), ("Yes", "No"), ("yes", "no"), ("true", "false"), ("1", "0")]
    return next((pair for pair in pairs if seen and seen <= set(pair)), ("True", "False"))
