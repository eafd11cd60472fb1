// promise: the kernel's key rings are closed
// expect: ok
// stdout: held\n
#include "probe.h"
int main(void) {
  must_fail(syscall(SYS_add_key, "user", "name", "text", 4L, -4L), "add_key");
  must_fail(syscall(SYS_keyctl, 0L, -4L, 1L), "keyctl");
  must_fail(syscall(SYS_request_key, "user", "name", NULL, 0L), "request_key");
  return verdict();
}
