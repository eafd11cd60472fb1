// promise: nothing can be mounted, unmounted or made a device
// expect: ok
// stdout: held\n
#include "probe.h"
#include <sys/mount.h>
int main(void) {
  must_fail(mount("none", ".", "tmpfs", 0, NULL), "mount");
  must_fail(mount("/", ".", NULL, MS_BIND, NULL), "bind mount");
  must_fail(umount2("/proc", MNT_DETACH), "umount");
  must_fail(syscall(SYS_pivot_root, ".", "."), "pivot_root");
  must_fail(syscall(SYS_fsopen, "tmpfs", 0L), "fsopen");
  must_fail(syscall(SYS_open_tree, -100L, "/", 1L), "open_tree");
  must_fail(mknod("device", S_IFCHR | 0666, 0x101), "mknod");
  must_fail(mknod("disk", S_IFBLK | 0666, 0x800), "mknod of a disk");
  return verdict();
}
