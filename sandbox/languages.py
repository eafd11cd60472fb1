"""How each language is compiled and run: the table of languages, and that of their families.

A language that is judged is a row in each (one in `LANGUAGES` where the family is there already);
what models write in has a row in `agent/languages/` beside.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath

from medalist.sandbox.box import Source
from medalist.sandbox.further_languages import FAMILY_ROWS, ROWS
from medalist.sandbox.language import OUTPUT, Family, Language

FAST_LINKER = "-fuse-ld=gold"
"""Links in half the time; `compile.py` leaves it out where it is not installed."""

_GNU = (
    # Warnings cost time and say nothing about whether a program compiles.
    "-w",
    # One template error can fill megabytes: five errors, three levels, no colours, no links.
    "-fmax-errors=5",
    "-ftemplate-backtrace-limit=3",
    "-fdiagnostics-color=never",
    "-fdiagnostics-urls=never",
    "-pipe",
    "-O2",
    # Judges define it, and programs that read a file elsewhere ask for it.
    "-DONLINE_JUDGE",
    # Files beside the program can be included as <name>, where no system header has that name.
    "-idirafter",
    ".",
    # A static program starts in half the time of a dynamic one, and needs no library in its box.
    "-static",
    "-s",
    FAST_LINKER,
)

# Compiles every file and prints no more than the error itself. A file that is too deep for the
# parser fails here as it would when run, so every exception counts.
_PYTHON_CHECK = """\
import sys
for name in sys.argv[1:]:
    try:
        with open(name, 'rb') as file:
            compile(file.read(), name, 'exec', dont_inherit=True)
    except Exception as error:
        import traceback
        sys.exit(''.join(traceback.format_exception_only(error)))
"""


def _gnu_cpp(year: int) -> Language:
    return Language(
        name=f"cpp{year}",
        title=f"C++{year}",
        family="cpp",
        default_name="main.cpp",
        extensions=(".cpp", ".cc", ".cxx", ".c++", ".cp", ".C"),
        compile=("/usr/bin/g++", f"-std=gnu++{year}", *_GNU, "{sources}", "-o", OUTPUT),
        run=("{main}",),
        produces="binary",
        standard=f"gnu++{year}",
        forced="c++",
    )


def _any_cpp(*tries: Language, name: str, title: str, aliases: tuple[str, ...] = ()) -> Language:
    """C++ of whichever of several standards compiles first.

    A program that was written for one standard may not compile by another: names that a newer one
    takes (`concept`, `std::count` beside `using namespace std`), parts that it lacks.
    """
    names = tuple(row.name for row in tries)
    return replace(tries[0], name=name, title=title, tries=names, aliases=aliases)


def _checked_cpp(year: int) -> Language:
    """C++ that stops with a message where a usual build continues with nonsense.

    Not the address sanitizer: it needs a dynamic program and terabytes of address space.
    """
    usual = _gnu_cpp(year)
    checks = ("-g1", "-D_GLIBCXX_ASSERTIONS", "-fsanitize=undefined", "-fno-sanitize-recover=all")
    flags = tuple("-O1" if word == "-O2" else word for word in usual.compile if word != "-s")
    return replace(
        usual,
        name=f"{usual.name}-checked",
        title=f"{usual.title} with run-time checks",
        compile=(flags[0], *checks, *flags[1:]),
    )


def _gnu_c(year: int) -> Language:
    return Language(
        name=f"c{year}",
        title=f"C{year}",
        family="c",
        default_name="main.c",
        extensions=(".c",),
        compile=("/usr/bin/gcc", f"-std=gnu{year}", *_GNU, "{sources}", "-lm", "-o", OUTPUT),
        run=("{main}",),
        produces="binary",
        standard=f"gnu{year}",
        forced="c",
    )


def _python(name: str, title: str, aliases: tuple[str, ...]) -> Language:
    # Not -I: it would hide a grader beside the program. Not -S: `exit()` is defined by `site`.
    isolated = (f"/usr/bin/{name}", "-E", "-s", "-B")
    return Language(
        name=name,
        title=title,
        family="python",
        default_name="main.py",
        extensions=(".py", ".py3"),
        compile=(*isolated, "-W", "ignore", "-c", _PYTHON_CHECK, "{sources}"),
        run=(*isolated, "{main}"),
        produces="scripts",
        package=name,
        aliases=aliases,
    )


LANGUAGES: dict[str, Language] = {
    language.name: language
    for language in (
        _any_cpp(
            *map(_gnu_cpp, (20, 17, 23)),
            name="cpp",
            title="C++",
            aliases=("c++", "cc", "cxx", "g++", "clang++"),
        ),
        *map(_gnu_cpp, (11, 14, 17, 20, 23)),
        _checked_cpp(17),
        _checked_cpp(20),
        _any_cpp(
            _checked_cpp(20),
            _checked_cpp(17),
            name="cpp-checked",
            title="C++ with run-time checks",
        ),
        _gnu_c(11),
        replace(_gnu_c(17), aliases=("gcc",)),
        _python("python3", "Python 3", ("py", "py3")),
        _python("pypy3", "PyPy 3", ("pypy",)),
        *ROWS,
    )
}

FAMILIES: dict[str, Family] = {
    family.name: family
    for family in (
        Family(
            name="cpp",
            title="C++",
            default="cpp",
            code="cpp",
            known_good="#include <iostream>\nint main() { std::cout << 1; }\n",
            version=("/usr/bin/g++", "-v"),
            runtime="c",
            sign="#include",
        ),
        Family(
            name="c",
            title="C",
            default="c17",
            code="c",
            known_good='#include <stdio.h>\nint main(void) { puts("1"); }\n',
            version=("/usr/bin/g++", "-v"),
            runtime="c",
        ),
        Family(
            name="python",
            title="Python 3",
            default="python3",
            code="python3",
            known_good="print(1)\n",
            version=("/usr/bin/python3", "-VV"),
            runtime="python",
            sign=r"\A#![^\n]*py",
        ),
        *FAMILY_ROWS,
    )
}

C_FAMILIES = tuple(sorted(name for name, row in FAMILIES.items() if row.runtime == "c"))
"""The families that share headers and graders written in C."""


def default_row(family: str) -> Language:
    """Return the row that is taken for a family where nothing says more."""
    return LANGUAGES[FAMILIES[family].default]


def packages() -> list[str]:
    """Return the Debian packages that bring the compilers of all rows, each once."""
    return list(dict.fromkeys(word for row in LANGUAGES.values() for word in row.package.split()))


def row_named(word: str) -> Language | None:
    """Return the row that a word means: a row's own name, an alias of it, or a family's name."""
    word = word.strip().lower()
    if word in LANGUAGES:
        return LANGUAGES[word]
    if word in FAMILIES:
        return default_row(word)
    return next((row for row in LANGUAGES.values() if word in row.aliases), None)


def row_begun(words: str) -> Language | None:
    """Return the row whose name or alias, or whose family's name, some words begin with.

    People write versions and compilers behind it: `C++17 (GCC 9)`, `PyPy 3-64`. Python 2 is another
    language.
    """
    words = words.strip().lower()
    if _PYTHON_2.match(words):
        return None
    names = {*LANGUAGES, *FAMILIES, *(alias for row in LANGUAGES.values() for alias in row.aliases)}
    for name in sorted(names, key=len, reverse=True):
        longer_word = words[len(name) :][:1] if name[-1].isalpha() else ""
        if words.startswith(name) and not (longer_word.isalpha() or longer_word in tuple("+#/")):
            return row_named(name)
    return None


_PYTHON_2 = re.compile(r"(?:cpython|python|pypy|py)\W*2")


def file_ending(family: str) -> str:
    """Return the usual ending of a family's files, without a dot."""
    return PurePosixPath(default_row(family).default_name).suffix[1:]


