// promise: a shell, if the box has one, is held by the same limits
// expect: ok time
#include "probe.h"
int main(void) {
  char *const shell[] = {"sh", "-c", "while :; do :; done", NULL};
  execv("/bin/sh", shell);
  return 0;
}
