// promise: waiting on no descriptor is idleness
// expect: idle
// limits: wall 0.8
#include "probe.h"
#include <sys/select.h>
int main(void) {
  select(0, NULL, NULL, NULL, NULL);
}
