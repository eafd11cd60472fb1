// promise: several such processes that race with the sweep are all caught
// expect: ok
#include "probe.h"
int main(void) {
  for (int i = 0; i < 3; i++)
    if (fork() == 0)
      for (;;) {
        setsid();
        if (fork() > 0) _exit(0);
      }
  return 0;
}
