/* What is denied to the runner, and so to everything that it starts.
 *
 * One filter for all: it is installed once, on PID 1, and inherited, so that it costs a run
 * nothing and a program that took the runner over would still be held by it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runner.h"

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "the runner knows the system calls of x86-64 and arm64 only"
#endif

/* Calls newer than this table answer ENOSYS: programs then use older ones, which are judged
 * below. Numbers from 424 on are the same on both architectures. */
#define NEWEST_KNOWN 450 /* set_mempolicy_home_node, Linux 5.17 */

static const int denied[] = {
    /* other processes, and the runner among them */
    SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp, SYS_pidfd_getfd,
    SYS_process_madvise, SYS_process_mrelease, SYS_move_pages, SYS_migrate_pages,
    SYS_sched_setaffinity, SYS_sched_setparam, SYS_sched_setattr,
    SYS_ioprio_set, SYS_setpriority,
    /* channels that outlive a run or cross boxes */
    SYS_shmget, SYS_shmat, SYS_shmctl, SYS_shmdt, SYS_semget, SYS_semop, SYS_semctl,
    SYS_semtimedop, SYS_msgget, SYS_msgsnd, SYS_msgrcv, SYS_msgctl, SYS_mq_open, SYS_mq_unlink,
    SYS_mq_timedsend, SYS_mq_timedreceive, SYS_mq_notify, SYS_mq_getsetattr, SYS_keyctl,
    SYS_add_key, SYS_request_key, SYS_flock, SYS_setxattr, SYS_lsetxattr, SYS_fsetxattr,
    SYS_removexattr, SYS_lremovexattr, SYS_fremovexattr, SYS_inotify_init1,
    SYS_inotify_add_watch, SYS_fanotify_init, SYS_fanotify_mark,
    /* the network */
    SYS_socket, SYS_bind, SYS_listen, SYS_connect, SYS_accept, SYS_accept4,
    /* namespaces, mounts, the machine */
    SYS_unshare, SYS_setns, SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_fsopen,
    SYS_fsconfig, SYS_fsmount, SYS_fspick, SYS_open_tree, SYS_move_mount, SYS_mount_setattr,
    SYS_swapon, SYS_swapoff, SYS_reboot, SYS_kexec_load, SYS_kexec_file_load, SYS_init_module,
    SYS_finit_module, SYS_delete_module, SYS_acct, SYS_quotactl, SYS_quotactl_fd, SYS_syslog,
    SYS_sethostname, SYS_setdomainname, SYS_settimeofday, SYS_clock_settime, SYS_adjtimex,
    SYS_clock_adjtime, SYS_vhangup, SYS_nfsservctl, SYS_lookup_dcookie,
    /* large or fresh parts of the kernel that no contest program needs */
    SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, SYS_name_to_handle_at, SYS_open_by_handle_at,
    SYS_memfd_secret, SYS_personality, SYS_landlock_create_ruleset, SYS_landlock_add_rule,
    SYS_landlock_restrict_self, SYS_seccomp,
#ifdef __x86_64__
    SYS_inotify_init, SYS_iopl, SYS_ioperm, SYS_modify_ldt, SYS_uselib, SYS_ustat,
    SYS_sysfs, SYS__sysctl, SYS_create_module, SYS_get_kernel_syms, SYS_query_module,
#endif
};

/* Libraries try these and fall back quietly where the kernel does not know them. */
static const int unknown[] = {SYS_clone3,         SYS_io_uring_setup, SYS_io_uring_enter,
                              SYS_io_uring_register, SYS_io_setup,    SYS_io_submit,
                              SYS_io_destroy,     SYS_io_getevents,   SYS_io_cancel,
                              SYS_io_pgetevents};

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define LOAD_ARG(n) \
  BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args) + 8 * (n))
#define RETURN(what) BPF_STMT(BPF_RET | BPF_K, what)
#define ERROR(code) RETURN(SECCOMP_RET_ERRNO | (code))
#define IF_EQUAL(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, yes, no)

#define NAMESPACES \
  (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | \
   CLONE_NEWNET)

/* fcntl commands for locks, leases and notifications, which other boxes could see on files of
 * the image. */
static const int lock_commands[] = {F_SETLK, F_SETLKW, F_GETLK, F_OFD_SETLK, F_OFD_SETLKW,
                                    F_OFD_GETLK, F_SETLEASE, F_NOTIFY};

static bool install_filter(bool needs_memfd) {
  static struct sock_filter code[72 + 2 * COUNT(denied) + 2 * COUNT(unknown) +
                                 2 * COUNT(lock_commands)];
  size_t n = 0;
#define EMIT(...) \
  do { \
    const struct sock_filter step[] = {__VA_ARGS__}; \
    for (size_t k = 0; k < COUNT(step); k++) code[n++] = step[k]; \
  } while (0)
  EMIT(LOAD(arch), IF_EQUAL(ARCHITECTURE, 1, 0), RETURN(SECCOMP_RET_KILL_PROCESS), LOAD(nr));
#ifdef __x86_64__
  EMIT(BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000u, 0, 1), RETURN(SECCOMP_RET_KILL_PROCESS));
