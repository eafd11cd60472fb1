// promise: large and fresh parts of the kernel are closed
// expect: ok
// stdout: held\n
#include "probe.h"
#include <sys/personality.h>
int main(void) {
  static char zeros[256];
  must_fail(syscall(SYS_bpf, 0L, zeros, (long)sizeof zeros), "bpf");
  must_fail(syscall(SYS_perf_event_open, zeros, 0L, -1L, -1L, 0L), "perf_event_open");
  must_fail(syscall(SYS_userfaultfd, 0L), "userfaultfd");
  must_fail(syscall(SYS_io_uring_setup, 8L, zeros), "io_uring");
  must_fail(syscall(SYS_io_setup, 8L, zeros), "io_setup");
  must_fail(syscall(SYS_memfd_secret, 0L), "memfd_secret");
  must_fail(syscall(SYS_fanotify_init, 0L, 0L), "fanotify");
  must_fail(syscall(SYS_finit_module, 0L, "", 0L), "finit_module");
  must_fail(syscall(SYS_kexec_load, 0L, 0L, NULL, 0L), "kexec");
  must_fail(personality(ADDR_NO_RANDOMIZE), "personality");
  must_fail(syscall(SYS_landlock_create_ruleset, NULL, 0L, 1L), "landlock");
  must_fail(syscall(SYS_syslog, 3L, zeros, 256L), "syslog");
  return verdict();
}
