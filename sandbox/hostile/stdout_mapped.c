// promise: writing the output through a mapping gives it, and no more
// expect: ok
// stdout: mapped\n
#include "probe.h"
int main(void) {
  int fd = open("/proc/self/fd/1", O_RDWR);
  if (fd < 0 || ftruncate(fd, 7) < 0) return write(1, "mapped\n", 7) != 7;
  char *text = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (text == MAP_FAILED) return 1;
  memcpy(text, "mapped\n", 7);
  return 0;
}
