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
  if (stacks == MAP_FAILED) return -errno;
  int made = 0;
  while (made < count && clone(sleeper, stacks + (made + 1) * stack, CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM, NULL) > 0) made++;
  return made > 0 ? made : -errno;
}

// The child has no signals, so that nothing of Go's runs in it.
int confine_fork(unsigned long flags) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  long child = syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
  int error = errno;
  if (child == 0) syscall(SYS_exit_group, 0);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return child > 0 ? (int)child : -error;
}

struct program {
  const char *path;
  int failed;
};

// Runs in the parent's memory, on a stack of its own, until the program starts.
static int start_program(void *data) {
  struct program *program = data;
  char *const arguments[] = {(char *)program->path, NULL}, *const environment[] = {NULL};
  execve(program->path, arguments, environment);
  program->failed = errno;
  syscall(SYS_exit, 127);
  return 0;
}

int confine_exec(const char *path, int *failed) {
  static _Alignas(16) char stack[16384];
  struct program program = {path, 0};
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int child = clone(start_program, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, &program);
  int error = errno;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  *failed = program.failed;
  return child > 0 ? child : -error;
}

void confine_touch(unsigned long at, unsigned long size) {
  for (unsigned long i = 0; i < size; i += 4096) *(volatile char *)(at + i) = 1;
}
