"""Checkers, interactors and generators that a DMOJ package brings as source."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass, replace
from typing import Any

from medalist.problems.dmoj_box import CHECKER, MAIN, box_files
from medalist.problems.formats.fields import Fields
from medalist.problems.formats.programs import is_header, judged_languages, language
from medalist.problems.formats.tree import PackageTree
from medalist.problems.helper import Helper, Protocol
from medalist.problems.startup import bounded
from medalist.sandbox.languages import LANGUAGES

# DMOJ's names of the languages that are run, with what their compilers get beside the table's.
_LANGUAGES: dict[str, tuple[str, tuple[str, ...]]] = {
    "C": ("c17", ("-std=gnu99",)), "C11": ("c11", ()), "C17": ("c17", ()), "CLANG": ("c17", ()),
    "CPP03": ("cpp17", ("-std=gnu++98",)), "CPP0X": ("cpp17", ("-std=gnu++11",)),
    "CPP11": ("cpp17", ("-std=gnu++11",)), "CPP14": ("cpp17", ("-std=gnu++14",)),
    "CPP17": ("cpp17", ()), "CPP20": ("cpp20", ()), "CPP23": ("cpp23", ()),
    "CLANGX": ("cpp17", ()), "CPPTHEMIS": ("cpp17", ("-std=gnu++14",)),
    "PY3": ("python3", ()), "PYPY3": ("python3", ()),
    "JAVA": ("java", ()), "JAVA8": ("java", ()), "JAVA11": ("java", ()), "JAVA17": ("java", ()),
    "KOTLIN": ("kotlin", ()), "RUST": ("rust", ()), "GO": ("go", ()), "GOLANG": ("go", ()),
    "MONOCS": ("csharp", ()), "V8JS": ("javascript", ()), "NODEJS": ("javascript", ()),
}  # fmt: skip
_PROTOCOLS: dict[str, Protocol] = {
    "default": "dmoj", "testlib": "dmoj-testlib", "coci": "dmoj-coci", "peg": "dmoj-peg",
    "cms": "cms", "lqdoj": "dmoj-lqdoj",
}  # fmt: skip
_FLAG = re.compile(r"-(?:[DUIOWfmgwl]\S*|std=\S+|pthread|pedantic\S*|ansi|static|pipe|s)")
_INCLUDE = re.compile(rb'^\s*#\s*include\s*["<]testlib\.h[">]', re.MULTILINE)
_IDLE = {"feedback", "cached", "compiler_time_limit", "unbuffered", "type", "lang", "files"}
_CPU_LIMIT_S = 600.0
_MEMORY_LIMIT_MB = 4096
_POINTS = ("treat_checker_points_as_percentage", "treat_checker_points_as_fraction")


def bridged(tree: PackageTree, args: Fields, role: str, warnings: list[str]) -> Helper:
    """Return a checker or interactor that the package brings as source.

    Args:
        tree: The package.
        args: `checker.args` or `interactive`.
        role: `checker` or `interactor`.
        warnings: Added to.

    Raises:
        BadInput: An argument of a wrong kind. What only hinders running it makes a helper that
            cannot be run.
    """
    kind = args.text("type") or "default"
    flags = list(args.texts("flags") or ())
    if kind == "cms":
        flags.append("-DCMS")
    named = NamedSource(args.texts("files") or (), args.text("lang"), tuple(flags))
    helper = source_program(tree, args, named, role)
    if kind not in _PROTOCOLS:
        helper = _broken(helper, f"type {kind!r} is not a way of calling that medalist knows")
    helper = replace(helper, protocol=_PROTOCOLS.get(kind, "dmoj"), call=_call(args))
    if role == "interactor" and kind in ("peg", "cms") and helper.call is None:
        helper = _broken(helper, f"type {kind!r} has no interactors")
    settings = {key: "true" for key in _POINTS if args.flag(key)}
    if settings and kind != "testlib":
        warnings.append(f"{args.file}: {args.name(next(iter(settings)))}: only for type testlib")
    if len(settings) > 1:
        helper = _broken(helper, f"{_POINTS[0]} and {_POINTS[1]} exclude each other")
    args.asked |= _IDLE
    if args.has("preprocessing_time"):
        args.asked.add("preprocessing_time")  # read by the caller: it is the interactor's
    warnings += args.unknown()
    cpu_s, memory_mb = helper_limits_of(args)
    helper = replace(helper, settings=settings, cpu_s=cpu_s)
    return helper if memory_mb is None else with_memory(helper, memory_mb)


@dataclass(frozen=True)
class NamedSource:
    """A program as a package names it.

    Attributes:
        files: Its files; the first source among them is the main one.
        language: DMOJ's name of its language; None for that of its main file.
        flags: Further options for its compiler.
    """

    files: tuple[str, ...]
    language: str | None = None
    flags: tuple[str, ...] = ()


def source_program(tree: PackageTree, fields: Fields, named: NamedSource, role: str) -> Helper:
    """Return a program that a package names."""
    names, lang, flags = named.files, named.language, named.flags
    files: dict[str, bytes] = {}
    broken = "" if names else "it has no files"
    for name in names:
        if name in tree:
            files[name.rsplit("/", 1)[-1]] = tree.read(name)
        else:
            broken = f"there is no file {name!r}"
    sources = [name for name in files if not is_header(name)]
    main = sources[0] if sources else ""
    # Judges have it installed; packages often bring it without naming it.
    wanted = "testlib.h" not in files and any(map(_INCLUDE.search, files.values()))
    if wanted and "testlib.h" in tree:
        files["testlib.h"] = tree.read("testlib.h")
    language_name: str | None = None
    standard: tuple[str, ...] = ()
    if lang is not None:
        language_name, standard = _LANGUAGES.get(lang.upper(), (None, ()))
    elif main:
        language_name = language(main, files[main])
    if not broken and not main:
        broken = "it has no source file"
    if not broken and language_name is None:
        broken = f"{lang or main or names[0]}: only {judged_languages('and')} are run"
    odd = next((flag for flag in flags if not _FLAG.fullmatch(flag)), None)
    if odd is not None:
        broken = broken or f"the compiler flag {odd!r} is not passed on"
    if language_name is not None and LANGUAGES[language_name].produces != "binary":
        flags = ()
    label = names[0] if names else fields.name(role)
    return Helper(
        label,
        language_name or "",
        files,
        main,
        compile_flags=(*standard, *flags),
        cannot_run=broken,
    )


def python_program(tree: PackageTree, name: str, role: str, settings: dict[str, Any]) -> Helper:
    """Return a checker or interactor that is written against DMOJ's Python interface."""
    broken = "" if name in tree else f"there is no file {name!r}"
    own = b"" if broken else tree.read(name)
    return Helper(
        name,
        "python3",
        box_files(role, own),
        MAIN,
        "dmoj-python",
        settings={key: json.dumps(value, default=str) for key, value in settings.items()},
        cannot_run=broken,
    )


