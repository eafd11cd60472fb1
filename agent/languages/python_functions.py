"""Functions of Python text, and a main program that calls one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from medalist.agent.languages.functions import Function, Layout, is_list
from medalist.agent.languages.trees import text_of

if TYPE_CHECKING:
    from tree_sitter import Node


def python_functions(node: Node, owner: str = "") -> list[Function]:
    """Find the function that a node defines, or the methods of a class `Solution`."""
    if node.type == "class_definition" and not owner:
        body, name = node.child_by_field_name("body"), text_of(node.child_by_field_name("name"))
        inner = body.children if body is not None else []
        methods = [function for child in inner for function in python_functions(child, name)]
        return methods if name == "Solution" else []
    if node.type != "function_definition":
        return []
    name = text_of(node.child_by_field_name("name"))
    parameters = node.child_by_field_name("parameters")
    named = parameters.named_children if parameters is not None else []
    kinds = [text_of(child.child_by_field_name("type")) for child in named if _is_required(child)]
    if owner:
        kinds = kinds[1:]
    call = f"{owner}().{name}" if owner else name
    return [Function(call, name, tuple(kinds), text_of(node.child_by_field_name("return_type")))]


def _is_required(parameter: Node) -> bool:
    return parameter.type in ("identifier", "typed_parameter")


def python_main(function: Function, layout: Layout, words: tuple[str, str]) -> str:
    """Return a main program that reads a function's parameters and prints its value."""
    read = {
        "nothing": "[]",
        "scalars": "[_value(word) for word in sys.stdin.read().split()]",
        "lines": "[_line(line) for line in sys.stdin.read().strip('\\n').split('\\n')]",
        "counted": "[_value(word) for word in sys.stdin.read().split()]",
    }[layout]
    kinds = [kind.split("[")[0].strip() for kind in function.parameters]
    call = {
        "counted": f"{function.call}(_read[1:])"
        if len(kinds) == 1
        else f"{function.call}(_read[0], _read[1:])"
    }.get(layout, f"{function.call}(*_read)")
    text = [bool(re.search(r"\bstr\b", kind)) for kind in function.parameters]
    lists = [is_list(kind) for kind in function.parameters]
    return f"""
import sys


def _value(word):
    for kind in (int, float):
        try:
            return kind(word)
        except ValueError:
            pass
    return word


def _line(line):
    values = [_value(word) for word in line.split()]
    return values[0] if len(values) == 1 else values


def _as_declared(value, is_text, is_list):
    if is_list and not isinstance(value, list):
        value = [value]
    if is_text and isinstance(value, list):
        return [str(item) for item in value] if is_list else " ".join(map(str, value))
    return str(value) if is_text else value


if __name__ == "__main__":
    _read = {read}
    if {layout!r} != "counted":
        _read = [_as_declared(*item) for item in zip(_read, {text!r}, {lists!r})]
    _result = {call}
    if isinstance(_result, bool):
        print({words[0]!r} if _result else {words[1]!r})
    elif isinstance(_result, (list, tuple)):
        print(*_result)
    elif _result is not None:
        print(_result)
"""
