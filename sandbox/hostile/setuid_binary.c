// promise: binaries with the setuid bit give no rights
// expect: ok
// stdout: held\n
#include "probe.h"
int main(int argc, char **argv) {
  (void)argv;
  if (argc > 1) return geteuid() == 0;
  if (chmod("/proc/self/exe", 06755) == 0) must_fail(0, "chmod of the program");
  const char *const tools[] = {"/bin/su", "/usr/bin/mount", "/usr/bin/passwd", "/usr/bin/newgrp"};
  for (int i = 0; i < 4; i++) {
    pid_t pid = fork();
    if (pid == 0) {
      close(2);
      close(1);
      execl(tools[i], tools[i], "-c", "id", (char *)NULL);
      _exit(1);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    must_fail(WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1, tools[i]);
  }
  return verdict();
}
