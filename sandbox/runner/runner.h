/* The runner: PID 1 of a box. It reads programs and runs from its stream, executes each run
 * under limits as a user of its own, and writes back what happened. One run at a time.
 *
 *   wire.c      the stream: frames, blobs, descriptors; parsing of requests
 *   files.c     the working directory: laying files in, bringing them back, wiping
 *   confine.c   what is denied to the runner and so to everything it starts
 *   devices.c   which device files there are
 *   meter.c     CPU time, memory and state of all processes of the box
 *   launch.c    one process: fork, limits, user, exec
 *   pipe_end.c  the end of the stream in a conversation
 *   run.c       one run from request to outcome
 *   main.c      the loop
 */
#ifndef MEDALIST_RUNNER_H
#define MEDALIST_RUNNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PROTOCOL_VERSION 3
#define WORK_DIR "/tmp"
#define FRAME_MAX (256u << 10) /* payload bytes of one frame; more travels as descriptors */
#define INLINE_MAX (16u << 10) /* an output up to this size travels inside its frame */
#define MAX_FDS 128            /* descriptors received and not yet used */
#define MAX_REPLY_FDS 100      /* descriptors sent with one reply: less than wire.py accepts */
#define MAX_STRINGS 4096       /* argv, env, files, names to collect: each */

enum frame_type {
  FRAME_NONSENSE = 0, /* too large to be one of ours */
  FRAME_PROGRAM = 'P',
  FRAME_RUN = 'R',
  FRAME_CANCELLED = 'E', /* the answer to a cancel */
  FRAME_CANCEL = 'C', /* kill what runs, forget what waits */
  FRAME_BLOB = 'B',   /* a piece of a blob, where no descriptors can be passed */
  FRAME_HELLO = 'H',
  FRAME_OUTCOME = 'O',
  FRAME_SKIPPED = 'S', /* a run after the stop rule held */
  FRAME_BROKEN = 'X',  /* the box cannot go on; the text says why */
};

/* WALL: not ended after many times the wall limit, though it never stood still for that long. */
enum status { OK, RUNTIME, OUTPUT, IDLE, TIME, MEMORY, WALL };

/* Bytes inside the current frame (data) or behind a descriptor (data == NULL, fd >= 0).
 * size is only meaningful for bytes inside the frame. */
struct blob {
  const uint8_t *data;
  uint64_t size;
  int fd;
};

struct named_blob {
  const char *name;
  struct blob blob;
};

/* Contents of many files behind one descriptor, mapped; at is NULL where there is none. */
struct pack {
  uint8_t *at;
  size_t size;
};

struct program {
  uint64_t cpu_us, wall_us, memory, output, stderr_keep;
  uint32_t processes;
  bool stop_on_failure;
  bool has_binary;
  int binary_fd;
  size_t argc, envc, filec;
  char *argv[MAX_STRINGS + 1];
  char *env[MAX_STRINGS + 1];
  struct named_blob files[MAX_STRINGS];
  struct pack pack;
  uint8_t *text; /* owns the strings and small blobs */
};

struct run {
  bool piped; /* stdin and stdout are the two next descriptors (an interactive run) */
  struct blob input;
  int pipe_in, pipe_out;
  size_t argc, filec, collectc;
  char *args[MAX_STRINGS + 1];
  struct named_blob files[MAX_STRINGS];
  char *collect[MAX_STRINGS];
  struct pack pack;
};

/* ---- wire.c */
struct stream {
  int in, out;
  bool passes_fds; /* a Unix socket: large blobs travel as descriptors */
  size_t have, scanned;
  uint8_t buffer[2 * FRAME_MAX];
  int fds[MAX_FDS];
  size_t fd_count;
  int blob_fd; /* blob being received in pieces, or -1 */
};

struct frame {
  uint8_t type;
  uint8_t *payload; /* in the stream's buffer, valid until frame_done */
  size_t size;
};

