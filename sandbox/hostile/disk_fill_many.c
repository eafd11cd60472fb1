// promise: many small files fill up no more than the box's own space
// expect: ok
// limits: cpu 5
#include "probe.h"
int main(void) {
  static char block[1 << 20];
  char name[32];
  for (int i = 0; i < 2000; i++) {
    snprintf(name, sizeof name, "file%d", i);
    int fd = open(name, O_WRONLY | O_CREAT, 0666);
    if (fd < 0 || write(fd, block, sizeof block) < (ssize_t)sizeof block) return 0;
    close(fd);
  }
  return 1;
}
