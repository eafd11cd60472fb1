"""The second safe step of merging: programs that build to the same thing are one program."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from importlib import resources

from medalist.agent.types import Program
from medalist.sandbox import languages
from medalist.sandbox.box import Executable, Run
from medalist.sandbox.limits import RunLimits
from medalist.sandbox.pool import Pool

_LIMITS = RunLimits(cpu_s=20.0)
_AT_ONCE = 100


def build_key(executable: Executable) -> str:
    """Return a key of what is run (a stripped binary, or the scripts themselves).

    Programs that share it behave alike.
    """
    content = b"\0".join(executable.files[name] for name in sorted(executable.files))
    return "built:" + hashlib.sha256(content).hexdigest()


def script_keys(scripts: Sequence[Program], language: str, tool: str, pool: Pool) -> dict[str, str]:
    """Return program id to a key of interpreted programs that behave alike.

    It is made inside a box by a tool beside this module, run by the interpreter of `language` that
    runs the programs (of Python it is that of the bytecode with the names of locals left out).
    Where no key is safe there is none.

    Raises:
        SandboxFailure: A box failed.
    """
    text = resources.files(__package__).joinpath(tool).read_bytes()
    built = pool.compile(languages.source(language, text)).executable
    assert built is not None, "this file compiles wherever a program did"
    keys: dict[str, str] = {}
    todo = list(scripts)
    with pool.box() as box:
        while todo:
            # Starting the interpreter takes longer than compiling a program: many share a start.
            some = todo[:_AT_ONCE]
            lines = [json.dumps(program.source) for program in some]
            (outcome,) = box.run_many(built, [Run(stdin="\n".join(lines).encode())], _LIMITS)
            read_keys = outcome.stdout.decode(errors="replace").split("\n")[:-1]
            for program, key in zip(some, read_keys, strict=False):
                if key:
                    keys[program.program_id] = f"{language}:{key}"
            # Where there are fewer answers, the next program broke the compiler: it has no key.
            todo = todo[min(len(some), len(read_keys) + 1) :]
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
