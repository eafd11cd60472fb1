"""What a piece of text is: which language, a whole program or a part, and where it breaks off."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator
from functools import cache

import tree_sitter_cpp
import tree_sitter_python
from tree_sitter import Language, Node, Parser, Tree

_LABELS = {
    "cpp": "cpp", "c++": "cpp", "cc": "cpp", "cxx": "cpp", "c": "cpp", "c++17": "cpp",
    "c++20": "cpp", "cpp17": "cpp", "h": "cpp", "hpp": "cpp", "arduino": "cpp",
    "python": "python", "py": "python", "python3": "python", "python2": "python",
    "py3": "python", "pypy": "python", "pypy3": "python", "cpython": "python",
}  # fmt: skip

_FOREIGN = {
    "java": r"\bpublic\s+(?:static\s+|final\s+)*(?:class|void)\b|System\.out\.|import java\.",
    "javascript": r"console\.log|\brequire\(['\"]|=>\s*\{|\bconst \w+ = |process\.stdin",
    "rust": r"\bfn \w+\(|\blet mut\b|println!\(",
    "go": r"^package \w+|\bfunc \w+\(|fmt\.(?:Print|Scan)",
    "c#": r"^using System|Console\.(?:Write|Read)",
    "kotlin": r"\bfun main\(|\breadLine\(\)|\breadln\(",
    "haskell": r"^main\s*(?:=|::)|^import\s+(?:qualified\s+)?Data\.",
    "pascal": r"^[ \t]*end\.[ \t]*$|\bwriteln\(|\breadln\(",
    "ruby": r"\bgets\.|^[ \t]*puts\b|\.each do\b",
    "bash": r"^[ \t]*(?:\$ |g\+\+ |python3? \S+\.py|\./\w+)",
}
_SIGNS = {
    "cpp": r"#\s*include\b|\bint\s+main\s*\(|\bstd::|\bcout\s*<<|\bcin\s*>>|\busing namespace\b"
    r"|\b(?:printf|scanf)\s*\("
    r"|^[ \t]*(?:int|void|long long|double|bool|string|vector<.*>)\s+\w+\s*[(;=\[]",
    "python": r"^[ \t]*(?:def|class)[ \t]+\w+.*:[ \t]*(?:#.*)?$"
    r"|^[ \t]*(?:import|from)[ \t]+[\w.]+(?:[ \t]+(?:import|as)\b.*)?$"
    r"|\binput\(\)|\bprint\(|\bsys\.stdin\b"
    r"|^[ \t]*(?:for|if|while|elif|else|try|with)\b.*:[ \t]*(?:#.*)?$",
}


@cache
def _grammar(language: str) -> Language:
    grammar = tree_sitter_cpp if language == "cpp" else tree_sitter_python
    return Language(grammar.language())


def parse(language: str, code: str) -> Tree:
    """Parse with tree-sitter; it never fails, errors are nodes of the tree."""
    return Parser(_grammar(language)).parse(code.encode(errors="replace"))


def labelled(info: str) -> str | None:
    """Return the language family that a fence names: `cpp`, `python`, or None."""
    return _LABELS.get(info)


def language_of(code: str) -> str | None:
    """Tell `cpp`, `python` or another language's name from the text itself; None if unclear."""
    scores = {name: len(re.findall(sign, code, re.MULTILINE)) for name, sign in _SIGNS.items()}
    if re.search(r"^[ \t]*#\s*include\b", code, re.MULTILINE):
        scores["cpp"] += 5
    foreign = {name: len(re.findall(sign, code, re.MULTILINE)) for name, sign in _FOREIGN.items()}
    best = max(scores, key=lambda name: scores[name])
    other = max(foreign, key=lambda name: foreign[name])
    if foreign[other] > scores[best] or (foreign[other] and foreign[other] == scores[best]):
        return other
    if scores["cpp"] == scores["python"]:
        return None
    return best


def is_whole(language: str, code: str) -> bool:
    """Whether this is a program of its own: a `main`, or statements that run by themselves."""
    root = parse(language, code).root_node
    if language == "cpp":
        return has_main(code)
    return any(_acts(node) for node in root.children)


_READS = re.compile(
    r"\binput\s*\(|\bstdin\b|\bopen\s*\(|\bfileinput\b|\bos\.read\b|\breadlines?\b"
    r"|\bcin\b|\bw?scanf(?:_s)?\b|\bget(?:char|line|c|s)\w*\s*\(|\bfread\w*\b|\bread\s*\("
    r"|\bi[f]?stream\b|\bistreambuf_iterator\b|\bfreopen\b|\bfgets\b"
)


def reads_input(language: str, code: str) -> bool:
    """Whether a program takes any input; comments do not count."""
    comment = r"#[^\n]*" if language == "python" else r"//[^\n]*|/\*[\s\S]*?(?:\*/|\Z)"
    return _READS.search(re.sub(comment, " ", code)) is not None


def calls_unknown(language: str, code: str) -> bool:
    """Whether Python text calls a function that it neither defines nor imports."""
    if language != "python":
        return False
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    known, called = set(dir(builtins)), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            known.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            if any(one.name == "*" for one in node.names):
                return False
            known.update((one.asname or one.name).partition(".")[0] for one in node.names)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            known.add(node.id)
        elif isinstance(node, ast.arg):
            known.add(node.arg)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            called.add(node.func.id)
    return not called <= known


