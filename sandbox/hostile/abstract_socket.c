// promise: an abstract socket cannot pass messages between runs
// expect: ok
// stdout: held\n
// runs: 2
#include "probe.h"
#include <sys/un.h>
int main(void) {
  struct sockaddr_un name = {AF_UNIX, "\0medalist"};
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) < 0) return 1;
  must_fail(bind(ends[0], (struct sockaddr *)&name, sizeof name), "bind");
  must_fail(sendto(ends[1], "x", 1, 0, (struct sockaddr *)&name, sizeof name), "sendto");
  must_fail(connect(ends[1], (struct sockaddr *)&name, sizeof name), "connect");
  return verdict();
}
