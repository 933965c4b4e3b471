// Runs before Go's runtime, while the process has one thread: what is given up
// here is given up by every thread to come. Landlock and capabilities belong to
// a thread and cannot be taken from those that exist already, and Go has several
// before main.
#define _GNU_SOURCE
#include <linux/capability.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "early_linux.h"

// From linux/landlock.h and linux/close_range.h, which build machines may have
// too old.
struct ruleset {
  uint64_t handled_access_fs, handled_access_net, scoped;
};
enum { CLOSE_RANGE = 436, CREATE_RULESET = 444, RESTRICT_SELF = 446, VERSION = 1 };

// The worker's own descriptors are 0 to 5: the standard three, and its pipes.
enum { FIRST_INHERITED = 6, MAX_CLOSED_ONE_BY_ONE = 1 << 20 };

int confine_no_new_privs = 0;
int confine_landlock = 0;
int confine_landlock_abi = 0;
int confine_closed = 0;
int confine_capabilities = 0;

// Whatever the shell, IDE or service manager left open would be readable, and
// writable, from the worker. Kernels before 5.9 have no close_range.
static void close_inherited(void) {
  if (syscall(CLOSE_RANGE, FIRST_INHERITED, ~0U, 0) != 0) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    if (limit.rlim_max > MAX_CLOSED_ONE_BY_ONE) return;  // said as lacking, not half done
    for (int fd = FIRST_INHERITED; fd < (int)limit.rlim_max; fd++) close(fd);
  }
  confine_closed = 1;
}

// Root's powers are capabilities: without them the worker is an ordinary
// process, whoever started it. The bounding set goes too, so that none returns.
static void drop_capabilities(void) {
  for (int cap = 0; cap < 64; cap++) {
    if (prctl(PR_CAPBSET_READ, cap, 0, 0, 0) == 1) prctl(PR_CAPBSET_DROP, cap, 0, 0, 0);
  }
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct none[2] = {{0}};
  confine_capabilities = syscall(SYS_capset, &header, none) == 0;
}

static void restrict_by_landlock(void) {
  long abi = syscall(CREATE_RULESET, NULL, 0, VERSION);
  if (abi < 1) return;
  confine_landlock_abi = abi;

  // Everything this kernel can handle is handled, and no rule allows any.
  struct ruleset all = {.handled_access_fs = (1 << 13) - 1};
  size_t size = 8;
  if (abi >= 2) all.handled_access_fs |= 1 << 13;  // refer
  if (abi >= 3) all.handled_access_fs |= 1 << 14;  // truncate
  if (abi >= 4) all.handled_access_net = 3, size = 16;  // bind, connect
  if (abi >= 5) all.handled_access_fs |= 1 << 15;  // device ioctl
  if (abi >= 6) all.scoped = 3, size = 24;  // abstract sockets, signals
  int fd = syscall(CREATE_RULESET, &all, size, 0);
  if (fd < 0) return;
  if (syscall(RESTRICT_SELF, fd, 0) == 0) confine_landlock = abi;
  close(fd);
}

// The variable's value names the walls that a demonstration leaves out.
static int keeps(const char *walls_left_out, const char *wall) { return strstr(walls_left_out, wall) == NULL; }

__attribute__((constructor)) static void confine_early(void) {
  const char *without = getenv("SEALEDROOM_WORKER");
  if (without == NULL) return;
  if (keeps(without, "descriptors")) close_inherited();
  confine_no_new_privs = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
  if (keeps(without, "capabilities")) drop_capabilities();
  if (keeps(without, "landlock")) restrict_by_landlock();
}
