// promise: a right answer followed by a flood of blanks is over the output limit
// expect: output
#include "probe.h"
int main(void) {
  puts("42");
  for (int i = 0; i < 3 << 20; i++) putchar(' ');
}
