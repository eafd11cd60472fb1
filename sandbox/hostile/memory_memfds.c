// promise: anonymous files do not hide memory
// expect: ok
// stdout: held\n
#include "probe.h"
int main(void) {
  must_fail(memfd_create("hidden", 0), "memfd_create");
  return verdict();
}
