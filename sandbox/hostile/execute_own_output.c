// promise: a program may run what it wrote, under the same limits
// expect: ok time
#include "probe.h"
int main(int argc, char **argv) {
  (void)argv;
  if (argc > 1) spin();
  static char image[4 << 20];
  int in = open("/proc/self/exe", O_RDONLY);
  int out = open("copy", O_WRONLY | O_CREAT, 0777);
  ssize_t size = read(in, image, sizeof image);
  if (size < 0 || write(out, image, (size_t)size) != size) return 0;
  close(out);
  char *const again[] = {"copy", "again", NULL};
  execv("./copy", again);
  return 0;
}
