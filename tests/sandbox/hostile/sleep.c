// promise: sleeping is idleness, not a time limit
// expect: idle
#include "probe.h"
int main(void) {
  doze(60000);
}
