// promise: so many files as the box allows are wiped away
// expect: ok
// limits: cpu 3
#include "probe.h"
int main(void) {
  char name[32];
  for (int i = 0; i < 100000; i++) {
    snprintf(name, sizeof name, "f%d", i);
    int fd = open(name, O_WRONLY | O_CREAT, 0666);
    if (fd < 0) return 0;
    close(fd);
  }
}
