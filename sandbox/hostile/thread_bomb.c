// promise: threads are limited together with processes
// expect: ok
// stdout: held\n
#include "probe.h"
static void *forever(void *p) {
  for (;;) pause();
  return p;
}
int main(void) {
  int made = 0;
  pthread_t thread;
  for (int i = 0; i < 64; i++) made += pthread_create(&thread, NULL, forever, NULL) == 0;
  must_fail(made >= 32 ? 0 : -1, "many threads");
  return verdict();
}
