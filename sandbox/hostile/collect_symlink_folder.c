// promise: nothing is brought back through a link to a folder
// expect: ok
// collect: etc/passwd
#include "probe.h"
int main(void) {
  return symlink("/etc", "etc");
}
