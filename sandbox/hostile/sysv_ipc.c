// promise: System V shared memory, semaphores and queues are closed
// expect: ok
// stdout: held\n
#include "probe.h"
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
int main(void) {
  must_fail(shmget(0x1234, 4096, IPC_CREAT | 0666), "shmget");
  must_fail(semget(0x1234, 1, IPC_CREAT | 0666), "semget");
  must_fail(msgget(0x1234, IPC_CREAT | 0666), "msgget");
  return verdict();
}
