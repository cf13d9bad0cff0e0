// Releases memory that a large library takes; `../addons.ts` documents the functions.
#include "memory.h"

#include <string>

#ifdef __GLIBC__
#include <malloc.h>
#endif
#ifdef __linux__
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

namespace {

// Releases the read-only pages of one library; the system reads them from the file again when they are needed.
int releasePages(dl_phdr_info* library, size_t, void* name) {
  if (std::string(library->dlpi_name).find(*static_cast<std::string*>(name)) == std::string::npos) return 0;
  const auto page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  for (int i = 0; i < library->dlpi_phnum; i++) {
    const ElfW(Phdr)& segment = library->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
    const uintptr_t begin = (library->dlpi_addr + segment.p_vaddr) / page * page;
    const uintptr_t end = library->dlpi_addr + segment.p_vaddr + segment.p_memsz;
    madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);  // a failure only leaves the pages in memory
  }
  return 0;
}

}  // namespace
#endif

void shareMallocArena(const Napi::CallbackInfo&) {
#ifdef __GLIBC__
  mallopt(M_ARENA_MAX, 1);
#endif
}

void releaseFreeMemory(const Napi::CallbackInfo&) {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

void releaseLibraryPages(const Napi::CallbackInfo& info) {
#ifdef __linux__
  std::string name = info[0].As<Napi::String>();
  dl_iterate_phdr(releasePages, &name);
#endif
}
