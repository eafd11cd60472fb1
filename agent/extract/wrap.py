"""Functions without a main program, completed: for standard input, or for a problem's grader.

How a function's parameters stand in the input is read off the samples. Three layouts are known,
and one is used only if every sample fits it:

- `scalars`: as many words as parameters;
- `lines`: as many lines as parameters, a line of several words being a list;
- `counted`: a number, and then so many words (`f(n, items)` or `f(items)`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal

from medalist.agent.extract import detect
from medalist.agent.extract.signatures import Function, functions_of, name_of, text_of
from medalist.problems.model import PublicProblem

Layout = Literal["nothing", "scalars", "lines", "counted"]
_STANDARD_NAME = re.compile(
    r"\b(?:vector|string|map|set|pair|queue|stack|sort|max|min|swap|cout|cin|printf|memset)\b"
)
_READS_OR_PRINTS = re.compile(r"\b(?:print|input)\s*\(|\bsys\.stdin\b")
_USUAL_NAMES = ("main", "solve", "solution", "answer", "run")


def wrap(language: str, source: str, public: PublicProblem) -> tuple[str, str] | None:
    """Complete functions to a program that reads standard input and prints the value.

    Returns:
        The program and how it reads, in a few words; None if no layout fits the samples.
    """
    found = functions_of(language, source)
    function = _asked_for(found, source)
    if function is None:
        return None
    layout = _layout(function, [sample.input for sample in public.samples])
    if layout is None:
        return None
    outputs = [sample.output for sample in public.samples if sample.output is not None]
    words = _truth_words(outputs)
    body = _python_main if language == "python" else _cpp_main
    program = f"{_headed(language, source)}\n{body(function, layout, words)}"
    return program, f"calls {function.name} on input read as {layout}"


def instead_of_demonstration(
    language: str, source: str, public: PublicProblem
) -> tuple[str, str] | None:
    """Replace a main program that reads nothing by one that reads input, as `wrap` does.

    None if it does read, or if the rest is no function that can be called on the samples.
    """
    if detect.reads_input(language, source):
        return None
    return wrap(language, _without_main(language, source), public)


def fit_to_grader(language: str, source: str, public: PublicProblem) -> str:
    """Make functions compile with a problem's grader: without their own main, with its header."""
    source = _without_main(language, source)
    if language != "cpp":
        return source
    header = next(
        (file.name for file in public.grader_files if file.name.endswith((".h", ".hpp"))), None
    )
    if header is not None and not re.search(rf'#\s*include\s*"{re.escape(header)}"', source):
        source = f'#include "{header}"\n{source}'
    return _headed(language, source) if _STANDARD_NAME.search(source) else source


def _headed(language: str, source: str) -> str:
    """Give C++ text without any system header the one that holds everything."""
    if language != "cpp" or re.search(r"#\s*include\s*<", source):
        return source
    return f"#include <bits/stdc++.h>\nusing namespace std;\n{source}"


def _without_main(language: str, source: str) -> str:
    """Take out `main`, or what a Python file would read and print when a grader imports it."""
    data = source.encode()
    for node in reversed(detect.parse(language, source).root_node.children):
        if language == "cpp":
            drop = node.type == "function_definition" and name_of(node) == "main"
        else:
            drop = "definition" not in node.type and bool(_READS_OR_PRINTS.search(text_of(node)))
        if drop:
            data = data[: node.start_byte] + data[node.end_byte :]
    return data.decode(errors="replace").rstrip() + "\n"


def _asked_for(found: Sequence[Function], source: str) -> Function | None:
    """The one with a usual name, else the last one that no other calls."""
    usual = [function for function in found if function.name in _USUAL_NAMES]
    calls = Counter(re.findall(r"\b(\w+)\s*\(", source))
    uncalled = [function for function in found if calls[function.name] == 1]
    chosen = usual or uncalled or found
    return chosen[-1] if chosen else None


def _layout(function: Function, inputs: Sequence[str]) -> Layout | None:
    count = len(function.parameters)
    if count == 0:
        return "nothing"
    if not inputs:
        return None
    lists = [_is_list(kind) for kind in function.parameters]
    fits: dict[Layout, bool] = {
        "scalars": not any(lists) and all(len(text.split()) == count for text in inputs),
        "counted": not any(lists[:-1])
        and count <= 2
        and (lists[-1] or function.parameters[-1] == "")
        and all(_is_counted(text.split()) for text in inputs),
        "lines": all(_fits_lines(text, lists) for text in inputs),
    }
    return next((layout for layout, fit in fits.items() if fit), None)


def _is_list(kind: str) -> bool:
    return bool(re.match(r"(?:std::)?vector\b|(?:typing\.)?[Ll]ist\b", kind))


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


def _python_main(function: Function, layout: Layout, words: tuple[str, str]) -> str:
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
    lists = [_is_list(kind) for kind in function.parameters]
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


def _cpp_main(function: Function, layout: Layout, words: tuple[str, str]) -> str:
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
