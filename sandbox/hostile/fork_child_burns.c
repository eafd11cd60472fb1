// promise: CPU time of children counts
// expect: time
#include "probe.h"
int main(void) {
  if (fork() == 0) spin();
  pause();
}
