/* The stream: frames of u32 size, u8 type, payload; little endian, as all our machines are.
 *
 * Everything a frame says about itself is checked here; requests come from medalist, but the
 * parser trusts no length and no count, and is fuzzed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runner.h"

#define HEADER 5

void stream_init(struct stream *s, int in, int out, bool passes_fds) {
  s->in = in;
  s->out = out;
  s->passes_fds = passes_fds;
  s->have = s->scanned = s->fd_count = 0;
  s->blob_fd = -1;
}

static bool keep_fd(struct stream *s, int fd) {
  if (s->fd_count == MAX_FDS) {
    close(fd);
    return false;
  }
  s->fds[s->fd_count++] = fd;
  return true;
}

static int take_fd(struct stream *s) {
  if (s->fd_count == 0) return -1;
  int fd = s->fds[0];
  memmove(s->fds, s->fds + 1, --s->fd_count * sizeof *s->fds);
  return fd;
}

bool stream_room(const struct stream *s) { return s->have < sizeof s->buffer; }

bool stream_fill(struct stream *s) {
  ssize_t got;
  if (!s->passes_fds) {
    do
      got = read(s->in, s->buffer + s->have, sizeof s->buffer - s->have);
    while (got < 0 && errno == EINTR);
    if (got <= 0) return false;
    s->have += (size_t)got;
    return true;
  }
  union {
    struct cmsghdr align;
    char space[CMSG_SPACE(MAX_FDS * sizeof(int))];
  } control;
  struct iovec part = {s->buffer + s->have, sizeof s->buffer - s->have};
  struct msghdr message = {.msg_iov = &part,
                           .msg_iovlen = 1,
                           .msg_control = control.space,
                           .msg_controllen = sizeof control.space};
  do
    got = recvmsg(s->in, &message, MSG_CMSG_CLOEXEC);
  while (got < 0 && errno == EINTR);
  if (got <= 0) return false;
  s->have += (size_t)got;
  bool kept = !(message.msg_flags & MSG_CTRUNC);
  for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) continue;
    size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < count; i++) {
      int fd;
      memcpy(&fd, CMSG_DATA(c) + i * sizeof fd, sizeof fd);
      kept = keep_fd(s, fd) && kept;
    }
  }
  return kept;
}

static uint32_t get_u32_at(const uint8_t *p) {
  uint32_t v;
  memcpy(&v, p, sizeof v);
  return v;
}

bool frame_next(struct stream *s, struct frame *f) {
  if (s->have < HEADER) return false;
  uint32_t size = get_u32_at(s->buffer);
  if (size > FRAME_MAX) {
    *f = (struct frame){FRAME_NONSENSE, NULL, 0};
    return true;
  }
  if (s->have < HEADER + (size_t)size) return false;
  f->type = s->buffer[4];
  f->payload = s->buffer + HEADER;
  f->size = size;
  return true;
}

void frame_done(struct stream *s, const struct frame *f) {
  size_t used = HEADER + f->size;
  s->have -= used;
  memmove(s->buffer, s->buffer + used, s->have);
  s->scanned = s->scanned > used ? s->scanned - used : 0;
}

/* Look through complete headers that were not looked at yet. */
bool stream_cancelled(struct stream *s) {
  while (s->scanned + HEADER <= s->have) {
    uint32_t size = get_u32_at(s->buffer + s->scanned);
    if (size > FRAME_MAX) return false; /* frame_next will see it */
    if (s->buffer[s->scanned + 4] == FRAME_CANCEL) return true;
    if (s->scanned + HEADER + size > s->have) return false;
    s->scanned += HEADER + size;
  }
  return false;
}

/* The sender waits for our answer to a cancel, so everything received belongs to the past. */
void stream_drop_cancelled(struct stream *s) {
  s->have = s->scanned = 0;
  while (s->fd_count > 0) close(take_fd(s));
  if (s->blob_fd >= 0) close(s->blob_fd);
  s->blob_fd = -1;
}

static bool seal(int fd) {
  return fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0;
}

