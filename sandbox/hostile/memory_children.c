// promise: memory of all processes counts together
// expect: memory
#include "probe.h"
int main(void) {
  for (int i = 0; i < 4; i++)
    if (fork() == 0) {
      char *block = malloc(40 << 20);
      memset(block, 1, 40 << 20);
      __asm__ volatile("" : : "r"(block) : "memory");
      pause();
    }
  pause();
}
