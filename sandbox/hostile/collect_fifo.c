// promise: a pipe in place of an output file neither hangs the box nor is brought back
// expect: ok
// collect: answer
#include "probe.h"
int main(void) {
  return mkfifo("answer", 0666);
}
