"""Communication tasks of CMS: a manager that talks to the program through two named pipes.

CMS calls the manager as `manager IN OUT` and the program, through its stub, as `program OUT IN`:
what the manager writes to IN the program reads, what the program writes to OUT the manager reads.
The manager also has the test as `input.txt` and as its stdin, and answers like a checker: a share
on stdout, a message on stderr. Here both talk over their stdin and stdout; the names that they are
given lead to those, and a few lines that run before the manager's `main` put its own streams in
their place.
"""

from __future__ import annotations

from dataclasses import replace

from medalist.problems.secret import Group, Helper
from medalist.sandbox.languages import C_FAMILIES, LANGUAGES, file_ending

MANAGER_INPUT, MANAGER_OUTPUT = "input.txt", "manager.stdout"
_TO_PROGRAM, _FROM_PROGRAM = 101, 100
MANAGER_ARGS = (f"/proc/self/fd/{_TO_PROGRAM}", f"/proc/self/fd/{_FROM_PROGRAM}")
PROGRAM_ARGS = ("/proc/self/fd/1", "/proc/self/fd/0")
_PRELUDE = f"""\
#include <fcntl.h>
#include <unistd.h>
__attribute__((constructor)) static void medalist_streams(void) {{
  int in, out;
  dup2(0, {_FROM_PROGRAM});
  dup2(1, {_TO_PROGRAM});
  in = open("{MANAGER_INPUT}", O_RDONLY);
  out = open("{MANAGER_OUTPUT}", O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (in < 0 || out < 0) _exit(120);
  dup2(in, 0);
  dup2(out, 1);
  close(in);
  close(out);
}}
"""


def as_manager(helper: Helper, processes: int) -> Helper:
    """Return a manager so that it can be run here, or with the reason why not."""
    if helper.cannot_run:
        return replace(helper, protocol="cms-manager")
    if processes > 1:
        reason = f"it talks to {processes} processes of the program at once"
        return replace(helper, protocol="cms-manager", cannot_run=reason)
    row = LANGUAGES.get(helper.language)
    if row is None or row.family not in C_FAMILIES:
        reason = "only managers in C and C++ are run"
        return replace(helper, protocol="cms-manager", cannot_run=reason)
    files = {**helper.files, f"medalist_streams.{file_ending(row.family)}": _PRELUDE.encode()}
    return replace(helper, protocol="cms-manager", files=files)


def with_pipes(group: Group) -> Group:
    """Return a group whose tests tell the program the names of the two pipes."""
    return replace(
        group,
        tests=tuple(replace(test, args=PROGRAM_ARGS) for test in group.tests),
        children=tuple(with_pipes(child) for child in group.children),
    )
