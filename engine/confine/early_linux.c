// Runs before Go's runtime, while the process has one thread: what is given up
// here is given up by every thread to come. Landlock has no way to reach
// threads that exist already, and Go has several before main.
#define _GNU_SOURCE
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "early_linux.h"

// From linux/landlock.h, which build machines may have too old.
struct ruleset {
  uint64_t handled_access_fs, handled_access_net, scoped;
};
enum { CREATE_RULESET = 444, RESTRICT_SELF = 446, VERSION = 1 };

int confine_no_new_privs = 0;
int confine_landlock = 0;

__attribute__((constructor)) static void confine_early(void) {
  if (getenv("SEALEDROOM_WORKER") == NULL) return;
  confine_no_new_privs = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
  long abi = syscall(CREATE_RULESET, NULL, 0, VERSION);
  if (abi < 1) return;

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
