// promise: system calls with nonsense arguments harm nobody
// expect: ok
// stdout: held\n
#include "probe.h"
int main(void) {
  static char path[9000];
  memset(path, 'a', sizeof path - 1);
  must_fail(open((const char *)1, O_RDONLY), "a bad path");
  must_fail(open(path, O_RDONLY | O_CREAT, 0666), "a long path");
  must_fail(syscall(SYS_execve, 1L, 1L, 1L), "a bad execve");
  must_fail(syscall(999999L), "an unknown call");
  close(open("\xf0\x9f\x92\xa5 \xe8\x8a\xb1", O_CREAT | O_WRONLY, 0666));
  for (long call = 500; call < 600; call++) must_fail(syscall(call, -1L, -1L, -1L), "a new call");
  return verdict();
}
