// promise: how far one run has read is nothing to the next
// expect: ok
// stdin: abcdef\n
// stdout: abc\n
// runs: 3
#include "probe.h"
int main(void) {
  char text[4] = "";
  (void)!read(0, text, 3);
  puts(text);
  return 0;
}
