/* Laying, collecting and wiping, against what a hostile program may have left. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "runner.h"

static bool is_empty(int dir) {
  DIR *entries = fdopendir(openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  CHECK(entries);
  int count = 0;
  while (readdir(entries)) count++;
  closedir(entries);
  return count == 2; /* itself and its parent */
}

static void check_names(void) {
  const char *good[] = {"a", "a/b", "...", "a.b/c", ".hidden", "-x", "with space", "a/..b"};
  const char *bad[] = {"", "/", "/a", "a/", "a//b", ".", "..", "a/..", "../a", "a/../b", "./a"};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) CHECK(valid_name(good[i]));
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) CHECK(!valid_name(bad[i]));
  char longest[300];
  memset(longest, 'a', sizeof longest);
  longest[256] = 0;
  CHECK(!valid_name(longest));
  longest[255] = 0;
  CHECK(valid_name(longest));
}

static void check_laying(int dir) {
  const struct named_blob files[] = {
      {"plain", {(const uint8_t *)"abc", 3, -1}},
      {"deep/er/file", {(const uint8_t *)"", 0, -1}},
  };
  CHECK(lay_files(dir, files, 2));
  CHECK(!lay_files(dir, files, 1)); /* a file is never laid over another */
  uint64_t size = 0;
  int fd = open_collected(dir, "plain", 3, &size);
  char text[4] = "";
  CHECK(fd >= 0 && size == 3 && read(fd, text, 3) == 3 && !strcmp(text, "abc"));
  close(fd);
  CHECK(open_collected(dir, "plain", 2, &size) < 0); /* too large */
  CHECK(open_collected(dir, "deep", 9, &size) < 0);
  CHECK(open_collected(dir, "absent", 9, &size) < 0);
  CHECK(wipe(dir, false) && is_empty(dir));
}

static void check_links(int dir, int outside) {
  CHECK(symlinkat("/etc/passwd", dir, "file") == 0);
  CHECK(symlinkat("/etc", dir, "folder") == 0);
  CHECK(mkfifoat(dir, "fifo", 0666) == 0);
  uint64_t size;
  CHECK(open_collected(dir, "file", 1 << 20, &size) < 0);
  CHECK(open_collected(dir, "folder/passwd", 1 << 20, &size) < 0);
  CHECK(open_collected(dir, "fifo", 1 << 20, &size) < 0);
  const struct named_blob through = {"out/x", {(const uint8_t *)"x", 1, -1}};
  char path[64];
  snprintf(path, sizeof path, "/proc/self/fd/%d", outside);
  char target[4096];
  ssize_t length = readlink(path, target, sizeof target - 1);
  CHECK(length > 0);
  target[length] = 0;
  CHECK(symlinkat(target, dir, "linked") == 0);
  CHECK(wipe(dir, false) && is_empty(dir));
  CHECK(faccessat(outside, "precious", F_OK, 0) == 0); /* links are removed, not followed */
  CHECK(lay_files(dir, &through, 1) && wipe(dir, false));
}

static void check_deep_tree(int dir) {
  int at = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  for (int depth = 0; depth < 500; depth++) {
    CHECK(mkdirat(at, "d", 0755) == 0);
    int next = openat(at, "d", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CHECK(next >= 0);
    close(at);
    at = next;
  }
  CHECK(mkdirat(at, "closed", 0) == 0 && fchmod(at, 0) == 0);
  close(at);
  /* names that the wiper itself would like to use */
  CHECK(mkdirat(dir, ".wipe0", 0) == 0 && mkdirat(dir, ".wipe1", 0755) == 0);
  CHECK(mkdirat(dir, ".wipe1/x", 0755) == 0 && mkdirat(dir, ".wipe2", 0755) == 0);
  CHECK(wipe(dir, false) && is_empty(dir));
}

static void check_single_user(int dir) {
  struct stat st;
  CHECK(mkdirat(dir, "x", 0755) == 0 && fchmod(dir, 0700) == 0);
  CHECK(wipe(dir, true) && is_empty(dir));
  CHECK(fstat(dir, &st) == 0 && (st.st_mode & 07777) == 01777 && st.st_mtime == 0);
}

static void check_scratch(int dir) {
  int fd = scratch_file(dir, 0444);
  struct stat st;
  CHECK(fd >= 0 && write_all(fd, (const uint8_t *)"x", 1));
  CHECK(fstat(fd, &st) == 0 && st.st_nlink == 0 && st.st_size == 1);
  CHECK((st.st_mode & 0777) == 0444);
  CHECK(is_empty(dir));
  close(fd);
}

int main(int argc, char **argv) {
  CHECK(argc == 3);
  umask(0);
  int dir = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  int outside = open(argv[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  CHECK(dir >= 0 && outside >= 0);
  int precious = openat(outside, "precious", O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
  CHECK(precious >= 0 && close(precious) == 0);
  check_names();
  check_laying(dir);
  check_links(dir, outside);
  check_deep_tree(dir);
  check_single_user(dir);
  check_scratch(dir);
  puts("fine");
  return 0;
}
