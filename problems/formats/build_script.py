"""What the build and run scripts of a package's own program say, without running them.

Kattis runs `build`, which must leave a program `run`. Nearly all of these scripts are one call of
a compiler, or of an interpreter; what such a call says of include folders, macros, sources and
the standard is carried over to our own compilation.
"""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from medalist.sandbox.languages import C_FAMILIES, LANGUAGES

_COMPILER = re.compile(r"(?:.*/)?(?:g\+\+|gcc|clang\+\+|clang|c\+\+|cc)(?:-\d+(?:\.\d+)*)?")
_COMPILER_VARIABLE = re.compile(r"\$\{?(?:CXX|CC)(?::-[^}]*)?\}?")
_INTERPRETER = re.compile(r"(?:.*/)?(?:python|pypy)[\d.]*")
_HERE = re.compile(r"\$\([^()]*(?:\([^()]*\)[^()]*)*\)|`[^`]*`|\$\{[^}]*\}|\$\w+")
_SHELL = re.compile(r"\b(?:ba|da|k|z)?sh\b")
_ALL = re.compile(r"\$(?:[@*]|\{[@*]\})")
_NUMBERED = re.compile(r"\$\{?([1-9])\}?")
_SETS = re.compile(r"[A-Za-z_]\w*=")
_QUIET = {"set", "cd", "export", "exit", "ulimit", "umask", "true", ":", "echo", "printf", "chmod"}
_CONTROL = {"if", "for", "while", "until", "case", "shift", "function", "{", "!", "("}
_STANDARD = re.compile(r"-std=(?:c|gnu)\+\+(\w+)")
_YEARS = {"1z": 17, "2a": 20, "2b": 23, "2c": 23, "14": 17, "11": 17, "1y": 17, "0x": 17}
_SOURCES = tuple(
    ending for row in LANGUAGES.values() if row.family in C_FAMILIES for ending in row.extensions
)


@dataclass
class _Call:
    """One call of a compiler."""

    sources: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    year: int | None = None


@dataclass(frozen=True)
class Built:
    """A program as its scripts build it; `flags` are options for the compiler."""

    files: dict[str, bytes]
    main: str
    language: str | None
    flags: tuple[str, ...] = ()


def built_as(files: Mapping[str, bytes], main: str, language: str | None) -> Built:
    """Return files, main file, language and options of a program, as its scripts ask.

    What the scripts do not say in a way that can be read stays as it was.
    """
    calls = list(_compilations(files))
    call = next((call for call in calls if call.sources), None)
    if call is None:
        script = next(_interpreted(files), None)
        return Built(dict(files), script or main, "python3" if script else language)
    compiled = [source for call in calls for source in call.sources]
    others = {name for name in files if name.endswith(_SOURCES)} - set(compiled)
    kept = {name: text for name, text in files.items() if name not in others}
    first = main if main in compiled else call.sources[0]
    if language is None or not language.startswith("c"):
        language = "c17" if first.endswith(".c") else "cpp"
    year = next((call.year for call in calls if call.year), None)
    if year and language.startswith("cpp") and f"cpp{year}" in LANGUAGES:
        language = f"cpp{year}"
    flags = dict.fromkeys(flag for call in calls for flag in call.flags)
    return Built(kept, first, language, tuple(flags))


def hands_on_all(script: bytes) -> bool:
    """Whether a `run` script in a shell's language starts one program with the arguments that the
    script itself is given, and does nothing else (or is no such script).

    Words that set variables, folders or options, or only talk on stderr, are nothing.
    """
    text = script.decode("utf-8", "replace").replace("\\\n", " ")
    first, _, rest = text.partition("\n")
    if first.startswith("#!"):
        if not _SHELL.search(first):
            return True
        text = rest
    given: list[str] = []
    calls: list[list[str]] = []
    for line in text.splitlines():
        line = _HERE.sub(".", _NUMBERED.sub(r"@\1", _ALL.sub("@@", line)))
        try:
            lexer = shlex.shlex(line, posix=True, punctuation_chars=";&|<>()")
            lexer.whitespace_split = True
            words = list(lexer)
        except ValueError:
            return False
        given += [word for word in words if "@" in word]
        for command in _commands(words):
            if command[0] in _CONTROL or "<" in command or "|" in command:
                return False
            if command[0] not in _QUIET and not _SETS.match(command[0]):
                calls.append([word for word in command if "@" in word])
    in_order = ["@1", "@2", "@3"]
    return len(calls) == 1 and (
        not given or "@@" in calls[0] or calls[0] == in_order[: len(calls[0])] != []
    )


def _commands(words: list[str]) -> Iterator[list[str]]:
    """Yield the words of each command of a line; a redirection to a file counts as `<`."""
    command: list[str] = []
    for word, following in pairwise([*words, ";", ";"]):
        if word in (";", "&&", "||"):
            if command:
                yield command
            command = []
        elif word in (">", ">>", "<"):
            command += ["<"] if following not in ("/dev/null", "/dev/stderr", "/dev/stdin") else []
        else:
            command.append(word)


def _lines(files: Mapping[str, bytes]) -> Iterator[list[str]]:
    """Yield the words of each line of the scripts; `.` stands for what a shell would work out."""
    for name in ("build", "build.sh", "run", "Makefile", "makefile"):
        text = files.get(name, b"").decode("utf-8", "replace").replace("\\\n", " ")
        for line in text.splitlines():
            line = _COMPILER_VARIABLE.sub("g++", line)
            try:
                yield shlex.split(_HERE.sub(".", line), comments=True)
            except ValueError:
                continue


def _compilations(files: Mapping[str, bytes]) -> Iterator[_Call]:
    for words in _lines(files):
        at = next((n for n, word in enumerate(words) if _COMPILER.fullmatch(word)), None)
        if at is not None:
            yield _call(words[at + 1 :], files)


def _call(words: list[str], files: Mapping[str, bytes]) -> _Call:
    call = _Call()
    rest = iter(words)
    for word in rest:
        if word in ("&&", "||", ";", "|"):
            break
        if word in ("-o", "-x", "-MF"):
            next(rest, None)
        elif word.startswith(("-I", "-iquote", "-isystem")):
            inner = re.sub(r"^-(?:I|iquote|isystem)", "", word) or next(rest, ".")
            folder = posixpath.normpath(inner.lstrip("/") or ".")
            call.flags += [] if folder.startswith("..") else [f"-I./{folder}"]
        elif word.startswith("-D"):
            name, _, value = (word[2:] or next(rest, "")).partition("=")
            if re.fullmatch(r"\w+", name):
                call.flags.append(f"-D{name}={value or '1'}")
        elif standard := _STANDARD.fullmatch(word):
            digits = standard[1]
            call.year = _YEARS.get(digits) or (int(digits) if digits.isdecimal() else None)
        else:
            call.sources += _matching(word, files)
    return call


def _matching(word: str, files: Mapping[str, bytes]) -> list[str]:
    """Return the sources that a word names; a `*` stands for part of a file's name."""
    path = posixpath.normpath(word.lstrip("/") or ".")
    pattern = re.compile("[^/]*".join(re.escape(part) for part in path.split("*")))
    return [name for name in files if name.endswith(_SOURCES) and pattern.fullmatch(name)]


def _interpreted(files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield the Python files that the scripts run."""
    for words in _lines(files):
        at = next((n for n, word in enumerate(words) if _INTERPRETER.fullmatch(word)), None)
        for word in words[at + 1 :] if at is not None else ():
            path = posixpath.normpath(word.lstrip("/") or ".")
            if path in files and path.endswith(".py"):
                yield path
