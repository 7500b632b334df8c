#include <malloc.h>

#include "app/cli.hpp"

int main(int argc, char** argv) {
    // Fetched batches and records of up to a few MB come and go all the time: given back to the kernel and taken again
    // each time they cost 5 % of a busy pipeline's time. Setting one of these ends glibc's own adapting, so both are
    // set.
    mallopt(M_MMAP_THRESHOLD, 8 << 20);
    mallopt(M_TRIM_THRESHOLD, 64 << 20);
    return feedwatch::app::main(argc, argv);
}
