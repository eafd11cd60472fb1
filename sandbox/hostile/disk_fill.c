// promise: the working directory is bounded, and empty for the next run
// expect: output
#include "probe.h"
int main(void) {
  int fd = open("large", O_WRONLY | O_CREAT, 0666);
  for (;;)
    if (fallocate(fd, 0, 0, 1L << 40) < 0) spin();
}
