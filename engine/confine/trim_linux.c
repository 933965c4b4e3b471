// A program's own pages count as the process's memory while they are mapped,
// and starting touches many that running a guest does not. They are the page
// cache's: unmapped here, they come back without a read where they are needed.
#define _GNU_SOURCE
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include "trim_linux.h"

static int trim(struct dl_phdr_info *info, size_t size, void *data) {
  (void)size, (void)data;
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr) *p = &info->dlpi_phdr[i];
    if (p->p_type != PT_LOAD || (p->p_flags & PF_W)) continue;  // written pages are the process's own
    uintptr_t from = (info->dlpi_addr + p->p_vaddr + page - 1) & ~(page - 1);
    uintptr_t to = (info->dlpi_addr + p->p_vaddr + p->p_filesz) & ~(page - 1);
    if (to <= from) continue;
    madvise((void *)from, to - from, MADV_NOHUGEPAGE);  // else one touch maps 2 MB
    madvise((void *)from, to - from, MADV_DONTNEED);
  }
  return 0;
}

void confine_trim_pages(void) { dl_iterate_phdr(trim, NULL); }
