/* One process: fork, limits, user, exec. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner.h"

static int limit(int what, uint64_t soft, uint64_t hard) {
  const struct rlimit both = {soft, hard};
  return setrlimit(what, &both);
}

struct child {
  const struct launch *launch;
  int error;
};

/* Runs on the parent's memory while the parent waits (vfork), hence raw system calls where the
 * C library keeps state of its own. */
static int child_main(void *argument) {
  struct child *c = argument;
  const struct launch *l = c->launch;
  const struct program *p = l->program;
  const uint64_t seconds = p->cpu_us / 1000000 + 2; /* only a backstop: the runner is finer */
  setsid();
  umask(022);
  /* Everything is close-on-exec already; one forgotten would hand a program the stream. */
  (void)syscall(SYS_close_range, 3, ~0U, CLOSE_RANGE_CLOEXEC);
  const bool ready =
      dup2(l->in, 0) >= 0 && dup2(l->out, 1) >= 0 && dup2(l->err, 2) >= 0 &&
      limit(RLIMIT_CPU, seconds, seconds + 1) == 0 &&
      limit(RLIMIT_FSIZE, p->output + 1, p->output + 1) == 0 &&
      limit(RLIMIT_NPROC, p->processes + l->same_user, p->processes + l->same_user) == 0 &&
      (l->same_user || (syscall(SYS_setresgid, l->user, l->user, l->user) == 0 &&
                        syscall(SYS_setresuid, l->user, l->user, l->user) == 0));
  if (ready)
    syscall(SYS_execveat, p->has_binary ? p->binary_fd : AT_FDCWD,
            p->has_binary ? "" : p->argv[0], l->argv, p->env, p->has_binary ? AT_EMPTY_PATH : 0);
  c->error = errno ? errno : EINVAL;
  _exit(127);
}

/* The process and a descriptor that becomes readable when it has ended; exec_errno is 0 once
 * the program itself runs. -1 if no process could be made. */
pid_t launch(const struct launch *l, int *pidfd, int *exec_errno) {
  static char stack[64 << 10] __attribute__((aligned(16)));
  struct child child = {l, 0};
  pid_t pid = clone(child_main, stack + sizeof stack,
                    CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, &child, pidfd);
  *exec_errno = child.error;
  return pid;
}
