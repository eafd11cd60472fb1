"""How each language is compiled and run; adding a language is adding a row to the table."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Literal

from medalist.sandbox.box import Executable, Source
from medalist.sandbox.session import Command

OUTPUT = "a.out"
"""What compilers of the table leave in the working directory."""

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


@dataclass(frozen=True)
class Language:
    """One row of the table.

    Attributes:
        name: Its name everywhere in medalist.
        title: What people call it.
        family: What a model or a problem package calls it.
        default_name: The file name of a one-file source.
        extensions: File names that mark a source of the family, lower case but for `.C`.
        compile: Command line; `{sources}` stands for the source files, the main one first.
        run: Command line; `{main}` stands for the file that is executed or interpreted.
        produces: `binary` (`OUTPUT` in the working directory), or `scripts` (the files as
            given, which the compile command has only checked).
        package: The Debian package that brings its compiler or interpreter.
        standard: What the compiler is told to speak, for example `gnu++20`.
        tries: Rows that are tried in turn until one compiles, instead of this one.
    """

    name: str
    title: str
    family: Literal["cpp", "c", "python"]
    default_name: str
    extensions: tuple[str, ...]
    compile: tuple[str, ...]
    run: tuple[str, ...]
    produces: Literal["binary", "scripts"]
    package: str = "g++"
    standard: str = ""
    tries: tuple[str, ...] = ()

    def sources(self, source: Source) -> list[str]:
        """Name the files of `source` that the compiler is given, the main one first."""
        others = (name for name in source.files if name != source.main and self.takes(name))
        return [source.main, *sorted(others)]

    def takes(self, file_name: str) -> bool:
        """Whether a file of this name is a source of the language (a header is not)."""
        suffix = PurePosixPath(file_name).suffix
        return (suffix if suffix == ".C" else suffix.lower()) in self.extensions

    def compile_argv(self, source: Source) -> tuple[str, ...]:
        """Return the command line that compiles `source` in a folder that holds its files."""
        # `./` keeps a file named like an option from being one.
        sources = self.sources(source)
        names = [f"./{name}" for name in sources]
        if self.standard and not all(map(self.takes, sources)):
            # Left to the name, the compiler would take it for a header, or hand it to the linker.
            names = ["-x", "c" if self.family == "c" else "c++", *names, "-x", "none"]
        flags = source.flags if self.produces == "binary" else ()
        argv: list[str] = []
        for word in self.compile:
            argv += [*flags, *names] if word == "{sources}" else [word]
        # The linker takes from a library what was missing before it.
        return (*argv, *(flag for flag in flags if flag.startswith("-l")))

    def command(self, executable: Executable) -> Command:
        """Return the command that runs `executable` in a box."""
        argv = tuple(word.replace("{main}", executable.main) for word in self.run)
        if self.produces == "binary":
            return Command(argv, binary=executable.files[executable.main])
        return Command(argv, files=executable.files)


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
    )


def _any_cpp(*tries: Language, name: str, title: str) -> Language:
    """C++ of whichever of several standards compiles first.

    A program that was written for one standard may not compile by another: names that a newer one
    takes (`concept`, `std::count` beside `using namespace std`), parts that it lacks.
    """
    return replace(tries[0], name=name, title=title, tries=tuple(row.name for row in tries))


def _checked_cpp(year: int) -> Language:
    """C++ that stops with a message where a usual build goes on with nonsense.

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
    )


def _python(name: str, title: str, interpreter: str, package: str) -> Language:
    # Not -I: it would hide a grader beside the program. Not -S: `exit()` is defined by `site`.
    isolated = (interpreter, "-E", "-s", "-B")
    return Language(
        name=name,
        title=title,
        family="python",
        default_name="main.py",
        extensions=(".py", ".py3"),
        compile=(*isolated, "-W", "ignore", "-c", _PYTHON_CHECK, "{sources}"),
        run=(*isolated, "{main}"),
        produces="scripts",
        package=package,
    )


LANGUAGES: dict[str, Language] = {
    language.name: language
    for language in (
        _any_cpp(_gnu_cpp(20), _gnu_cpp(17), _gnu_cpp(23), name="cpp", title="C++"),
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
        _gnu_c(17),
        _python("python3", "Python 3", "/usr/bin/python3", "python3"),
        _python("pypy3", "PyPy 3", "/usr/bin/pypy3", "pypy3"),
    )
}

_DEFAULTS = ("cpp", "c17", "python3")
"""What a file of a family is taken for where nothing says more."""


def language_of(file_name: str, text: str) -> str | None:
    """Name the language of a source by its file name, and where that says nothing by its text.

    Returns:
        A name of the table; None if it is none of its languages.
    """
    for name in _DEFAULTS:
        if LANGUAGES[name].takes(file_name):
            return _dialect(name, text)
    if PurePosixPath(file_name).suffix:
        return None
    if text.startswith("#!") and "py" in text.split("\n", 1)[0]:
        return _dialect("python3", text)
    return _dialect("cpp", text) if "#include" in text else None


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
    found = _YEARS.get(year.lower())
    return f"cpp{found}" if found else None


def _dialect(name: str, text: str) -> str:
    first_line = text.split("\n", 1)[0]
    if name == "cpp" and (tag := _TAG.search(text)):
        return cpp_of(tag[1]) or name
    if name == "python3" and first_line.startswith("#!") and "pypy" in first_line:
        return "pypy3"
    return name
