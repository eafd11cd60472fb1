// promise: a parent that is suspended by vfork does not stop the clock
// expect: time
#include "probe.h"
int main(void) {
  if (vfork() == 0) spin();
}
