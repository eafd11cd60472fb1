// promise: a sparse file of two gigabytes is stopped
// expect: output
#include "probe.h"
int main(void) {
  int fd = open("sparse", O_WRONLY | O_CREAT, 0666);
  lseek(fd, 2147483648L, SEEK_SET);
  (void)!write(fd, "x", 1);
}
