// promise: a program inherits its three standard descriptors and nothing else
// expect: ok
// stdout: held\n
#include "probe.h"
int main(void) {
  for (int fd = 3; fd < 1024; fd++) must_fail(fcntl(fd, F_GETFD), "an inherited descriptor");
  return verdict();
}
