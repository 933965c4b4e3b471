extern int confine_no_new_privs;  // 1: given up
extern int confine_landlock;      // the ABI in force; 0: none
