// promise: file locks and watches, which other boxes could see, are closed
// expect: ok
// stdout: held\n
#include "probe.h"
#include <sys/file.h>
#include <sys/inotify.h>
int main(void) {
  int fd = open("/etc/passwd", O_RDONLY);
  if (fd < 0) fd = open("/usr/bin/python3", O_RDONLY);
  struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
  must_fail(flock(fd, LOCK_SH | LOCK_NB), "flock");
  must_fail(fcntl(fd, F_SETLK, &lock), "fcntl lock");
  must_fail(fcntl(fd, F_OFD_SETLK, &lock), "open file lock");
  must_fail(fcntl(fd, F_SETLEASE, F_RDLCK), "lease");
  must_fail(inotify_init(), "inotify");
  return verdict();
}
