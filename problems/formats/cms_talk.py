"""Communication tasks of CMS: a manager that talks to the program through two named pipes.

CMS calls the manager as `manager IN OUT` and the program, through its stub, as `program OUT IN`:
what the manager writes to IN the program reads, what the program writes to OUT the manager reads.
The manager also has the test as `input.txt` and as its stdin, and answers like a checker: a share
on stdout, a message on stderr. Here both talk over their stdin and stdout; the names that they are
given lead to those, and a few lines that run before the manager's `main` put its own streams in
their place. What the manager writes to is a named pipe all the same, so that closing it ends the
program's input.
"""

from __future__ import annotations

from dataclasses import replace

from medalist.problems.helper import Helper
from medalist.problems.secret import Group
from medalist.sandbox.languages import C_FAMILIES, LANGUAGES, file_ending

MANAGER_INPUT, MANAGER_OUTPUT = "input.txt", "manager.stdout"
_TO_PROGRAM, _FROM_PROGRAM = "manager.pipe", 100
MANAGER_ARGS = (_TO_PROGRAM, f"/proc/self/fd/{_FROM_PROGRAM}")
PROGRAM_ARGS = ("/proc/self/fd/1", "/proc/self/fd/0")
_PRELUDE = f"""\
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
static void medalist_woken(int signal) {{ (void)signal; }}
/* 1 if something was handed on, 0 at the end of the stream, -1 if there is nothing now. */
static int medalist_hand_on(int from) {{
  static char text[65536];
  const long got = read(from, text, sizeof text);
  long put = 0, more;
  while (put < got && (more = write(1, text + put, (unsigned long)(got - put))) > 0) put += more;
  return got > 0 ? 1 : got == 0 || errno != EAGAIN ? 0 : -1;
}}
/* The manager itself is a process beside this one, and has nothing but the named pipe: when it
   closes that and goes on, the program sees the end of its input. */
static void medalist_relay(int from, int manager) {{
  struct pollfd wait = {{from, POLLIN, 0}};
  int status = 0;
  while (waitpid(manager, &status, WNOHANG) == 0)
    if (poll(&wait, 1, 50) > 0 && wait.fd >= 0 && medalist_hand_on(from) == 0) {{
      close(1);
      wait.fd = -1;
    }}
  while (wait.fd >= 0 && medalist_hand_on(from) > 0) continue;
  if (WIFSIGNALED(status)) {{
    signal(WTERMSIG(status), SIG_DFL);
    kill(getpid(), WTERMSIG(status));
  }}
  _exit(WEXITSTATUS(status));
}}
__attribute__((constructor)) static void medalist_streams(void) {{
  int in, out, from, manager;
  if (mkfifo("{_TO_PROGRAM}", 0600) < 0) _exit(120);
  from = open("{_TO_PROGRAM}", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  signal(SIGCHLD, medalist_woken);
  manager = from < 0 ? -1 : fork();
  if (manager < 0) _exit(120);
  if (manager > 0) medalist_relay(from, manager);
  signal(SIGCHLD, SIG_DFL);
  close(from);
  dup2(0, {_FROM_PROGRAM});
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
