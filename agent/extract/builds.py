"""The second safe step of merging: programs that build to the same thing are one program."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from importlib import resources

from medalist.agent.types import Program
from medalist.sandbox.box import Executable, Run, Source
from medalist.sandbox.limits import RunLimits
from medalist.sandbox.pool import Pool

_LIMITS = RunLimits(cpu_s=20.0)
_AT_ONCE = 100


def build_keys(
    programs: Sequence[Program], executables: Mapping[str, Executable], pool: Pool
) -> dict[str, str]:
    """Return program id to a key that only programs of the same behaviour share.

    For C++ it is the hash of the stripped binary; for Python that of the bytecode with the names
    of locals left out, made inside a box by the interpreter that runs the programs. Programs
    without an executable, or where no key is safe, are left out.

    Raises:
        SandboxFailure: A box broke.
    """
    keys: dict[str, str] = {}
    scripts: list[Program] = []
    for program in programs:
        executable = executables.get(program.program_id)
        if executable is None:
            continue
        if program.language == "python":
            scripts.append(program)
        else:
            keys[program.program_id] = binary_key(executable)
    if scripts:
        language = executables[scripts[0].program_id].language
        keys.update(bytecode_keys(scripts, language, pool))
    return keys


def binary_key(executable: Executable) -> str:
    """Return the key of a stripped binary."""
    content = b"\0".join(executable.files[name] for name in sorted(executable.files))
    return "cpp:" + hashlib.sha256(content).hexdigest()


def bytecode_keys(scripts: Sequence[Program], language: str, pool: Pool) -> dict[str, str]:
    """Return program id to key of Python programs, as the interpreter of `language` sees them.

    Raises:
        SandboxFailure: A box broke.
    """
    tool = resources.files(__package__).joinpath("bytecode.py").read_bytes()
    built = pool.compile(Source.single(language, tool)).executable
    assert built is not None, "this file compiles wherever a program did"
    keys: dict[str, str] = {}
    todo = list(scripts)
    with pool.box() as box:
        while todo:
            # Starting the interpreter takes longer than compiling a program: many share a start.
            some = todo[:_AT_ONCE]
            lines = [json.dumps(program.source) for program in some]
            (outcome,) = box.run_many(built, [Run(stdin="\n".join(lines).encode())], _LIMITS)
            found = outcome.stdout.decode(errors="replace").split("\n")[:-1]
            for program, key in zip(some, found, strict=False):
                if key:
                    keys[program.program_id] = f"{language}:{key}"
            # Where there are fewer answers, the next program broke the compiler: it has no key.
            todo = todo[min(len(some), len(found) + 1) :]
    return keys


def merge_builds(programs: Sequence[Program], keys: Mapping[str, str]) -> list[Program]:
    """Merge programs with the same key into the first of them, with the votes of all.

    Order is that of first appearance; a program without a key stays alone.
    """
    merged: dict[str, Program] = {}
    for program in programs:
        key = keys.get(program.program_id, program.program_id)
        first = merged.get(key, program)
        votes = first.candidates if first is program else first.candidates + program.candidates
        merged[key] = Program(first.program_id, first.language, first.source, votes)
    return list(merged.values())
