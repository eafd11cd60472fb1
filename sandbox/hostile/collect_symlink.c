// promise: a link is not brought back as a file
// expect: ok
// collect: answer
#include "probe.h"
int main(void) {
  return symlink("/etc/passwd", "answer");
}
