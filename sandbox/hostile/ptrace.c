// promise: no process can be traced, its memory read or its descriptors taken
// expect: ok
// stdout: held\n
#include "probe.h"
#include <sys/ptrace.h>
#include <sys/uio.h>
int main(void) {
  char byte;
  struct iovec local = {&byte, 1}, remote = {(void *)0x400000, 1};
  must_fail(ptrace(PTRACE_ATTACH, 1, NULL, NULL), "attach to the runner");
  must_fail(ptrace(PTRACE_SEIZE, 1, NULL, NULL), "seize the runner");
  must_fail(ptrace(PTRACE_TRACEME, 0, NULL, NULL), "be traced");
  must_fail(process_vm_readv(1, &local, 1, &remote, 1, 0), "read the runner's memory");
  must_fail(process_vm_writev(1, &local, 1, &remote, 1, 0), "write the runner's memory");
  long pidfd = syscall(SYS_pidfd_open, 1L, 0L);
  must_fail(syscall(SYS_pidfd_getfd, pidfd, 3L, 0L), "take the runner's descriptor");
  must_fail(syscall(SYS_kcmp, 1L, (long)getpid(), 0L, 0L, 0L), "kcmp");
  return verdict();
}
