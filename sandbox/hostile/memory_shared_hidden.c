// promise: shared memory that no page table shows is memory, too
// expect: memory runtime
// limits: cpu 3
// walled: yes
// rebuilt: may
#include "probe.h"
// Nothing of it can be taken back before it is gone, and by then the kernel may have killed all that
// is left within the wall: the runner. A new one runs it again.
int main(void) {
  const size_t piece = 16 << 20, all = 640u << 20;
  char *block = mmap(NULL, all, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (block == MAP_FAILED) return 1;
  for (size_t at = 0; at < all; at += piece) {
    memset(block + at, 1, piece);
    madvise(block + at, piece, MADV_DONTNEED);
  }
  puts("hidden");
}
