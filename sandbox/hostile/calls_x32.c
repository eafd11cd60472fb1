// promise: system calls of the x32 variant end the program
// expect: runtime
// signal: 31
// machine: x86_64
#include "probe.h"
int main(void) {
  printf("escaped %ld\n", syscall(0x40000000 | SYS_getpid));
}