def source(language: str, text: str | bytes, name: str | None = None) -> Source:
    """Make a one-file source; without `name` the language's usual one is taken."""
    content = text.encode() if isinstance(text, str) else text
    main = name or LANGUAGES[language].default_name
    return Source(language, {main: content}, main)


def language_of(file_name: str, text: str) -> str | None:
    """Name the language of a source by its file name, and where that says nothing by its text.

    Returns:
        A name of the table; None if it is not one of its languages.
    """
    for family in FAMILIES.values():
        if LANGUAGES[family.default].takes(file_name):
            return _dialect(family.default, text)
    if PurePosixPath(file_name).suffix:
        return None
    # Backwards: a first line that names an interpreter says more than an `#include` below it.
    named = (row.default for row in reversed(FAMILIES.values()) if re.search(row.sign, text))
    return next((_dialect(name, text) for name in named), None)


_YEAR = re.compile(r"(?:gnu|c|g|clang)\+\+\W{0,3}(\d\w)\b|\bcpp(\d\w)\b", re.IGNORECASE)
_TAG = re.compile(r"@std\b\W{0,3}([^\n]{1,20})")
_YEARS = {"98": 11, "03": 11, "0x": 11, "11": 11, "1y": 14, "14": 14, "1z": 17, "17": 17,
          "2a": 20, "20": 20, "2b": 23, "23": 23}  # fmt: skip


def cpp_of(standard: str) -> str | None:
    """Name the row of a C++ standard as people write it: `gnu++20`, `cpp.g++17`, `C++2a`, `20`.

    Returns:
        A name of the table; None where no standard is named.
    """
    match = _YEAR.search(standard)
    year = (match[1] or match[2]) if match else standard.strip()
    year_of = _YEARS.get(year.lower())
    return f"cpp{year_of}" if year_of else None


def _dialect(name: str, text: str) -> str:
    first_line = text.split("\n", 1)[0]
    if name == "cpp" and (tag := _TAG.search(text)):
        return cpp_of(tag[1]) or name
    if name == "python3" and first_line.startswith("#!") and "pypy" in first_line:
        return "pypy3"
    return name
