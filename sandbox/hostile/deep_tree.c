// promise: a tree deeper than any path is wiped away
// expect: ok
// limits: cpu 3
#include "probe.h"
int main(void) {
  for (int i = 0; i < 3000; i++)
    if (mkdir("d", 0777) < 0 || chdir("d") < 0) break;
  return 0;
}
