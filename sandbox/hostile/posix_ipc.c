// promise: POSIX queues, shared memory and semaphores leave nothing
// expect: ok
// runs: 2
// stdout: held\n
#include "probe.h"
#include <mqueue.h>
#include <semaphore.h>
int main(void) {
  must_fail(mq_open("/queue", O_CREAT | O_RDWR, 0666, NULL), "mq_open");
  must_fail(shm_open("/memory", O_RDWR, 0666), "shared memory of the last run");
  must_fail(sem_open("/semaphore", 0) == SEM_FAILED ? -1 : 0, "a semaphore of the last run");
  shm_open("/memory", O_CREAT | O_RDWR, 0666);
  sem_open("/semaphore", O_CREAT, 0666, 1);
  return verdict();
}
