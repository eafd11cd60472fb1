"""The second safe step of merging: programs that build to the same thing are one program."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from importlib import resources

from medalist.agent.words import Program
from medalist.sandbox.box import Executable, Run, Source
from medalist.sandbox.limits import Limits
from medalist.sandbox.pool import Pool

_LIMITS = Limits(cpu_s=10.0)


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
            content = b"\0".join(executable.files[name] for name in sorted(executable.files))
            keys[program.program_id] = "cpp:" + hashlib.sha256(content).hexdigest()
    if scripts:
        keys.update(_bytecode_keys(scripts, executables, pool))
    return keys


def _bytecode_keys(
    scripts: Sequence[Program], executables: Mapping[str, Executable], pool: Pool
) -> dict[str, str]:
    tool = resources.files(__package__).joinpath("bytecode.py").read_bytes()
    language = executables[scripts[0].program_id].language
    built = pool.compile(Source.single(language, tool)).executable
    assert built is not None, "this file compiles wherever a program did"
    runs = [Run(stdin=program.source.encode(errors="surrogateescape")) for program in scripts]
    keys: dict[str, str] = {}
    with pool.box() as box:
        for program, outcome in zip(scripts, box.run_many(built, runs, _LIMITS), strict=True):
            key = outcome.stdout.decode(errors="replace").strip()
            if outcome.ok and key:
                keys[program.program_id] = f"{language}:{key}"
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
