"""What a row of the table of languages says, and what a family of rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Literal

from medalist.sandbox.box import Command, Executable, Source

OUTPUT = "a.out"
"""What compilers of the table leave in the working directory."""

_STACK_MB = (64, 1000)
"""Bounds of the stack of a virtual machine's threads, MiB; it takes memory as it is used. Java
refuses more than 1 GiB."""


@dataclass(frozen=True)
class Machine:
    """What a language's virtual machine or interpreter takes beside the program (see
    `virtual_machines.py`).

    Attributes:
        spare_mb: Memory that a run may use beyond the limit, MiB: the machine's own.
        threads: Threads and processes that a run may have at least, the machine's own included.
        out_of_memory: What it says when it ends a program that has used up its memory: a pattern.
    """

    spare_mb: int
    threads: int
    out_of_memory: str = ""


@dataclass(frozen=True)
class CompileNeeds:
    """What a compiler needs where that is more than other ones do.

    Attributes:
        cpu_s: CPU time, seconds.
        memory_mb: Memory, MiB.
        threads: Threads and processes.
    """

    cpu_s: float = 20.0
    memory_mb: int = 1024
    threads: int = 64


@dataclass(frozen=True)
class Language:
    """One row of the table.

    Attributes:
        name: Its name everywhere in medalist.
        title: What people call it.
        family: The family that it belongs to: what a model or a problem package calls it.
        default_name: The file name of a one-file source.
        extensions: File names that mark a source of the family, lower case but for `.C`.
        compile: Command line; `{sources}` stands for the source files, the main one first, and
            `{source}` for the main one alone.
        run: Command line; `{main}` stands for the file that is executed or interpreted, `{memory}`
            for the limit on memory in MiB, `{stack}` for half of it, `{stack_kb}` for the
            same in KiB, and `{most_memory}` for nine tenths of the limit in MiB.
        produces: `binary` (`OUTPUT` in the working directory), `archive` (the same, but a file that
            `run` names), or `scripts` (the files as given, which the compile command has only
            checked).
        package: The Debian packages that bring its compiler or interpreter, separated by blanks.
        standard: What the compiler is told to speak, for example `gnu++20`.
        tries: Rows that are tried in turn until one compiles, instead of this one.
        aliases: Other names of the row, as people and packages write them, in lower case.
        forced: What the compiler is told to take the files for (`-x c++`) where their names say
            otherwise; empty for a compiler that goes by no names.
        env: Environment of a run, with the words of `run`.
        machine: What runs the program, where that takes memory and threads of its own.
        compile_needs: What compiling needs beyond the usual limits.
    """

    name: str
    title: str
    family: str
    default_name: str
    extensions: tuple[str, ...]
    compile: tuple[str, ...]
    run: tuple[str, ...]
    produces: Literal["binary", "archive", "scripts"]
    package: str = "g++"
    standard: str = ""
    tries: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    forced: str = ""
    env: Mapping[str, str] = field(default_factory=dict)
    machine: Machine | None = None
    compile_needs: CompileNeeds | None = None

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
        stand_for = {"{sources}": [*flags, *names], "{source}": names[:1]}
        argv: list[str] = []
        for word in self.compile:
            argv += stand_for.get(word, [word])
        # The linker takes from a library what was missing before it.
        return (*argv, *(flag for flag in flags if flag.startswith("-l")))

    def command(self, executable: Executable, memory_mb: int = 1024) -> Command:
        """Return the command that runs `executable` in a box, within so many MiB of memory."""
        stack = max(_STACK_MB[0], min(_STACK_MB[1], memory_mb // 2))
        stand_for = {"{main}": executable.main, "{memory}": str(memory_mb), "{stack}": str(stack),
                     "{stack_kb}": str(1024 * stack),
                     "{most_memory}": str(memory_mb * 9 // 10)}  # fmt: skip

        def told(text: str) -> str:
            for word, value in stand_for.items():
                text = text.replace(word, value)
            return text

        argv = tuple(map(told, self.run))
        env = {name: told(value) for name, value in self.env.items()}
        if self.produces == "binary":
            return Command(argv, binary=executable.files[executable.main], env=env)
        return Command(argv, files=executable.files, env=env)


@dataclass(frozen=True)
class Family:
    """A language of whichever standard or interpreter: what a package means by `cpp` or `python`.

    Attributes:
        name: Its name everywhere in medalist.
        title: What people call it.
        default: The row of the table that is taken where nothing says more.
        code: What problem packages (`include/python3`) and the ICPC's Contest API call it.
        known_good: A program that compiles wherever the compiler or interpreter is there.
        version: The command that tells the version of its compiler or interpreter; empty where
            asking takes long.
        tools: Programs whose dates tell the version, where `version` is empty.
        runtime: What a judge can lay beside a program: `c`, a file in C that is compiled with it;
            `python`, a script that runs it (and a grader imports it). None: nothing. Then a
            grader's files only are beside the program, an interactive program has to flush by
            itself, and DMOJ's bound of addresses is not set.
        sign: A pattern by which the text of a file without an ending is known, `(?!)` for none.
    """

    name: str
    title: str
    default: str
    code: str
    known_good: str
    version: tuple[str, ...]
    tools: tuple[str, ...] = ()
    runtime: Literal["c", "python"] | None = None
    sign: str = r"(?!)"
