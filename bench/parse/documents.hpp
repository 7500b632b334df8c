// What every C++ program of this benchmark does beside parsing.
#pragma once

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace feedwatch::bench {

struct document {
    std::string bytes;
    std::string type;  // of its folder: "rss", "atom", "json", "html"
};

// All files of the folders, in the order of their names, up to `bytes_max` in all.
inline std::vector<document> read_documents(const std::vector<std::string>& folders, std::size_t bytes_max) {
    std::vector<document> out;
    std::size_t total = 0;
    for (const std::string& folder : folders) {
        std::vector<std::filesystem::path> files;
        for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path());
        std::sort(files.begin(), files.end());
        const std::size_t share = bytes_max / folders.size();
        std::size_t taken = 0;
        for (const auto& file : files) {
            std::ifstream in(file, std::ios::binary);
            document d{std::string(std::istreambuf_iterator<char>(in), {}), std::filesystem::path(folder).filename()};
            taken += d.bytes.size();
            if (taken > share) break;
            out.push_back(std::move(d));
        }
        total += taken;
    }
    if (total == 0) {
        std::fprintf(stderr, "no documents in %s\n", folders.front().c_str());
        std::exit(1);
    }
    return out;
}

inline double cpu_seconds() {
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

// Runs `parse` (document -> items found) over all until `seconds` of CPU time have gone, one pass to warm up before,
// and prints the figures as JSON. Items are printed so that runs can be compared, and nothing is optimised away.
template <class Parse>
int measure(const std::vector<document>& documents, double seconds, Parse parse) {
    std::size_t bytes = 0, items = 0, passes = 0, found = 0;
    for (const document& d : documents) found += parse(d);
    const double start = cpu_seconds();
    double now = start;
    do {
        for (const document& d : documents) {
            items += parse(d);
            bytes += d.bytes.size();
        }
        ++passes;
        now = cpu_seconds();
    } while (now - start < seconds);
    std::printf("{\"bytes\": %zu, \"items\": %zu, \"items_a_pass\": %zu, \"passes\": %zu, \"cpu_seconds\": %.6f}\n",
                bytes, items, found, passes, now - start);
    return 0;
}

}  // namespace feedwatch::bench
