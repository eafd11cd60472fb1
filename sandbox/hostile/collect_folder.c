// promise: a folder in place of an output file is not brought back
// expect: ok
// collect: answer
#include "probe.h"
int main(void) {
  return mkdir("answer", 0777);
}
