// promise: what is none of a program's business cannot be read
// expect: ok
// stdout: held\n
#include "probe.h"
int main(void) {
  const char *paths[] = {"/etc/shadow", "/root/.bashrc", "/proc/1/environ", "/proc/1/mem",
                         "/proc/1/maps", "/proc/1/root/etc/passwd", "/proc/1/cwd/x", "/proc/1/fd/3",
                         "/proc/kcore", "/proc/kmsg", "/dev/mem", "/dev/kmsg", "/dev/sda", "/dev/vda",
                         "/run/docker.sock", "/var/run/docker.sock", "/proc/1/stack",
                         "/proc/self/root/etc/shadow", "/home/user", "/sys/kernel/debug/x"};
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
    must_fail(open(paths[i], O_RDONLY), paths[i]);
  return verdict();
}
