/* medalist-runner --connect SOCKET | --fd N | --stdio   FIRST_USER USERS
 *
 * SOCKET is a Unix socket on which medalist listens, N an inherited one; with --stdio no
 * descriptors can be passed (an engine on another machine). The users FIRST_USER to
 * FIRST_USER + USERS - 1 belong to this box alone.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "runner.h"

static int fail(const char *why) {
  fprintf(stderr, "medalist-runner: %s: %s\n", why, strerror(errno));
  return 1;
}

static int connect_to(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) return -1;
  strcpy(address.sun_path, path);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0) return fd;
  return -1;
}

/* Users that this user namespace does not map cannot be used: take a range that it does. */
static void choose_users(struct box *b, uid_t first, uid_t count) {
  unsigned long inside, outside, length, end = 0;
  FILE *map = fopen("/proc/self/uid_map", "re");
  while (map && fscanf(map, "%lu %lu %lu", &inside, &outside, &length) == 3)
    if (inside + length > end) end = inside + length;
  if (map) fclose(map);
  if ((unsigned long)first + count > end) first = 10000 + first % 50000 / count * count;
  b->user_base = first;
  b->user_count = count;
}

static void say_hello(struct box *b) {
  static struct reply r;
  reply_start(&r, &b->stream, FRAME_HELLO);
  put_u32(&r, PROTOCOL_VERSION);
  put_u8(&r, b->same_user);
  put_u8(&r, (uint8_t)b->meter.kind);
  reply_send(&r);
}

static void answer(struct box *b, uint8_t type) {
  static struct reply r;
  reply_start(&r, &b->stream, type);
  reply_send(&r);
}

static void cancel(struct box *b) {
  stream_drop_cancelled(&b->stream);
  b->stopped = false;
  answer(b, FRAME_CANCELLED);
}

static void handle_run(struct box *b, struct frame *f) {
  static struct run r;
  if (!parse_run(&b->stream, f, &r) || !b->has_program)
    broken(&b->stream, "a run that cannot be read");
  if (b->stopped) {
    free_run(&r);
    frame_done(&b->stream, f);
    answer(b, FRAME_SKIPPED);
    return;
  }
  /* Small blobs and strings lie in the frame, so it stays until the run is over. */
  enum ran how = run_once(b, &r);
  free_run(&r);
  if (how == RAN_CANCELLED)
    cancel(b);
  else
    frame_done(&b->stream, f);
}

static void handle(struct box *b, struct frame *f) {
  switch (f->type) {
    case FRAME_PROGRAM:
      if (b->has_program) free_program(&b->program);
      b->has_program = parse_program(&b->stream, f, &b->program);
      if (!b->has_program) broken(&b->stream, "a program that cannot be read");
      b->stopped = false;
      break;
    case FRAME_RUN:
      handle_run(b, f);
      return;
    case FRAME_BLOB:
      if (!blob_piece(&b->stream, f)) broken(&b->stream, "a blob that cannot be read");
      break;
    case FRAME_CANCEL:
      cancel(b);
      return;
    default:
      broken(&b->stream, "a frame of unknown type");
  }
  frame_done(&b->stream, f);
}

int main(int argc, char **argv) {
  static struct box b;
  /* kill(-1) spares only PID 1: anywhere else it would end the whole machine's processes. */
  if (getpid() != 1) {
    fputs("medalist-runner: must be process 1 of a box\n", stderr);
    return 2;
  }
  bool stdio = argc == 4 && !strcmp(argv[1], "--stdio");
  bool with_value = argc == 5 && (!strcmp(argv[1], "--connect") || !strcmp(argv[1], "--fd"));
  if (!stdio && !with_value) {
    fputs("usage: medalist-runner --connect SOCKET | --fd N | --stdio FIRST_USER USERS\n", stderr);
    return 2;
  }
  int in = 0, out = 1;
  if (!strcmp(argv[1], "--connect")) in = out = connect_to(argv[2]);
  if (!strcmp(argv[1], "--fd")) in = out = atoi(argv[2]);
  if (in < 0) return fail("cannot connect");
  /* 0, 1 and 2 are replaced in every child; the stream must not be among them. */
  const int inherited = in;
  in = fcntl(inherited, F_DUPFD_CLOEXEC, 10);
  out = fcntl(out, F_DUPFD_CLOEXEC, 10);
  /* An inherited socket has no close-on-exec flag: a program that got it could speak for the
   * runner. */
  if (inherited > 2) close(inherited);
  if (in < 0 || out < 0) return fail("cannot use the stream");
  stream_init(&b.stream, in, out, !stdio);
  choose_users(&b, (uid_t)strtoul(argv[argc - 2], NULL, 10),
               (uid_t)strtoul(argv[argc - 1], NULL, 10));
  b.work_dir = open(WORK_DIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (b.work_dir < 0 || fchdir(b.work_dir) < 0) return fail(WORK_DIR);
  meter_init(&b.meter);
  b.oom_kills = meter_oom_kills(&b.meter);
  umask(0); /* modes are meant as they are written */
  remove_devices();
  if (!confine(stdio, &b.same_user)) return fail("cannot confine");
  if (!wipe(b.work_dir, b.same_user)) return fail("cannot empty " WORK_DIR);
  say_hello(&b);
  for (;;) {
    struct frame f;
    while (frame_next(&b.stream, &f)) handle(&b, &f);
    if (!stream_fill(&b.stream)) return 0;
  }
}
