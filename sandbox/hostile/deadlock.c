// promise: a deadlock is idleness
// expect: idle
// limits: wall 0.8
#include "probe.h"
int main(void) {
  pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&lock);
  pthread_mutex_lock(&lock);
}
