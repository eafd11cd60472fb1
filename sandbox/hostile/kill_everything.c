// promise: kill(-1) reaches nothing but the program's own processes
// expect: ok
// stdout: held\n
#include "probe.h"
int main(void) {
  kill(-1, SIGKILL);
  kill(-1, SIGSTOP);
  return verdict();
}