#endif
  EMIT(BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, NEWEST_KNOWN, 0, 1), ERROR(ENOSYS));
  /* Memory that is in no process and in no file system, so that nobody but a cgroup bounds it. */
  if (!needs_memfd) EMIT(IF_EQUAL(SYS_memfd_create, 0, 1), ERROR(EPERM));
  for (size_t i = 0; i < COUNT(denied); i++)
    EMIT(IF_EQUAL((uint32_t)denied[i], 0, 1), ERROR(EPERM));
  for (size_t i = 0; i < COUNT(unknown); i++)
    EMIT(IF_EQUAL((uint32_t)unknown[i], 0, 1), ERROR(ENOSYS));
  /* processes and threads, but no namespaces */
  EMIT(IF_EQUAL(SYS_clone, 0, 4), LOAD_ARG(0),
       BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, NAMESPACES, 0, 1), ERROR(EPERM),
       RETURN(SECCOMP_RET_ALLOW));
  EMIT(IF_EQUAL(SYS_socketpair, 0, 4), LOAD_ARG(0), IF_EQUAL(AF_UNIX, 1, 0), ERROR(EPERM),
       RETURN(SECCOMP_RET_ALLOW));
  /* the usual policy only, which every program has: Mono asks for it for each of its threads */
  EMIT(IF_EQUAL(SYS_sched_setscheduler, 0, 4), LOAD_ARG(1), IF_EQUAL(0 /* SCHED_OTHER */, 1, 0),
       ERROR(EPERM), RETURN(SECCOMP_RET_ALLOW));
  /* limits of the caller only */
  EMIT(IF_EQUAL(SYS_prlimit64, 0, 4), LOAD_ARG(0), IF_EQUAL(0, 1, 0), ERROR(EPERM),
       RETURN(SECCOMP_RET_ALLOW));
  /* no file attributes (they would outlive the run on the working directory itself), no typing
   * into terminals */
  EMIT(IF_EQUAL(SYS_ioctl, 0, 8), LOAD_ARG(1), IF_EQUAL(FS_IOC_SETFLAGS, 4, 0),
       IF_EQUAL(FS_IOC_FSSETXATTR, 3, 0), IF_EQUAL(0x5412 /* TIOCSTI */, 2, 0),
       IF_EQUAL(0x541C /* TIOCLINUX */, 1, 0), RETURN(SECCOMP_RET_ALLOW), ERROR(EPERM),
       RETURN(SECCOMP_RET_ALLOW));
  EMIT(IF_EQUAL(SYS_fcntl, 0, 2 * COUNT(lock_commands) + 1), LOAD_ARG(1));
  for (size_t i = 0; i < COUNT(lock_commands); i++)
    EMIT(IF_EQUAL((uint32_t)lock_commands[i], 0, 1), ERROR(EPERM));
  EMIT(RETURN(SECCOMP_RET_ALLOW));
  const struct sock_fprog program = {(unsigned short)n, code};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/* Programs inherit no capability: what the runner keeps it needs itself, and loses with its
 * user id when it becomes a program. */
static bool drop_inheritable(void) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2];
  if (syscall(SYS_capget, &header, data) < 0) return false;
  data[0].inheritable = data[1].inheritable = 0;
  (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  return syscall(SYS_capset, &header, data) == 0;
}

static bool limit(int what, rlim_t value) {
  const struct rlimit both = {value, value};
  return setrlimit(what, &both) == 0;
}

/* Limits that are the same for every run. */
static bool constant_limits(void) {
  return limit(RLIMIT_CORE, 0) && limit(RLIMIT_MEMLOCK, 0) && limit(RLIMIT_MSGQUEUE, 0) &&
         limit(RLIMIT_NICE, 0) && limit(RLIMIT_RTPRIO, 0) && limit(RLIMIT_NOFILE, 512) &&
         limit(RLIMIT_STACK, RLIM_INFINITY);
}

/* same_user: a box without capabilities (an unprivileged user namespace) has one user only.
 * needs_memfd: blobs come in pieces, which only happens in a box with a cgroup of its own. */
bool confine(bool needs_memfd, bool *same_user) {
  *same_user = getuid() != 0;
  if (prctl(PR_SET_DUMPABLE, 0) < 0 || !constant_limits() || !drop_inheritable()) return false;
  if (!*same_user && setgroups(0, NULL) < 0) return false;
  return install_filter(needs_memfd);
}
