// promise: threads do not multiply the CPU time that a program gets
// expect: time
#include "probe.h"
static void *burn(void *p) {
  spin();
  return p;
}
int main(void) {
  pthread_t thread;
  for (int i = 0; i < 4; i++) pthread_create(&thread, NULL, burn, NULL);
  pause();
}
