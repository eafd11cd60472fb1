/* CPU time, memory and state of all processes of the box, from its cgroup where one can be read
 * and from /proc otherwise. */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "runner.h"

void meter_init(struct meter *m) {
  const int flags = O_RDONLY | O_CLOEXEC;
  m->kind = 0;
  m->cpu_fd = open("/sys/fs/cgroup/cpuacct/cpuacct.usage", flags);
  m->oom_fd = open("/sys/fs/cgroup/memory/memory.oom_control", flags);
  m->memory_fd = open("/sys/fs/cgroup/memory/memory.stat", flags);
  if (m->cpu_fd >= 0 && m->oom_fd >= 0 && m->memory_fd >= 0) {
    m->kind = 1;
    return;
  }
  m->cpu_fd = open("/sys/fs/cgroup/cpu.stat", flags);
  m->oom_fd = open("/sys/fs/cgroup/memory.events", flags);
  m->memory_fd = open("/sys/fs/cgroup/memory.stat", flags);
  if (m->cpu_fd >= 0 && m->oom_fd >= 0 && m->memory_fd >= 0) m->kind = 2;
}

static bool read_text(int fd, char *text, size_t size) {
  ssize_t got = pread(fd, text, size - 1, 0);
  text[got > 0 ? got : 0] = 0;
  return got > 0;
}

static uint64_t field(const char *text, const char *name) {
  const char *at = strstr(text, name);
  return at ? strtoull(at + strlen(name), NULL, 10) : 0;
}

bool meter_cpu(const struct meter *m, uint64_t *cpu_us) {
  char text[1024];
  if (!m->kind || !read_text(m->cpu_fd, text, sizeof text)) return false;
  *cpu_us = m->kind == 1 ? strtoull(text, NULL, 10) / 1000 : field(text, "usage_usec ");
  return true;
}

uint64_t meter_oom_kills(const struct meter *m) {
  char text[1024];
  return m->kind && read_text(m->oom_fd, text, sizeof text) ? field(text, "oom_kill ") : 0;
}

static bool read_proc(int proc, const char *pid, const char *what, char *text, size_t size) {
  char path[64];
  snprintf(path, sizeof path, "%.20s/%s", pid, what);
  int fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  bool got = read_text(fd, text, size);
  close(fd);
  return got;
}

/* Where the nth field of /proc/PID/stat begins, n > 2, or NULL; the 2nd, in parentheses, may hold
 * anything. */
static const char *stat_field(const char *text, int n) {
  const char *at = strrchr(text, ')');
  for (int skip = 2; at && skip < n; skip++) at = strchr(at + 1, ' ');
  return at ? at + 1 : NULL;
}

static enum activity stat_activity(const char *text) {
  const char *state = stat_field(text, 3);
  if (!state) return ASLEEP;
  return *state == 'R' ? READY : *state == 'D' ? IN_KERNEL : ASLEEP;
}

/* utime and stime are the 14th and 15th field. */
static uint64_t stat_cpu_us(const char *text) {
  const char *at = stat_field(text, 14);
  if (!at) return 0;
  char *next;
  uint64_t ticks = strtoull(at, &next, 10);
  ticks += strtoull(next, NULL, 10);
  return ticks * 1000000u / (uint64_t)sysconf(_SC_CLK_TCK);
}

/* Flags of the process, the 9th field; PF_EXITING is set before its files are closed. */
bool meter_exiting(pid_t pid) {
  char path[32], text[1024];
  snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  const bool got = fd >= 0 && read_text(fd, text, sizeof text);
  if (fd >= 0) close(fd);
  const char *flags = got ? stat_field(text, 9) : NULL;
  return flags && (strtoul(flags, NULL, 10) & 4);
}

static enum activity busier(enum activity a, enum activity b) { return a > b ? a : b; }

/* What the busiest thread of the process does; `text` is the stat of its first one, whose 20th
 * field is how many there are. */
static enum activity threads_activity(int proc, const char *pid, const char *text) {
  enum activity busiest = stat_activity(text);
  const char *count = stat_field(text, 20);
  if (busiest == READY || !count || strtoul(count, NULL, 10) < 2) return busiest;
  char path[64], other[1024];
  snprintf(path, sizeof path, "%.20s/task", pid);
  const int fd = openat(proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *tasks = fd < 0 ? NULL : fdopendir(fd);
  if (!tasks) {
    if (fd >= 0) close(fd);
    return busiest;
  }
  for (struct dirent *t; busiest != READY && (t = readdir(tasks));)
    if (isdigit((unsigned char)t->d_name[0]) &&
        read_proc(dirfd(tasks), t->d_name, "stat", other, sizeof other))
      busiest = busier(busiest, stat_activity(other));
  closedir(tasks);
  return busiest;
}

struct usage meter_processes(void) {
  struct usage sum = {0, 0, 0, ASLEEP};
  const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
  DIR *proc = opendir("/proc");
  if (!proc) return sum;
  for (struct dirent *e; (e = readdir(proc));) {
    char text[1024];
    if (!isdigit((unsigned char)e->d_name[0]) || !strcmp(e->d_name, "1")) continue;
    if (read_proc(dirfd(proc), e->d_name, "stat", text, sizeof text)) {
      sum.cpu_us += stat_cpu_us(text);
      if (sum.busiest != READY)
        sum.busiest = busier(sum.busiest, threads_activity(dirfd(proc), e->d_name, text));
    }
    if (read_proc(dirfd(proc), e->d_name, "statm", text, sizeof text)) {
      char *resident;
      (void)strtoull(text, &resident, 10);
      const uint64_t rss = strtoull(resident, NULL, 10) * page;
      sum.rss += rss;
      if (rss > sum.largest) sum.largest = rss;
    }
  }
  closedir(proc);
  return sum;
}

/* Memory with shared pages counted once: from the cgroup, or as the sum of proportional shares
 * (which only a box with a single user may read). */
uint64_t meter_memory(const struct meter *m, const struct usage *now) {
  char text[4096];
  uint64_t bytes = 0;
  if (m->kind) {
    if (!read_text(m->memory_fd, text, sizeof text)) return now->rss;
    bytes = field(text, m->kind == 1 ? "total_rss " : "anon ");
  } else {
    DIR *proc = opendir("/proc");
    if (!proc) return now->rss;
    for (struct dirent *e; (e = readdir(proc));) {
      if (!isdigit((unsigned char)e->d_name[0]) || !strcmp(e->d_name, "1")) continue;
      if (read_proc(dirfd(proc), e->d_name, "smaps_rollup", text, sizeof text))
        bytes += field(text, "\nPss:") * 1024;
    }
    closedir(proc);
  }
  return bytes > now->largest ? bytes : now->largest;
}

uint64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint64_t now_us(void) { return now_ns() / 1000; }

uint64_t own_cpu_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000;
}
