// promise: there is no network, of any family
// expect: ok
// stdout: held\n
#include "probe.h"
int main(void) {
  for (int family = 1; family < 46; family++)
    for (int type = 1; type <= 3; type++) must_fail(socket(family, type, 0), "socket");
  return verdict();
}
