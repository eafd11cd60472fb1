// promise: the input cannot be changed, in this run or for the next
// expect: ok
// stdin: 1 2 3\n
// stdout: 1 2 3\nheld\n
// runs: 2
#include "probe.h"
int main(void) {
  char text[64] = "";
  (void)!read(0, text, sizeof text - 1);
  fputs(text, stdout);
  must_fail(write(0, "9", 1), "write to stdin");
  must_fail(pwrite(0, "9", 1, 0), "pwrite to stdin");
  must_fail(ftruncate(0, 0), "truncate stdin");
  int fd = open("/proc/self/fd/0", O_RDWR);
  must_fail(fd >= 0 ? write(fd, "9", 1) : -1, "write to reopened stdin");
  must_fail(truncate("/proc/self/fd/0", 0), "truncate stdin by name");
  void *map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd >= 0 ? fd : 0, 0);
  must_fail(map == MAP_FAILED ? -1 : 0, "map stdin for writing");
  must_fail(unlink("/proc/self/fd/0"), "unlink stdin");
  return verdict();
}
