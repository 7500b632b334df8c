// What the C++ programs of bench/match measure with.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

namespace feedwatch::bench {

inline double cpu_seconds() {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

inline double resident_bytes() {
    double pages = 0;
    double resident = 0;
    std::ifstream("/proc/self/statm") >> pages >> resident;
    return resident * 4096;
}

// The first `most` lines.
inline std::vector<std::string> lines_of(const char* path, std::size_t most = ~std::size_t{0}) {
    std::vector<std::string> lines;
    std::ifstream in(path);
    for (std::string line; lines.size() < most && std::getline(in, line);) lines.push_back(std::move(line));
    return lines;
}

struct figures {
    double compile = 0, seconds = 0, bytes = 0, memory = 0;
    std::size_t documents = 0, pairs = 0;

    void print() const {
        std::printf(
            "{\"compile_seconds\": %.6f, \"cpu_seconds\": %.6f, \"bytes\": %.0f, \"documents\": %zu, \"pairs\": %zu, "
            "\"memory_bytes\": %.0f}\n",
            compile, seconds, bytes, documents, pairs, memory);
    }
};

}  // namespace feedwatch::bench
