"""What a row of the table of languages says, and what a family of rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from medalist.sandbox.box import Command, Executable, Source

OUTPUT = "a.out"
"""What compilers of the table leave in the working directory."""


@dataclass(frozen=True)
class Language:
    """One row of the table.

    Attributes:
        name: Its name everywhere in medalist.
        title: What people call it.
        family: The family that it belongs to: what a model or a problem package calls it.
        default_name: The file name of a one-file source.
        extensions: File names that mark a source of the family, lower case but for `.C`.
        compile: Command line; `{sources}` stands for the source files, the main one first.
        run: Command line; `{main}` stands for the file that is executed or interpreted.
        produces: `binary` (`OUTPUT` in the working directory), or `scripts` (the files as
            given, which the compile command has only checked).
        package: The Debian package that brings its compiler or interpreter.
        standard: What the compiler is told to speak, for example `gnu++20`.
        tries: Rows that are tried in turn until one compiles, instead of this one.
        aliases: Other names of the row, as people and packages write them, in lower case.
        forced: What the compiler is told to take the files for (`-x c++`) where their names say
            otherwise; empty for a compiler that goes by no names.
    """

    name: str
    title: str
    family: str
    default_name: str
    extensions: tuple[str, ...]
    compile: tuple[str, ...]
    run: tuple[str, ...]
    produces: Literal["binary", "scripts"]
    package: str = "g++"
    standard: str = ""
    tries: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    forced: str = ""

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
        if self.forced and not all(map(self.takes, sources)):
            # Left to the name, the compiler would take it for a header, or hand it to the linker.
            names = ["-x", self.forced, *names, "-x", "none"]
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


@dataclass(frozen=True)
class Family:
    """A language of whichever standard or interpreter: what a package means by `cpp` or `python`.

    Attributes:
        name: Its name everywhere in medalist.
        title: What people call it.
        default: The row of the table that is taken where nothing says more.
        code: What problem packages (`include/python3`) and the ICPC's Contest API call it.
        known_good: A program that compiles wherever the compiler or interpreter is there.
        version: The command that tells the version of its compiler or interpreter.
        runtime: What a judge can lay beside a program: `c`, a file in C that is compiled with it;
            `python`, a script that runs it (and a grader imports it). None: nothing. Then a
            grader's files only lie beside the program, an interactive program has to flush by
            itself, and DMOJ's bound of addresses is not set.
        sign: A pattern by which the text of a file without an ending is known, `(?!)` for none.
    """

    name: str
    title: str
    default: str
    code: str
    known_good: str
    version: tuple[str, ...]
    runtime: Literal["c", "python"] | None = None
    sign: str = r"(?!)"
