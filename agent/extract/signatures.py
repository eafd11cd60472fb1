"""The functions that a text defines, with their parameters, as tree-sitter sees them."""

from __future__ import annotations

from dataclasses import dataclass

from tree_sitter import Node

from medalist.agent.extract import detect


@dataclass(frozen=True)
class Function:
    """The function that a text is about.

    Attributes:
        call: How it is called: `solve`, or `Solution().count`.
        name: Its bare name.
        parameters: The parameters' types as written, empty where none is; C++ without
            references and `const`.
        returns: The type of its value, as written.
    """

    call: str
    name: str
    parameters: tuple[str, ...]
    returns: str = ""


def functions_of(language: str, source: str) -> list[Function]:
    """Find the functions of a file, and the methods of a class `Solution`, in order."""
    root = detect.parse(language, source).root_node
    if language == "python":
        return [function for node in root.children for function in _python_functions(node)]
    return [
        function
        for node in root.children
        if node.type in ("function_definition", "class_specifier", "struct_specifier")
        for function in _cpp_functions(node)
    ]


_DEFINITIONS = {
    "function_definition", "class_definition", "decorated_definition", "template_declaration",
    "class_specifier", "struct_specifier", "namespace_definition", "linkage_specification",
}  # fmt: skip


def defines_something(language: str, source: str) -> bool:
    """Whether a text defines any function or class, of whatever kind."""
    root = detect.parse(language, source).root_node
    return any(node.type in _DEFINITIONS for node in root.children)


def _python_functions(node: Node, owner: str = "") -> list[Function]:
    if node.type == "class_definition" and not owner:
        body, name = node.child_by_field_name("body"), text_of(node.child_by_field_name("name"))
        inner = body.children if body is not None else []
        found = [function for child in inner for function in _python_functions(child, name)]
        return found if name == "Solution" else []
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


def _cpp_functions(node: Node, owner: str = "") -> list[Function]:
    if node.type != "function_definition":
        name, body = text_of(node.child_by_field_name("name")), node.child_by_field_name("body")
        if name != "Solution" or body is None:
            return []
        return [
            function
            for child in body.children
            if child.type == "function_definition"
            for function in _cpp_functions(child, name)
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


def name_of(node: Node) -> str:
    """Return the name of a function that C++ text defines at top level, empty if it is none."""
    found = _cpp_functions(node)
    return found[0].name if found else ""


def text_of(node: Node | None) -> str:
    """Return the text of a node, empty for none."""
    return (node.text or b"").decode(errors="replace") if node is not None else ""
