// promise: the environment is the box's own, not that of whoever started it
// expect: ok
// stdout: held\n
#include "probe.h"
extern char **environ;
int main(void) {
  const char *known[] = {"PATH=", "HOME=", "LANG=", "LC_ALL=", "TMPDIR=", "PYTHON", "PWD=",
                         "OPENBLAS", "OMP_", "USER=", "TZ="};
  for (char **e = environ; *e; e++) {
    int fine = 0;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
      fine |= strncmp(*e, known[i], strlen(known[i])) == 0;
    must_fail(fine ? -1 : 0, *e);
  }
  return verdict();
}
