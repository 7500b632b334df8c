// How this process's heap gives memory back. For main(), before anything else.
#pragma once

#include <malloc.h>

namespace feedwatch {

// Bodies, fetched batches and records of up to a few MB come and go all the time: given back to the kernel and taken
// again each time they cost 5 % of a busy pipeline's time, and a third of a poll's. Setting one of these ends glibc's
// own adapting, so both are set.
inline void keep_freed_memory() {
    mallopt(M_MMAP_THRESHOLD, 8 << 20);
    mallopt(M_TRIM_THRESHOLD, 64 << 20);
}

}  // namespace feedwatch
