// promise: an exit code that looks like a signal is still an exit code
// expect: runtime
// exit: 139
#include "probe.h"
int main(void) {
  _exit(139);
}
