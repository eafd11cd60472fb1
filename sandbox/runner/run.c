/* One run from request to outcome. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner.h"

#define TICK_US 10000
#define LATE_US (5 * TICK_US) /* looks further apart were held up by the machine */
#define DOUBTFUL_PARTS 4      /* of time that may be the machine's, one part in so many is idle */
#define WALL_MAX 10 /* however busy the machine is (client.py waits for as long) */
#define SWEEP_MAX_US 10000000 /* a killed process that lives on for 10 s means a broken kernel */

struct facts {
  int wait_status;
  bool timed_out, idled, outlasted, overgrown;
  uint64_t cpu_us, wall_us, idle_us, end_ns, left_ns, peak;
};

static uint64_t microseconds(struct timeval t) {
  return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_usec;
}

static void account(struct facts *f, const struct rusage *u) {
  uint64_t peak = (uint64_t)u->ru_maxrss * 1024;
  f->cpu_us += microseconds(u->ru_utime) + microseconds(u->ru_stime);
  if (peak > f->peak) f->peak = peak;
}

/* Kill and reap everything. PID 1 is spared by its own kill(-1), and no process escapes it:
 * a fork that is under way is either seen or refused. */
static void sweep(struct box *b, struct facts *f) {
  struct rusage u;
  for (uint64_t start = now_us(); now_us() - start < SWEEP_MAX_US;) {
    pid_t pid = wait4(-1, NULL, WNOHANG | __WALL, &u);
    if (pid > 0) {
      account(f, &u);
    } else if (pid < 0 && errno == ECHILD) {
      return;
    } else {
      kill(-1, SIGKILL);
      (void)poll(NULL, 0, 1);
    }
  }
  broken(&b->stream, "a killed process would not die");
}

static uint64_t least(uint64_t a, uint64_t b) { return a < b ? a : b; }

/* Between half a tick and one and a half. Were it always the same, a program that sleeps for as
 * long would be seen in the same state every time: both have one core, and take turns. */
static uint64_t next_tick_us(void) {
  static uint64_t state;
  state = (state + now_ns()) * 6364136223846793005u + 1442695040888963407u;
  return TICK_US / 2 + (state >> 33) % TICK_US;
}

/* The idle clock: wall time in which no process of the run had a core or waited for one. Time in
 * a queue is the machine's, whoever was in it and whether that process lives on (a compiler is one
 * process after another). What a process does between two looks is taken to be what it is seen
 * doing; CPU time used between them was not idle. A look that comes late is the machine's as well:
 * who had no core to look had none to run. So is waiting in the kernel, most often for a slow disk;
 * but a parent that vfork suspends looks the same. Of both a part counts, so that a run of nothing
 * else ends as idle long before WALL_MAX. */
struct idle_clock {
  uint64_t wall_us, cpu_us, idle_us;
};

static void advance(struct idle_clock *c, const struct usage *now, uint64_t wall_us) {
  const uint64_t step = wall_us - c->wall_us;
  const uint64_t used = now->cpu_us > c->cpu_us ? now->cpu_us - c->cpu_us : 0;
  const uint64_t idle = now->busiest == READY || used > step ? 0 : step - used;
  const uint64_t certain = now->busiest == IN_KERNEL ? 0 : least(idle, LATE_US);
  c->idle_us += certain + (idle - certain) / DOUBTFUL_PARTS;
  c->wall_us = wall_us;
  c->cpu_us = now->cpu_us;
}

/* CPU time of the box, and of the runner itself in it, when a run began. */
struct since {
  uint64_t start, box, own;
};

static struct since since_now(const struct box *b) {
  struct since s = {now_us(), 0, own_cpu_us()};
  (void)meter_cpu(&b->meter, &s.box);
  return s;
}

/* What the run has used, by the box's cgroup; 0 without one. */
static uint64_t box_cpu_us(const struct box *b, const struct since *s) {
  uint64_t total = 0, others = s->box + own_cpu_us() - s->own;
  return meter_cpu(&b->meter, &total) && total > others ? total - others : 0;
}

