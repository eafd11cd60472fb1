// promise: waiting on no descriptor is idleness
// expect: idle
#include "probe.h"
#include <sys/select.h>
int main(void) {
  select(0, NULL, NULL, NULL, NULL);
}
