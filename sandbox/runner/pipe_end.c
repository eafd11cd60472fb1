/* The end of the pipe that a program of an interactive run writes to.
 *
 * Who ended first decides some verdicts, so the other side must not see the end of the stream
 * before it is known that this one has ended: until then the runner itself keeps the pipe open.
 * But a program may close its output and go on, and the other side may wait for that. So at every
 * tick the runner lets go for a moment, looks whether anybody else holds the pipe, and if so takes
 * hold of it again.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "runner.h"

static int open_again(int fd, int how) {
  char path[32];
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  return open(path, how | O_NONBLOCK | O_CLOEXEC);
}

bool pipe_end_init(struct pipe_end *e, int out) {
  e->out = out;
  e->closed_ns = 0;
  e->back = open_again(out, O_RDONLY);
  return e->back >= 0;
}

/* The program's own end closes its output, too, and is to be noticed first. It has the same core as
 * the runner, so that it does not begin to end between the question and the letting go. */
void pipe_end_look(struct pipe_end *e, pid_t pid) {
  if (e->out < 0 || meter_exiting(pid)) return;
  struct pollfd others = {e->back, 0, 0};
  const uint64_t before = now_ns();
  close(e->out);
  e->out = -1;
  if (poll(&others, 1, 0) == 1 && (others.revents & POLLHUP))
    e->closed_ns = before;
  else
    e->out = open_again(e->back, O_WRONLY);
}

void pipe_end_close(struct pipe_end *e) {
  if (e->out >= 0) close(e->out);
  if (e->back >= 0) close(e->back);
  e->out = e->back = -1;
}