/* Wait for the end of the process, or end it: true, or false if the run was cancelled. */
static bool supervise(struct box *b, pid_t pid, int pidfd, const struct since *s,
                      struct pipe_end *end, struct facts *f) {
  const struct program *p = &b->program;
  const uint64_t wall_us = p->wall_us ? p->wall_us : 3 * p->cpu_us + 2000000;
  struct pollfd wait[2] = {{pidfd, POLLIN, 0}, {b->stream.in, 0, 0}};
  struct idle_clock clock = {0, 0, 0};
  for (uint64_t wake_us = 0;;) {
    wait[1].events = stream_room(&b->stream) ? POLLIN : 0;
    const uint64_t tick_us = next_tick_us();
    const uint64_t wait_us = least(tick_us, wake_us > 1000 ? wake_us : tick_us);
    const struct timespec t = {0, (long)wait_us * 1000};
    (void)ppoll(wait, 2, &t, NULL);
    if (wait[0].revents) break;
    if (wait[1].revents) {
      if (!stream_fill(&b->stream)) _exit(0);
      if (stream_cancelled(&b->stream)) return false;
      continue;
    }
    pipe_end_look(end, pid);
    struct usage now = meter_processes();
    const uint64_t wall = now_us() - s->start, box_cpu = box_cpu_us(b, s);
    if (box_cpu > now.cpu_us) now.cpu_us = box_cpu;
    if (now.rss > p->memory && now.rss > now.largest) now.rss = meter_memory(&b->meter, &now);
    if (now.rss > f->peak) f->peak = now.rss;
    f->overgrown = now.rss > p->memory;
    f->timed_out = now.cpu_us > p->cpu_us;
    advance(&clock, &now, wall);
    f->idle_us = clock.idle_us;
    f->idled = clock.idle_us > wall_us;
    f->outlasted = wall > WALL_MAX * wall_us;
    if (f->overgrown || f->timed_out || f->idled || f->outlasted) {
      kill(-1, SIGKILL);
      wait[1].events = 0;
      (void)poll(wait, 1, SWEEP_MAX_US / 1000);
      break;
    }
    wake_us = p->cpu_us - now.cpu_us + 500;
  }
  f->end_ns = now_ns();
  f->left_ns = end->closed_ns ? end->closed_ns : f->end_ns;
  f->wall_us = f->end_ns / 1000 - s->start;
  struct rusage u;
  while (wait4(pid, &f->wait_status, __WALL, &u) < 0)
    if (errno != EINTR) broken(&b->stream, "a process was lost");
  account(f, &u);
  return true;
}

static bool succeeded(const struct facts *f) {
  return WIFEXITED(f->wait_status) && WEXITSTATUS(f->wait_status) == 0;
}

/* Whether the kernel killed something in the box for lack of memory. */
static bool ran_out_of_memory(struct box *b, const struct facts *f) {
  if (succeeded(f) && f->wall_us < TICK_US) return false; /* spare short runs the reading */
  const uint64_t before = b->oom_kills;
  b->oom_kills = meter_oom_kills(&b->meter);
  return b->oom_kills > before;
}

static uint64_t file_size(int fd) {
  struct stat st;
  return fstat(fd, &st) == 0 ? (uint64_t)st.st_size : 0;
}

static enum status judge(const struct program *p, const struct facts *f, bool oom, bool flooded) {
  const int w = f->wait_status;
  if (oom || f->overgrown || f->peak > p->memory) return MEMORY;
  if (f->timed_out || f->cpu_us > p->cpu_us) return TIME;
  if (f->idled) return IDLE;
  if (f->outlasted) return WALL;
  if (flooded || (WIFSIGNALED(w) && WTERMSIG(w) == SIGXFSZ)) return OUTPUT;
  return succeeded(f) ? OK : RUNTIME;
}

static void report(struct box *b, struct run *r, const struct facts *f, bool oom, int out,
                   int err) {
  static struct reply reply;
  const struct program *p = &b->program;
  uint64_t out_size = r->piped ? 0 : file_size(out), err_size = file_size(err);
  const enum status status = judge(p, f, oom, out_size > p->output || err_size > p->output);
  if (p->stop_on_failure && status != OK) b->stopped = true;
  reply_start(&reply, &b->stream, FRAME_OUTCOME);
  put_u8(&reply, (uint8_t)status);
  put_u8(&reply, WIFSIGNALED(f->wait_status));
  put_u32(&reply, (uint32_t)(WIFSIGNALED(f->wait_status) ? WTERMSIG(f->wait_status)
                                                         : WEXITSTATUS(f->wait_status)));
  put_u64(&reply, f->cpu_us);
  put_u64(&reply, f->wall_us);
  put_u64(&reply, f->idle_us);
  put_u64(&reply, f->end_ns);
  put_u64(&reply, f->left_ns);
  put_u64(&reply, f->peak);
  if (r->piped) {
    put_u8(&reply, 0);
    put_u64(&reply, 0);
  } else {
    put_fd_content(&reply, out, least(out_size, p->output));
  }
  put_fd_content(&reply, err, least(err_size, p->stderr_keep));
  size_t count_at = reply.size;
  uint32_t count = 0;
  put_u32(&reply, 0);
  for (size_t i = 0; i < r->collectc; i++) {
    uint64_t size;
    int fd = open_collected(b->work_dir, r->collect[i], p->output, &size);
    if (fd < 0) continue;
    put_u32(&reply, (uint32_t)i);
    put_fd_content(&reply, fd, size);
    count++;
  }
  memcpy(reply.data + count_at, &count, sizeof count);
  reply_send(&reply);
}

