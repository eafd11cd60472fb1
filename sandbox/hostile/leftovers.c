// promise: no file outlives its run
// expect: ok
// stdout: held\n
// runs: 2
#include "probe.h"
int main(void) {
  const char *folders[] = {".", "/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run", "/run/lock",
                           "/home", "/root", "/var/lock", "/", "/headers", "/proc/self/cwd"};
  char path[256];
  for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
    snprintf(path, sizeof path, "%s/left-behind", folders[i]);
    must_fail(open(path, O_RDONLY), path);
  }
  for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
    snprintf(path, sizeof path, "%s/left-behind", folders[i]);
    close(open(path, O_WRONLY | O_CREAT, 0666));
  }
  return verdict();
}
