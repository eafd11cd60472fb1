/* Fuzz target for the parser of requests.
 *
 * LLVMFuzzerTestOneInput is what libFuzzer and AFL++ call:
 *   clang -fsanitize=fuzzer,address -DLIBFUZZER -I sandbox/runner \
 *         tests/sandbox/runner/fuzz_wire.c sandbox/runner/wire.c sandbox/runner/files.c
 * Without them the main function below mutates the seeds that it is given: fuzz_wire RUNS SEED...
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "runner.h"

#define MOST (64 << 10)

static int next_free_fd(void) {
  int fd = dup(0);
  close(fd);
  return fd;
}

static void send_with_descriptors(int to, const uint8_t *data, size_t size) {
  int fds[4];
  for (int i = 0; i < 4; i++) fds[i] = 0;
  union {
    struct cmsghdr align;
    char space[CMSG_SPACE(sizeof fds)];
  } control;
  struct iovec part = {(void *)data, size};
  struct msghdr message = {.msg_iov = &part,
                           .msg_iovlen = 1,
                           .msg_control = control.space,
                           .msg_controllen = sizeof control.space};
  struct cmsghdr *c = CMSG_FIRSTHDR(&message);
  c->cmsg_level = SOL_SOCKET;
  c->cmsg_type = SCM_RIGHTS;
  c->cmsg_len = CMSG_LEN(sizeof fds);
  memcpy(CMSG_DATA(c), fds, sizeof fds);
  CHECK(sendmsg(to, &message, 0) == (ssize_t)size);
}

static bool take_apart(struct stream *s, struct frame *f) {
  static struct program program;
  static struct run run;
  bool good = true;
  if (f->type == FRAME_PROGRAM) {
    good = parse_program(s, f, &program);
    if (good) CHECK(program.argc > 0 && program.argv[program.argc] == NULL);
    free_program(&program);
  } else if (f->type == FRAME_RUN) {
    good = parse_run(s, f, &run);
    for (size_t i = 0; good && i < run.filec; i++) CHECK(valid_name(run.files[i].name));
    for (size_t i = 0; good && i < run.collectc; i++) CHECK(valid_name(run.collect[i]));
    free_run(&run);
  } else if (f->type == FRAME_BLOB) {
    good = blob_piece(s, f);
  } else {
    good = false;
  }
  return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static struct stream s;
  if (size == 0 || size > MOST) return 0;
  const int before = next_free_fd();
  int ends[2];
  CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
  stream_init(&s, ends[1], ends[1], true);
  send_with_descriptors(ends[0], data, size);
  close(ends[0]);
  for (bool good = true; good && stream_fill(&s);) {
    struct frame f;
    (void)stream_cancelled(&s);
    while (good && frame_next(&s, &f)) {
      good = take_apart(&s, &f);
      if (good) frame_done(&s, &f);
    }
  }
  stream_drop_cancelled(&s);
  close(ends[1]);
  CHECK(next_free_fd() == before); /* every descriptor was closed */
  return 0;
}

#ifndef LIBFUZZER
static uint64_t state = 88172645463325252u;

static uint64_t any(uint64_t below) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state % below;
}

static void mutate(uint8_t *data, size_t *size) {
  static const uint32_t edges[] = {0, 1, 255, 1024, 1025, 0x7fffffff, 0x80000000, 0xffffffff};
  for (uint64_t i = 0, n = 1 + any(4); i < n && *size > 4; i++) {
    size_t at = any(*size);
    switch (any(5)) {
      case 0:
        data[at] ^= (uint8_t)(1u << any(8));
        break;
      case 1:
        data[at] = (uint8_t)any(256);
        break;
      case 2:
        if (at + 4 <= *size) memcpy(data + at, &edges[any(8)], 4);
        break;
      case 3:
        *size = at + 1;
        break;
      case 4: {
        size_t from = any(*size), length = any(*size - from) + 1;
        if (*size + length <= MOST) {
          memmove(data + at + length, data + at, *size - at);
          memmove(data + at, data + (from >= at ? from + length : from), length);
          *size += length;
        }
        break;
      }
    }
  }
}

int main(int argc, char **argv) {
  CHECK(argc > 2);
  for (long run = 0, runs = atol(argv[1]); run < runs; run++) {
    static uint8_t data[2 * MOST];
    FILE *seed = fopen(argv[2 + run % (argc - 2)], "rb");
    CHECK(seed);
    size_t size = fread(data, 1, MOST, seed);
    fclose(seed);
    if (run >= argc - 2) mutate(data, &size);
    LLVMFuzzerTestOneInput(data, size);
  }
  puts("fine");
  return 0;
}
#endif
