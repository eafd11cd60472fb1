// promise: children do not outlive their parent, and print nothing after it
// expect: ok
// stdout: parent\n
#include "probe.h"
int main(void) {
  for (int i = 0; i < 4; i++)
    if (fork() == 0) {
      doze(100);
      (void)!write(1, "child\n", 6);
      spin();
    }
  (void)!write(1, "parent\n", 7);
  return 0;
}