void stream_init(struct stream *s, int in, int out, bool passes_fds);
bool stream_fill(struct stream *s);          /* one read; false at end of stream */
bool stream_room(const struct stream *s);    /* whether stream_fill has room */
bool stream_cancelled(struct stream *s);     /* whether a cancel waits in the buffer */
bool frame_next(struct stream *s, struct frame *f); /* false if none is complete */
void frame_done(struct stream *s, const struct frame *f);
void stream_drop_cancelled(struct stream *s);
bool blob_piece(struct stream *s, const struct frame *f);
void free_pack(struct pack *pack);
bool parse_program(struct stream *s, struct frame *f, struct program *p);
void free_program(struct program *p);
bool parse_run(struct stream *s, struct frame *f, struct run *r);
void free_run(struct run *r);

/* A reply under construction. */
struct reply {
  struct stream *stream;
  size_t size;
  size_t fd_count;
  int fds[MAX_FDS];
  uint8_t data[FRAME_MAX + 64];
};
void reply_start(struct reply *r, struct stream *s, uint8_t type);
void put_u8(struct reply *r, uint8_t v);
void put_u32(struct reply *r, uint32_t v);
void put_u64(struct reply *r, uint64_t v);
void put_bytes(struct reply *r, const void *data, size_t size);
void put_fd_content(struct reply *r, int fd, uint64_t size); /* takes fd over */
void reply_send(struct reply *r);
void broken(struct stream *s, const char *why) __attribute__((noreturn));

/* ---- files.c */
bool valid_name(const char *name);
int scratch_file(int dir, mode_t mode);
bool write_all(int fd, const uint8_t *data, size_t size);
bool lay_files(int dir, const struct named_blob *files, size_t count);
int open_collected(int dir, const char *name, uint64_t max, uint64_t *size);
bool wipe(int dir, bool same_user);

/* ---- confine.c */
bool confine(bool needs_memfd, bool *same_user);

/* ---- devices.c */
void remove_devices(void);

/* ---- meter.c */
/* In the kernel: uninterruptible, most often for a page from a disk. Ready: has a core or waits
 * for one. */
enum activity { ASLEEP, IN_KERNEL, READY };
struct usage {
  uint64_t cpu_us;
  uint64_t rss, largest; /* the sum counts a shared page once for each process */
  enum activity busiest; /* of all threads */
};
struct meter {
  int kind; /* cgroup version with readable files, or 0 */
  int cpu_fd, oom_fd, memory_fd;
};
void meter_init(struct meter *m);
bool meter_cpu(const struct meter *m, uint64_t *cpu_us); /* of the whole box */
uint64_t meter_oom_kills(const struct meter *m);
struct usage meter_processes(void); /* all processes but PID 1, now */
uint64_t meter_memory(const struct meter *m, const struct usage *now);
bool meter_exiting(pid_t pid); /* whether the process has begun to end */
uint64_t now_us(void);
uint64_t now_ns(void);
uint64_t own_cpu_us(void);

/* ---- launch.c */
struct launch {
  const struct program *program;
  char *const *argv;
  int in, out, err;
  uid_t user;
  bool same_user;
};
pid_t launch(const struct launch *l, int *pidfd, int *exec_errno);

/* ---- pipe_end.c */
struct pipe_end {
  int out;  /* keeps the pipe open; -1 once the program has closed it */
  int back; /* its other end, to look from; -1 where there is no pipe */
  uint64_t closed_ns; /* when it was seen to be closed, or 0 */
};
bool pipe_end_init(struct pipe_end *e, int out); /* takes `out` over */
void pipe_end_look(struct pipe_end *e, pid_t pid);
void pipe_end_close(struct pipe_end *e);

/* ---- run.c */
struct box {
  struct stream stream;
  struct meter meter;
  struct program program;
  bool has_program, stopped, same_user;
  uid_t user_base, user_count, user_next;
  uint64_t oom_kills; /* of the box so far */
  int work_dir;
};
enum ran { RAN, RAN_CANCELLED };
enum ran run_once(struct box *b, struct run *r);

#endif
