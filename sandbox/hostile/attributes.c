// promise: no attribute of a file can be set that would outlive the wipe
// expect: ok
// stdout: held\n
#include "probe.h"
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/xattr.h>
int main(void) {
  int flags = FS_IMMUTABLE_FL | FS_APPEND_FL, fd = open("file", O_CREAT | O_RDWR, 0666);
  must_fail(ioctl(fd, FS_IOC_SETFLAGS, &flags), "immutable file");
  must_fail(ioctl(open(".", O_RDONLY), FS_IOC_SETFLAGS, &flags), "immutable folder");
  must_fail(setxattr("file", "user.x", "1", 1, 0), "attribute of a file");
  must_fail(setxattr(".", "user.x", "1", 1, 0), "attribute of the folder");
  must_fail(setxattr(".", "trusted.x", "1", 1, 0), "trusted attribute");
  return verdict();
}
