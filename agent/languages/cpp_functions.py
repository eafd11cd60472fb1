"""Functions of C++ text, and a `main` that calls one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medalist.agent.languages.functions import Function, Layout
from medalist.agent.languages.trees import text_of

if TYPE_CHECKING:
    from tree_sitter import Node


def cpp_functions(node: Node, owner: str = "") -> list[Function]:
    """Find the function that a node defines, or the methods of a class `Solution`."""
    if node.type != "function_definition":
        name, body = text_of(node.child_by_field_name("name")), node.child_by_field_name("body")
        if name != "Solution" or body is None:
            return []
        return [
            function
            for child in body.children
            if child.type == "function_definition"
            for function in cpp_functions(child, name)
        ]
    declarator = node.child_by_field_name("declarator")
    while declarator is not None and declarator.type != "function_declarator":
        declarator = declarator.child_by_field_name("declarator")
    if declarator is None:
        return []
    name = text_of(declarator.child_by_field_name("declarator"))
    parameters = declarator.child_by_field_name("parameters")
    named = parameters.named_children if parameters is not None else []
    kinds = [text_of(child.child_by_field_name("type")) for child in named]
    if any("[" in text_of(child) or "*" in text_of(child) for child in named):
        return []  # a C array: its length is not known here
    call = f"{owner}().{name}" if owner else name
    return [Function(call, name, tuple(kinds), text_of(node.child_by_field_name("type")))]


def cpp_main(function: Function, layout: Layout, words: tuple[str, str]) -> str:
    """Return a `main` that reads a function's parameters and prints its value."""
    kinds = function.parameters
    lines = []
    for number, kind in enumerate(kinds):
        if layout == "lines":
            lines.append(f"{kind} _p{number}{{}}; _read_line(_p{number});")
        elif layout == "counted" and number == len(kinds) - 1:
            count = "_count" if len(kinds) == 1 else "_p0"
            if len(kinds) == 1:
                lines.append("int _count; std::cin >> _count;")
            lines.append(f"{kind} _p{number}({count}); for (auto& _x : _p{number}) std::cin >> _x;")
        else:
            lines.append(f"{kind} _p{number}{{}}; std::cin >> _p{number};")
    arguments = ", ".join(f"_p{number}" for number in range(len(kinds)))
    call = f"{function.call}({arguments})"
    lines.append(f"{call};" if function.returns == "void" else f"_print({call});")
    body = "\n".join(f"    {line}" for line in lines)
    return f"""
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

template <class T> void _read_line(std::vector<T>& items) {{
    std::string line; std::getline(std::cin, line);
    std::istringstream words(line);
    for (T item; words >> item;) items.push_back(item);
}}
inline void _read_line(std::string& text) {{ std::getline(std::cin, text); }}
template <class T> void _read_line(T& item) {{
    std::string line; std::getline(std::cin, line);
    std::istringstream(line) >> item;
}}
inline void _print(bool value) {{ std::cout << (value ? "{words[0]}" : "{words[1]}") << "\\n"; }}
template <class T> void _print(const std::vector<T>& items) {{
    for (const auto& item : items) std::cout << item << " ";
    std::cout << "\\n";
}}
template <class T> void _print(const T& value) {{ std::cout << value << "\\n"; }}

int main() {{
{body}
}}
"""
