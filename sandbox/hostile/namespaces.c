// promise: no new namespaces
// expect: ok
// stdout: held\n
#include "probe.h"
int main(void) {
  const int kinds[] = {CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWIPC,
                       CLONE_NEWUTS, CLONE_NEWCGROUP};
  for (int i = 0; i < 7; i++) {
    must_fail(unshare(kinds[i]), "unshare");
    long pid = syscall(SYS_clone, (long)(kinds[i] | SIGCHLD), 0L, 0L, 0L, 0L);
    if (pid == 0) _exit(0);
    must_fail(pid, "clone");
  }
  must_fail(setns(open("/proc/1/ns/mnt", O_RDONLY), 0), "setns");
  must_fail(syscall(SYS_clone3, NULL, 0L), "clone3");
  return verdict();
}