def has_main(code: str) -> bool:
    """Whether C++ text defines `main`."""
    bare = re.sub(r"//[^\n]*|/\*[\s\S]*?(?:\*/|\Z)", " ", code)
    return (
        re.search(
            r"\bmain\s*\([^;{]{0,300}\)\s*(?:noexcept\s*)?(?:->\s*int\s*)?(?:try\s*)?\{", bare
        )
        is not None
    )


_PASSIVE = {
    "import_statement", "import_from_statement", "future_import_statement", "comment",
    "function_definition", "class_definition", "decorated_definition", "global_statement",
    "pass_statement",
}  # fmt: skip


def _acts(node: Node) -> bool:
    """Whether a top-level statement of Python does something by itself."""
    if node.type in _PASSIVE or node.type == "ERROR":
        return False
    if node.type == "expression_statement":
        inner = node.children[0] if node.children else node
        if inner.type in ("string", "identifier", "type"):
            return False
        if inner.type in ("assignment", "augmented_assignment"):
            return b"input" in (inner.text or b"") or b"stdin" in (inner.text or b"")
        return any(n.type in ("call", "await") for n in walk(inner))
    return any(n.type == "call" for n in walk(node))


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all below it, in the order of the text."""
    todo = [node]
    while todo:
        node = todo.pop()
        yield node
        todo.extend(reversed(node.children))


def error_bytes(language: str, code: str) -> int:
    """Bytes that the grammar could not make sense of, plus one for each missing token."""
    root = parse(language, code).root_node
    if not root.has_error:
        return 0
    total, todo = 0, [root]
    while todo:
        node = todo.pop()
        if node.is_missing:
            total += 1
        elif node.type == "ERROR":
            total += max(1, node.end_byte - node.start_byte)
        elif node.has_error:
            todo.extend(node.children)
    return total


_CPP_PIECES = re.compile(
    r"""//[^\n]*|/\*[\s\S]*?\*/|(?P<open_comment>/\*)
    |"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'|(?P<quote>["'])
    |^[ \t]*\#(?:\\\n|[^\n])*|(?P<bracket>[(){}\[\]])""",
    re.VERBOSE | re.MULTILINE,
)
_RAW_STRING = re.compile(r'\bR"([^()\\\s"]{0,16})\(')
_PAIRS = {")": "(", "]": "[", "}": "{"}


def unbalanced(code: str) -> str | None:
    """Return why the brackets of C++ text do not match, or None if they do.

    Text in comments, strings and preprocessor lines does not count; a text whose macros hold
    braces cannot be told and counts as balanced.
    """
    if re.search(r"^[ \t]*#[ \t]*define\b.*[{}]", code, re.MULTILINE) or "#if" in code:
        return None
    stack: list[str] = []
    for match in _CPP_PIECES.finditer(_without_raw_strings(code)):
        if match["open_comment"]:
            return "a comment is not closed"
        bracket = match["bracket"]
        if not bracket:
            continue
        if bracket in "([{":
            stack.append(bracket)
        elif not stack or stack.pop() != _PAIRS[bracket]:
            return f"`{bracket}` closes nothing"
    return f"{len(stack)} brackets are not closed, the last is `{stack[-1]}`" if stack else None


def _without_raw_strings(code: str) -> str:
    """Empty the raw strings of C++ text; one that is not closed stays."""
    kept: list[str] = []
    place = 0
    open_ended: set[str] = set()
    for match in _RAW_STRING.finditer(code):
        if match.start() < place or match[1] in open_ended:
            continue
        end = code.find(f'){match[1]}"', match.end())
        if end < 0:
            open_ended.add(match[1])
            continue
        kept += [code[place : match.start()], '""']
        place = end + len(match[1]) + 2
    return "".join([*kept, code[place:]])


def breaks_off(language: str, code: str) -> str | None:
    """Return how a text shows that it was cut in the middle, or None if it may be whole."""
    stripped = code.rstrip()
    if not stripped:
        return "nothing was written"
    if language == "cpp":
        why = unbalanced(stripped)
        if why is not None and "closes nothing" not in why:
            return why
        return (
            None
            if stripped[-1] in "};>" or stripped.endswith("*/") or _last_line_is_inert(stripped)
            else "it ends inside a statement"
        )
    last = stripped.rsplit("\n", 1)[-1]
    if last.endswith(
        ("\\", ",", "(", "[", "{", "=", "+", "-", "*", "/", " and", " or", " not", " in")
    ):
        return "it ends inside a statement"
    if last.endswith(":") and not last.lstrip().startswith("#"):
        return "its last block is empty"
    if _open_python(stripped):
        return "it ends inside a bracket or a string"
    return None


def _last_line_is_inert(code: str) -> bool:
    last = code.rsplit("\n", 1)[-1].lstrip()
    return last.startswith(("//", "#"))


_PYTHON_PIECES = re.compile(
    r"""\#[^\n]*|'''(?:\\.|[^\\])*?'''|\"\"\"(?:\\.|[^\\])*?\"\"\"|(?P<open>'''|\"\"\")
    |"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|(?P<quote>["'])|(?P<bracket>[(){}\[\]])""",
    re.VERBOSE | re.DOTALL,
)


def _open_python(code: str) -> bool:
    depth = 0
    for match in _PYTHON_PIECES.finditer(code):
        if match["open"] or (match["quote"] and "\n" not in code[match.end() :]):
            return True
        if match["bracket"]:
            depth += 1 if match["bracket"] in "([{" else -1
    return depth > 0
