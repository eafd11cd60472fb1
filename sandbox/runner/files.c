/* The working directory of runs. Nobody else is alive in the box when these functions work. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runner.h"

/* Relative, and no empty, "." or ".." component. */
bool valid_name(const char *name) {
  size_t length = strlen(name);
  if (length == 0 || length >= 256) return false;
  while (*name) {
    size_t part = strcspn(name, "/");
    if (part == 0 || (part == 1 && name[0] == '.')) return false;
    if (part == 2 && name[0] == '.' && name[1] == '.') return false;
    name += part;
    if (*name == '/' && *++name == 0) return false;
  }
  return true;
}

static bool make_parents(int dir, const char *name) {
  char path[256];
  for (const char *slash = strchr(name, '/'); slash; slash = strchr(slash + 1, '/')) {
    size_t length = (size_t)(slash - name);
    memcpy(path, name, length);
    path[length] = 0;
    if (mkdirat(dir, path, 0777) < 0 && errno != EEXIST) return false;
  }
  return true;
}

static bool copy_fd(int from, int to) {
  struct stat st;
  if (fstat(from, &st) < 0) return false;
  off_t at = 0;
  while (at < st.st_size)
    if (sendfile(to, from, &at, (size_t)(st.st_size - at)) <= 0) return false;
  return true;
}

bool write_all(int fd, const uint8_t *data, size_t size) {
  while (size > 0) {
    ssize_t put = write(fd, data, size);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    data += put;
    size -= (size_t)put;
  }
  return true;
}

/* A file without a name, which cannot get one. */
int scratch_file(int dir, mode_t mode) {
  /* Programs open /dev/stdin and /dev/stdout again, so the mode matters. */
  return openat(dir, ".", O_TMPFILE | O_EXCL | O_RDWR | O_CLOEXEC, mode);
}

/* Files are read-only; folders are writable by the run (a checker's feedback folder). */
bool lay_files(int dir, const struct named_blob *files, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const struct blob *b = &files[i].blob;
    if (!make_parents(dir, files[i].name)) return false;
    int fd = openat(dir, files[i].name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0444);
    if (fd < 0) return false;
    bool done = b->fd >= 0 ? copy_fd(b->fd, fd) : write_all(fd, b->data, b->size);
    close(fd);
    if (!done) return false;
  }
  return true;
}

/* A regular file below dir, reached through no link, or -1. */
int open_collected(int dir, const char *name, uint64_t max, uint64_t *size) {
  struct open_how how = {.flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
                         .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV};
  int fd = (int)syscall(SYS_openat2, dir, name, &how, sizeof how);
  struct stat st;
  if (fd < 0) return -1;
  if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || (uint64_t)st.st_size > max) {
    close(fd);
    return -1;
  }
  *size = (uint64_t)st.st_size;
  return fd;
}

struct dirent64_head {
  uint64_t ino;
  int64_t off;
  uint16_t reclen;
  uint8_t type;
  char name[];
};

/* Move a folder into dir under a name that nothing there has: a program may have guessed some. */
static bool move_up(int from, const char *name, int dir) {
  static unsigned counter;
  char fresh[32];
  do {
    snprintf(fresh, sizeof fresh, ".wipe%u", counter++);
    if (renameat2(from, name, dir, fresh, RENAME_NOREPLACE) == 0) return true;
  } while (errno == EEXIST);
  return false;
}

/* Move the folders in `name` up into dir and delete everything else in it, so that however
 * deep a tree is, two descriptors and no recursion suffice. */
static bool flatten(int dir, const char *name) {
  int sub = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (sub < 0 && errno == EACCES && fchmodat(dir, name, 0700, 0) == 0)
    sub = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (sub < 0) return false;
  (void)fchmod(sub, 0700);
  char buffer[8192] __attribute__((aligned(8)));
  bool good = true;
  for (;;) {
    long got = syscall(SYS_getdents64, sub, buffer, sizeof buffer);
    if (got <= 0) {
      good = good && got == 0;
      break;
    }
    long changed = 0;
    for (long at = 0; at < got;) {
      struct dirent64_head *e = (struct dirent64_head *)(buffer + at);
      at += e->reclen;
      if (!strcmp(e->name, ".") || !strcmp(e->name, "..")) continue;
      if (unlinkat(sub, e->name, 0) == 0 || unlinkat(sub, e->name, AT_REMOVEDIR) == 0) {
        changed++;
        continue;
      }
      (void)fchmodat(sub, e->name, 0700, 0); /* its ".." must be writable to move it */
      if (move_up(sub, e->name, dir))
        changed++;
      else
        good = false;
    }
    if (changed) (void)lseek(sub, 0, SEEK_SET);
    if (!good) break;
  }
  close(sub);
  return good && unlinkat(dir, name, AT_REMOVEDIR) == 0;
}

/* Empty dir, following no link. In a box with a single user that user owned dir during the
 * run, so its mode and times are put back as well. */
bool wipe(int dir, bool same_user) {
  char buffer[8192] __attribute__((aligned(8)));
  if (same_user && fchmod(dir, 01777) < 0) return false;
  for (bool changed = true; changed;) {
    changed = false;
    (void)lseek(dir, 0, SEEK_SET);
    long got = syscall(SYS_getdents64, dir, buffer, sizeof buffer);
    if (got < 0) return false;
    for (long at = 0; at < got;) {
      struct dirent64_head *e = (struct dirent64_head *)(buffer + at);
      at += e->reclen;
      if (!strcmp(e->name, ".") || !strcmp(e->name, "..")) continue;
      changed = true;
      if (unlinkat(dir, e->name, 0) == 0) continue;
      if (unlinkat(dir, e->name, AT_REMOVEDIR) == 0) continue;
      if (!flatten(dir, e->name)) return false;
    }
  }
  if (!same_user) return true;
  const struct timespec epoch[2] = {{0, 0}, {0, 0}};
  return futimens(dir, epoch) == 0;
}