def own_source(helper: Helper) -> bytes:
    """Return the package's own file of a Python program."""
    return helper.files.get(CHECKER, b"")


def _call(args: Fields) -> tuple[str, ...] | None:
    text = args.text("args_format_string")
    if not text:
        return None
    if not text.isprintable():
        raise args.bad("args_format_string", "must be printable")
    plain = text.replace("{{", "").replace("}}", "")
    unknown = set(re.findall(r"\{([^}]*)\}", plain)) - {"input_file", "output_file", "answer_file"}
    if unknown:
        raise args.bad("args_format_string", f"{{{min(unknown)}}} is not a file of a case")
    try:
        return tuple(shlex.split(text))
    except ValueError as error:
        raise args.bad("args_format_string", f"not a command line: {error}") from error


def with_memory(helper: Helper, memory_mb: int) -> Helper:
    """Return a program under a limit on memory, which also bounds what it reserves."""
    if helper.language not in LANGUAGES:
        return replace(helper, memory_mb=memory_mb)
    more = bounded(LANGUAGES[helper.language].family, memory_mb)
    return replace(helper, memory_mb=memory_mb, files={**helper.files, **more})


def helper_limits_of(args: Fields) -> tuple[float | None, int | None]:
    """Return `time_limit` in seconds and `memory_limit`, which is in KiB, in MiB."""
    cpu = args.number("time_limit", above=0)
    memory = args.number("memory_limit", above=0)
    # What a program needs before it does anything is not its author's limit.
    return (
        min(cpu, _CPU_LIMIT_S) if cpu else None,
        min(_MEMORY_LIMIT_MB, max(16, round(memory / 1024))) if memory else None,
    )


def _broken(helper: Helper, reason: str) -> Helper:
    return helper if helper.cannot_run else replace(helper, cannot_run=reason)
