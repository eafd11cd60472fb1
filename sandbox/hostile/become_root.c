// promise: no program becomes another user or gains a capability
// expect: ok
// stdout: held\n
#include "probe.h"
#include <grp.h>
#include <linux/capability.h>
int main(void) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct all[2] = {{~0u, ~0u, ~0u}, {~0u, ~0u, ~0u}};
  gid_t none = 0;
  must_fail(setuid(0), "setuid");
  must_fail(seteuid(0), "seteuid");
  must_fail(setgid(0), "setgid");
  must_fail(setgroups(1, &none), "setgroups");
  must_fail(syscall(SYS_capset, &header, all), "capset");
  return verdict();
}
