// Processes and threads as native code would make them.
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "early_linux.h"

// No libc in them, and 4 KB of stack each: asleep.
static int sleeper(void *unused) {
  (void)unused;
  for (;;) poll(NULL, 0, -1);
  return 0;
}

int confine_make_threads(int count) {
  const size_t stack = 4096;
  char *stacks = mmap(NULL, (size_t)count * stack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (stacks == MAP_FAILED) return 0;
  int made = 0;
  while (made < count && clone(sleeper, stacks + (made + 1) * stack, CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM, NULL) > 0) made++;
  return made;
}

// The child has no signals, so that nothing of Go's runs in it.
int confine_fork(void) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  long child = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
  int error = child < 0 ? errno : 0;
  if (child == 0) syscall(SYS_exit_group, 0);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return error;
}
