// promise: the machine's clock, name and power are out of reach
// expect: ok
// stdout: held\n
#include "probe.h"
#include <sys/reboot.h>
int main(void) {
  struct timeval now = {1, 0};
  struct timespec then = {1, 0};
  cpu_set_t all;
  struct sched_param first = {50};
  memset(&all, 255, sizeof all);
  must_fail(settimeofday(&now, NULL), "settimeofday");
  must_fail(clock_settime(CLOCK_REALTIME, &then), "clock_settime");
  must_fail(sethostname("x", 1), "sethostname");
  must_fail(syscall(SYS_reboot, 0xfee1dead, 672274793, 0x01234567), "reboot");
  must_fail(sched_setaffinity(0, sizeof all, &all), "affinity");
  must_fail(sched_setscheduler(0, SCHED_FIFO, &first), "real time");
  must_fail(sched_setscheduler(0, SCHED_IDLE, &(struct sched_param){0}), "idle class");
  int fd = open("/proc/self/oom_score_adj", O_WRONLY);
  must_fail(fd < 0 ? -1 : write(fd, "-1000", 5), "oom_score_adj");
  return verdict();
}
