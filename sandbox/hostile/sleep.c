// promise: sleeping is idleness, not a time limit
// expect: idle
// limits: wall 0.8
#include "probe.h"
int main(void) {
  doze(60000);
}
