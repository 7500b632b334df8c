#include "app/cli.hpp"
#include "core/heap.hpp"

int main(int argc, char** argv) {
    feedwatch::keep_freed_memory();
    return feedwatch::app::main(argc, argv);
}
