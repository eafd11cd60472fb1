// promise: system calls of the 32-bit architecture end the program
// expect: runtime
// signal: 31
// machine: x86_64
#include "probe.h"
int main(void) {
  long result;
  __asm__ volatile("int $0x80" : "=a"(result) : "a"(20L) : "memory");
  printf("escaped %ld\n", result);
}
