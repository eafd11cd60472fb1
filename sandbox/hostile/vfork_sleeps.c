// promise: a parent that vfork suspends while its child sleeps is idle in the end
// expect: idle
// limits: wall 0.3
#include "probe.h"
int main(void) {
  if (vfork() == 0) doze(60000);
}
