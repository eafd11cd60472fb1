// promise: a pair of connected sockets works, for programs that talk to themselves
// expect: ok
// stdout: held\n
#include "probe.h"
int main(void) {
  int ends[2];
  char byte = 0;
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0) return 1;
  if (write(ends[0], "x", 1) != 1 || read(ends[1], &byte, 1) != 1 || byte != 'x') return 1;
  must_fail(socketpair(AF_INET, SOCK_STREAM, 0, ends), "socketpair of another family");
  return verdict();
}
