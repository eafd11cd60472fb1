// promise: nothing but the working directory can be written to
// expect: ok
// stdout: held\n
#include "probe.h"
int main(void) {
  const char *paths[] = {"/etc/x", "/usr/x", "/usr/bin/x", "/bin/x", "/lib/x", "/var/x", "/x",
                         "/opt/x", "/etc/passwd", "/usr/bin/python3", "/proc/1/comm", "/sys/x",
                         "/proc/sys/kernel/hostname", "/proc/sysrq-trigger", "/headers/x",
                         "/proc/sys/kernel/core_pattern", "/sys/fs/cgroup/memory/memory.limit_in_bytes",
                         "/sys/fs/cgroup/memory.max", "/runner", "/usr/local/bin/medalist-runner"};
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
    must_fail(open(paths[i], O_WRONLY | O_CREAT, 0666), paths[i]);
  must_fail(rename("/etc", "/cte"), "rename");
  must_fail(unlink("/etc/passwd"), "unlink");
  must_fail(chmod("/usr/bin/python3", 0777), "chmod");
  return verdict();
}
