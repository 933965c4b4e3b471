extern int confine_no_new_privs;  // 1: given up
extern int confine_landlock;      // the ABI in force; 0: none
extern int confine_landlock_abi;  // the ABI that the kernel offers; 0: none
extern int confine_closed;        // 1: every inherited descriptor past the worker's own is closed
extern int confine_capabilities;  // 1: the process has none, and can have none
int confine_make_threads(int count);    // how many it got, or -errno
int confine_fork(unsigned long flags);  // of clone: a process that ends at once, or -errno
// Starts a program: its process, or -errno. failed is what execve answered, or 0.
int confine_exec(const char *path, int *failed);
void confine_touch(unsigned long at, unsigned long size);
