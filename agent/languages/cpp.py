"""C++ as models write it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from medalist.agent.languages import cpp_text
from medalist.agent.languages.cpp_functions import cpp_functions, cpp_main
from medalist.agent.languages.cpp_tokens import cpp_tokens
from medalist.agent.languages.functions import Function, Layout
from medalist.agent.languages.row import READS, Written, is_listed
from medalist.problems.model import PublicProblem

if TYPE_CHECKING:
    from tree_sitter import Node

_CPP_FIRST = re.compile(
    r"^[ \t]*(?:#\s*(?:include|define|pragma|ifndef|ifdef|if)\b|//"
    r"|(?:using|typedef|template|struct|class|const|static|int|long|void|signed|auto)\b"
    r".*[;{})>]\s*$)"
)
_CPP_DEFINES = re.compile(
    r"^[ \t]*#[ \t]*define[ \t]+(\w+)|\b(?:struct|class|enum(?:\s+class)?|using)\s+(\w+)\s*[={:]"
    r"|^[A-Za-z_][\w:<>,&*\s]*?[\s&*](\w+)\s*\([^;{}]*\)\s*\{",
    re.MULTILINE,
)
_STANDARD_NAME = re.compile(
    r"\b(?:vector|string|map|set|pair|queue|stack|sort|max|min|swap|cout|cin|printf|memset)\b"
)
_HAS_FUNCTIONS = ("function_definition", "class_specifier", "struct_specifier")


def _grammar() -> object:
    import tree_sitter_cpp

    return tree_sitter_cpp.language()


class Cpp(Written):
    """C++; what a model calls C is compiled as C++ too."""

    def is_whole(self, code: str) -> bool:
        """Whether there is a `main`."""
        return cpp_text.has_main(code)

    def breaks_off(self, code: str) -> str | None:
        """By brackets that are left open, or a last line without an end."""
        return cpp_text.breaks_off(code)

    def ends(self, code: str) -> bool:
        """With the closing brace of something, where all brackets match."""
        return code.rstrip()[-1] == "}"

    def syntax_error(self, source: str) -> str | None:
        """Brackets, strings and comments alone: macros make everything else uncertain."""
        return cpp_text.unbalanced(source)

    def first_line(self, lines: Sequence[str]) -> int | None:
        """A directive, a comment, or a declaration."""
        return next((number for number, line in enumerate(lines) if _CPP_FIRST.match(line)), None)

    def is_prose(self, line: str) -> bool:
        """A line that ends like no line of C++."""
        text = line.strip()
        if text.startswith(("#", "//")):
            return False
        return is_listed(line) or not text.endswith((";", "}", "{", ">", "*/", ",", ")"))

    def up_to_end(self, code: str) -> tuple[str, bool]:
        """Cut after the last closing brace in a line's first column, if prose follows."""
        return cpp_text.up_to_balance(code) if cpp_text.has_main(code) else (code, False)

    def functions(self, source: str) -> list[Function]:
        """Functions with parameters whose length is known, and methods of `Solution`."""
        tree = self.parse(source)
        nodes = tree.root_node.children if tree is not None else []
        return [
            function
            for node in nodes
            if node.type in _HAS_FUNCTIONS
            for function in cpp_functions(node)
        ]

    def main(self, function: Function, layout: Layout, words: tuple[str, str]) -> str:
        """A `main` with `std::cin`."""
        return cpp_main(function, layout, words)

    def is_main(self, node: Node) -> bool:
        """The function `main`."""
        if node.type != "function_definition":
            return False
        return any(function.name == "main" for function in cpp_functions(node))

    def headed(self, source: str) -> str:
        """Give text without any system header the one that holds everything."""
        if re.search(r"#\s*include\s*<", source):
            return source
        return f"#include <bits/stdc++.h>\nusing namespace std;\n{source}"

    def fit_to_grader(self, source: str, public: PublicProblem) -> str:
        """Include the grader's header, and the standard library where it is used."""
        header = next(
            (file.name for file in public.grader_files if file.name.endswith((".h", ".hpp"))), None
        )
        if header is not None and not re.search(rf'#\s*include\s*"{re.escape(header)}"', source):
            source = f'#include "{header}"\n{source}'
        return self.headed(source) if _STANDARD_NAME.search(source) else source

    def defined(self, code: str) -> set[str]:
        """Macros, types and functions."""
        return {name for match in _CPP_DEFINES.finditer(code) for name in match.groups() if name}

    def completes(self, part: str, code: str) -> bool:
        """The part with the includes, where the program has none."""
        return "#include" in part.replace(" ", "") and "#include" not in code

    def tokens(self, source: str) -> list[str] | None:
        """See `cpp_tokens`."""
        return cpp_tokens(source)


CPP = Cpp(
    name="cpp",
    title="C++17",
    labels=frozenset(
        ("cpp", "c++", "cc", "cxx", "c", "c++17", "c++20", "cpp17", "h", "hpp", "arduino")
    ),
    tags=("c++", "cpp"),
    sign=r"#\s*include\b|\bint\s+main\s*\(|\bstd::|\bcout\s*<<|\bcin\s*>>|\busing namespace\b"
    r"|\b(?:printf|scanf)\s*\("
    r"|^[ \t]*(?:int|void|long long|double|bool|string|vector<.*>)\s+\w+\s*[(;=\[]",
    sure_sign=r"^[ \t]*#\s*include\b",
    begins=r"\s*#\s*include",
    comment=r"//[^\n]*|/\*[\s\S]*?(?:\*/|\Z)",
    hidden_comment=r"^([ \t]*#[^\n]*?)(?://[^\n]*|/\*.*?\*/)",
    reads=READS,
    flush="endl",
    shows=("c",),
    usual=frozenset({"full"}),
    grammar=_grammar,
    empty_statement=";",
    checked="cpp-checked",
    includes=r'^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)"[^\n]*$',
)
