extern int confine_no_new_privs;  // 1: given up
extern int confine_landlock;      // the ABI in force; 0: none
extern int confine_landlock_abi;  // the ABI that the kernel offers; 0: none
extern int confine_closed;        // 1: every inherited descriptor past the worker's own is closed
extern int confine_capabilities;  // 1: the process has none, and can have none
void confine_shed(void);
int confine_make_threads(int count);  // how many it got
int confine_fork(void);          // errno, or 0 if it worked