/* An open file of its own for each run: offset and flags would be shared. */
static int open_input(struct box *b, struct run *r) {
  int content = r->input.fd;
  if (content < 0) {
    content = scratch_file(b->work_dir, 0444);
    if (content < 0 || !write_all(content, r->input.data, r->input.size)) return -1;
  }
  char path[32];
  snprintf(path, sizeof path, "/proc/self/fd/%d", content);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  close(content);
  r->input.fd = -1;
  return fd;
}

/* With a single user a program owns its own binary: undo what it did to mode and times. */
static void restore_binary(const struct box *b) {
  const struct timespec epoch[2] = {{0, 0}, {0, 0}};
  if (!b->same_user || !b->program.has_binary) return;
  (void)fchmod(b->program.binary_fd, 0555);
  (void)futimens(b->program.binary_fd, epoch);
}

/* Whether it is the program itself that cannot be executed (or the interpreter that is not in
 * this box), so that the run has failed and not the box. */
static bool program_at_fault(int exec_errno) {
  return exec_errno == ENOENT || exec_errno == ENOEXEC || exec_errno == EACCES ||
         exec_errno == ENOMEM;
}

enum ran run_once(struct box *b, struct run *r) {
  const struct program *p = &b->program;
  static char *argv[2 * MAX_STRINGS + 1];
  memcpy(argv, p->argv, p->argc * sizeof *argv);
  memcpy(argv + p->argc, r->args, r->argc * sizeof *argv);
  argv[p->argc + r->argc] = NULL;

  const int in = r->piped ? r->pipe_in : open_input(b, r);
  const int out = r->piped ? r->pipe_out : scratch_file(b->work_dir, 0666);
  const int err = scratch_file(b->work_dir, 0666);
  if (in < 0 || out < 0 || err < 0) broken(&b->stream, "no memory for a run's files");
  if (!lay_files(b->work_dir, p->files, p->filec) || !lay_files(b->work_dir, r->files, r->filec))
    broken(&b->stream, "no room for a run's files");

  restore_binary(b);
  b->user_next = (b->user_next + 1) % b->user_count;
  const struct launch l = {p, argv, in, out, err, b->user_base + b->user_next, b->same_user};
  struct facts f = {0};
  const struct since since = since_now(b);
  int pidfd, exec_errno;
  const pid_t pid = launch(&l, &pidfd, &exec_errno);
  if (pid < 0) broken(&b->stream, "no process could be made");
  if (exec_errno) {
    char why[128];
    int length = snprintf(why, sizeof why, "cannot execute %.64s: %s\n", p->argv[0],
                          strerror(exec_errno));
    if (!program_at_fault(exec_errno)) broken(&b->stream, why);
    (void)write_all(err, (uint8_t *)why, (size_t)length);
  }
  struct pipe_end end = {-1, -1, 0};
  if (r->piped && !pipe_end_init(&end, out)) broken(&b->stream, "a pipe cannot be opened again");
  const bool finished = supervise(b, pid, pidfd, &since, &end, &f);
  close(pidfd);
  sweep(b, &f);
  if (f.wall_us > TICK_US) { /* children that nobody waited for are in no rusage */
    const uint64_t box_cpu = box_cpu_us(b, &since);
    if (box_cpu > f.cpu_us + TICK_US) f.cpu_us = box_cpu;
  }
  /* Only now does an interactor see end of file, so whoever ended first has the earlier time. */
  if (in >= 0) close(in);
  r->pipe_in = -1;
  if (finished) {
    report(b, r, &f, exec_errno == ENOMEM || ran_out_of_memory(b, &f), out, err);
  } else {
    b->oom_kills = meter_oom_kills(&b->meter);
    if (!r->piped) close(out);
    close(err);
  }
  pipe_end_close(&end);
  r->pipe_out = -1;
  if (!wipe(b->work_dir, b->same_user)) broken(&b->stream, "the working directory resists");
  return finished ? RAN : RAN_CANCELLED;
}