/* Payload: u8 last, bytes. The finished blob waits like a received descriptor. */
bool blob_piece(struct stream *s, const struct frame *f) {
  if (f->size < 1) return false;
  if (s->blob_fd < 0) s->blob_fd = memfd_create("blob", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (s->blob_fd < 0 || !write_all(s->blob_fd, f->payload + 1, f->size - 1)) return false;
  if (!f->payload[0]) return true;
  int fd = s->blob_fd;
  s->blob_fd = -1;
  return seal(fd) && keep_fd(s, fd);
}

/* ---- parsing */
struct cursor {
  struct stream *stream;
  uint8_t *at, *end;
  bool good;
  struct pack pack;
};

static uint8_t *take(struct cursor *c, size_t size) {
  if (!c->good || (size_t)(c->end - c->at) < size) {
    c->good = false;
    return NULL;
  }
  uint8_t *at = c->at;
  c->at += size;
  return at;
}

static uint8_t get_u8(struct cursor *c) {
  uint8_t *at = take(c, 1);
  return at ? *at : 0;
}

static uint32_t get_u32(struct cursor *c) {
  uint8_t *at = take(c, 4);
  return at ? get_u32_at(at) : 0;
}

static uint64_t get_u64(struct cursor *c) {
  uint64_t v = 0;
  uint8_t *at = take(c, 8);
  if (at) memcpy(&v, at, sizeof v);
  return v;
}

/* u32 size, bytes, a zero byte: so that strings can be used where they lie. */
static char *get_string(struct cursor *c) {
  uint32_t size = get_u32(c);
  uint8_t *at = take(c, (size_t)size + 1);
  if (at && (at[size] != 0 || memchr(at, 0, size))) c->good = false;
  return c->good ? (char *)at : "";
}

static size_t get_count(struct cursor *c) {
  uint32_t count = get_u32(c);
  if (count > MAX_STRINGS) c->good = false;
  return c->good ? count : 0;
}

static size_t get_strings(struct cursor *c, char **strings) {
  size_t count = get_count(c);
  for (size_t i = 0; i < count; i++) strings[i] = get_string(c);
  return count;
}

static int get_fd(struct cursor *c) {
  int fd = c->good ? take_fd(c->stream) : -1;
  if (fd < 0) c->good = false;
  return fd;
}

/* u8 0, u32 size, bytes; or u8 1 and the next descriptor. */
static struct blob get_blob(struct cursor *c) {
  struct blob b = {NULL, 0, -1};
  if (get_u8(c) == 0) {
    b.size = get_u32(c);
    b.data = take(c, b.size);
  } else {
    b.fd = get_fd(c);
  }
  return b;
}

/* Map the next descriptor. It is sealed, so nobody can cut it short under us. */
static bool map_pack(struct cursor *c) {
  const int seals = F_SEAL_WRITE | F_SEAL_SHRINK;
  struct stat about;
  int fd = get_fd(c);
  if (fd < 0) return false;
  bool sealed = (fcntl(fd, F_GET_SEALS) & seals) == seals;
  if (sealed && fstat(fd, &about) == 0 && about.st_size > 0) {
    void *at = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (at != MAP_FAILED) c->pack = (struct pack){at, (size_t)about.st_size};
  }
  close(fd);
  return c->pack.at != NULL;
}

void free_pack(struct pack *pack) {
  if (pack->at) munmap(pack->at, pack->size);
  *pack = (struct pack){NULL, 0};
}

/* As get_blob; or u8 2, u64 offset, u64 size: a part of the frame's pack, whose descriptor comes
 * with the first such part. So many files need one descriptor. */
static struct blob get_file(struct cursor *c) {
  if (c->at == c->end || *c->at != 2) return get_blob(c);
  struct blob b = {NULL, 0, -1};
  get_u8(c);
  uint64_t offset = get_u64(c), size = get_u64(c);
  if (!c->good || (!c->pack.at && !map_pack(c)) || offset > c->pack.size ||
      size > c->pack.size - offset) {
    c->good = false;
    return b;
  }
  b.data = c->pack.at + offset;
  b.size = size;
  return b;
}

static size_t get_files(struct cursor *c, struct named_blob *files) {
  size_t count = get_count(c), made = 0;
  for (; made < count && c->good; made++) {
    files[made].name = get_string(c);
    files[made].blob = get_file(c);
    if (c->good && !valid_name(files[made].name)) c->good = false;
  }
  return made;
}

static void close_blobs(struct named_blob *files, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (files[i].blob.fd >= 0) close(files[i].blob.fd);
}

void free_program(struct program *p) {
  if (p->binary_fd >= 0) close(p->binary_fd);
  close_blobs(p->files, p->filec);
  free_pack(&p->pack);
  free(p->text);
}

bool parse_program(struct stream *s, struct frame *f, struct program *p) {
  memset(p, 0, sizeof *p);
  p->binary_fd = -1;
  p->text = malloc(f->size + 1);
  if (!p->text) return false;
  memcpy(p->text, f->payload, f->size);
  struct cursor c = {s, p->text, p->text + f->size, true, {NULL, 0}};
  p->cpu_us = get_u64(&c);
  p->wall_us = get_u64(&c);
  p->memory = get_u64(&c);
  p->output = get_u64(&c);
  p->stderr_keep = get_u64(&c);
  p->processes = get_u32(&c);
  p->stop_on_failure = get_u8(&c);
  p->has_binary = get_u8(&c);
  if (p->has_binary) p->binary_fd = get_fd(&c);
  p->argc = get_strings(&c, p->argv);
  p->envc = get_strings(&c, p->env);
  p->filec = get_files(&c, p->files);
  p->pack = c.pack;
  return c.good && c.at == c.end && p->argc > 0;
}

void free_run(struct run *r) {
  if (r->input.fd >= 0) close(r->input.fd);
  if (r->pipe_in >= 0) close(r->pipe_in);
  if (r->pipe_out >= 0) close(r->pipe_out);
  close_blobs(r->files, r->filec);
  free_pack(&r->pack);
}

bool parse_run(struct stream *s, struct frame *f, struct run *r) {
  struct cursor c = {s, f->payload, f->payload + f->size, true, {NULL, 0}};
  r->input = (struct blob){NULL, 0, -1};
  r->pipe_in = r->pipe_out = -1;
  r->argc = r->filec = r->collectc = 0;
  r->pack = (struct pack){NULL, 0};
  r->piped = get_u8(&c);
  if (r->piped) {
    r->pipe_in = get_fd(&c);
    r->pipe_out = get_fd(&c);
  } else {
    r->input = get_blob(&c);
  }
  r->argc = get_strings(&c, r->args);
  r->filec = get_files(&c, r->files);
  r->pack = c.pack;
  r->collectc = get_strings(&c, r->collect);
  for (size_t i = 0; i < r->collectc && c.good; i++)
    if (!valid_name(r->collect[i])) c.good = false;
  return c.good && c.at == c.end;
}

/* ---- replies */
void reply_start(struct reply *r, struct stream *s, uint8_t type) {
  r->stream = s;
  r->size = HEADER;
  r->fd_count = 0;
  r->data[4] = type;
}

void put_bytes(struct reply *r, const void *data, size_t size) {
  if (r->size + size > sizeof r->data) broken(r->stream, "reply too large");
  memcpy(r->data + r->size, data, size);
  r->size += size;
}

void put_u8(struct reply *r, uint8_t v) { put_bytes(r, &v, sizeof v); }
void put_u32(struct reply *r, uint32_t v) { put_bytes(r, &v, sizeof v); }
void put_u64(struct reply *r, uint64_t v) { put_bytes(r, &v, sizeof v); }

static void send_bytes(struct stream *s, const uint8_t *data, size_t size) {
  if (!write_all(s->out, data, size)) _exit(0); /* medalist is gone */
}

static void send_pieces(struct stream *s, int fd, uint64_t size) {
  static uint8_t piece[HEADER + 1 + (64 << 10)];
  const size_t most = sizeof piece - HEADER - 1;
  for (uint64_t at = 0;;) {
    size_t want = size - at < most ? (size_t)(size - at) : most;
    ssize_t got = want ? pread(fd, piece + HEADER + 1, want, (off_t)at) : 0;
    if (got < 0 || (want && got == 0)) broken(s, "an output could not be read");
    at += (uint64_t)got;
    uint32_t payload = (uint32_t)got + 1;
    memcpy(piece, &payload, sizeof payload);
    piece[4] = FRAME_BLOB;
    piece[HEADER] = at == size;
    send_bytes(s, piece, HEADER + payload);
    if (at == size) return;
  }
}

/* Small content goes into the frame, large content as a descriptor or, before the frame, in
 * pieces. Format as for requests, but with the size also where a descriptor follows. */
void put_fd_content(struct reply *r, int fd, uint64_t size) {
  bool small = size <= INLINE_MAX && r->size + size + 64 < FRAME_MAX;
  put_u8(r, !small);
  put_u64(r, size);
  if (small) {
    if (size && pread(fd, r->data + r->size, size, 0) != (ssize_t)size)
      broken(r->stream, "an output could not be read");
    r->size += size;
  } else if (!r->stream->passes_fds) {
    send_pieces(r->stream, fd, size);
  } else if (r->fd_count < MAX_REPLY_FDS) {
    r->fds[r->fd_count++] = fd;
    return;
  } else {
    broken(r->stream, "too many files to bring back");
  }
  close(fd);
}

void reply_send(struct reply *r) {
  uint32_t payload = (uint32_t)(r->size - HEADER);
  memcpy(r->data, &payload, sizeof payload);
  size_t sent = 0;
  if (r->fd_count > 0) {
    union {
      struct cmsghdr align;
      char space[CMSG_SPACE(MAX_FDS * sizeof(int))];
    } control;
    struct iovec part = {r->data, r->size};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control.space,
                             .msg_controllen = CMSG_SPACE(r->fd_count * sizeof(int))};
    struct cmsghdr *c = CMSG_FIRSTHDR(&message);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(r->fd_count * sizeof(int));
    memcpy(CMSG_DATA(c), r->fds, r->fd_count * sizeof(int));
    ssize_t put;
    do
      put = sendmsg(r->stream->out, &message, MSG_NOSIGNAL);
    while (put < 0 && errno == EINTR);
    if (put < 0) _exit(0);
    sent = (size_t)put;
    for (size_t i = 0; i < r->fd_count; i++) close(r->fds[i]);
  }
  send_bytes(r->stream, r->data + sent, r->size - sent);
}

void broken(struct stream *s, const char *why) {
  static struct reply r;
  reply_start(&r, s, FRAME_BROKEN);
  put_bytes(&r, why, strlen(why));
  reply_send(&r);
  _exit(1);
}
