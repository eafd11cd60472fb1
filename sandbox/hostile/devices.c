// promise: of the machine's devices only those that languages need can be opened
// expect: ok
// stdout: held\n
#include "probe.h"
#include <dirent.h>
static int needed(const char *name) {
  const char *names[] = {"null",  "zero",   "random", "urandom", "fd", "stdin",
                         "stdout", "stderr", "shm",    "mqueue",  "pts", ".", ".."};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (!strcmp(name, names[i])) return 1;
  return 0;
}
int main(void) {
  char path[300], byte;
  const char *paths[] = {"/dev/full", "/dev/tty", "/dev/tty0", "/dev/console", "/dev/ptmx",
                         "/dev/pts/ptmx", "/dev/pts/0", "/dev/core", "/dev/port", "/dev/fuse",
                         "/dev/kvm", "/dev/net/tun", "/dev/loop0", "/dev/loop-control", "/dev/log",
                         "/dev/mqueue/x", "/dev/dri/card0", "/dev/snd/timer", "/dev/input/event0",
                         "/dev/hpet", "/dev/rtc0", "/dev/userfaultfd", "/dev/vhost-net"};
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
    must_fail(open(paths[i], O_RDONLY | O_NONBLOCK), paths[i]);
    must_fail(open(paths[i], O_WRONLY | O_NONBLOCK), paths[i]);
  }
  DIR *dev = opendir("/dev");
  for (struct dirent *e; dev && (e = readdir(dev));)
    if (!needed(e->d_name)) must_fail(0, e->d_name);
  for (int i = 0; i < 3; i++) {
    const char *folders[] = {"/dev/shm", "/dev/mqueue", "/dev/pts"};
    DIR *folder = opendir(folders[i]);
    for (struct dirent *e; folder && (e = readdir(folder));)
      if (e->d_name[0] != '.') must_fail(0, e->d_name);
    snprintf(path, sizeof path, "%s/x", folders[i]);
    must_fail(open(path, O_WRONLY | O_CREAT, 0666), path);
  }
  const char *sources[] = {"/dev/zero", "/dev/random", "/dev/urandom"};
  for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
    int fd = open(sources[i], O_RDONLY);
    if (fd < 0 || read(fd, &byte, 1) != 1) must_fail(0, sources[i]);
  }
  int null = open("/dev/null", O_RDWR);
  if (null < 0 || write(null, "x", 1) != 1 || read(null, &byte, 1) != 0) must_fail(0, "/dev/null");
  return verdict();
}
