// What the C++ programs of this benchmark share: which requests, and how it is told what they cost.
//   PROGRAM MODE URL DOCUMENTS IN_FLIGHT POLLS CA_FILE
// The URLs are URL + "0.xml" to URL + "(DOCUMENTS - 1).xml", in turn. MODE: not_modified (with the ETag, the server
// answers 304), read (the body is read), parse (and parsed).
#pragma once

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

namespace feedwatch::bench {

struct poll_work {
    std::string mode, url, ca_file;
    std::size_t documents = 0, in_flight = 0, polls = 0;
    std::vector<std::string> etags;  // of the first answers

    static poll_work of(int argc, char** argv) {
        if (argc != 7) {
            std::fprintf(stderr, "usage: see work.hpp\n");
            std::exit(2);
        }
        poll_work w{argv[1], argv[2], argv[6], std::stoul(argv[3]), std::stoul(argv[4]), std::stoul(argv[5]), {}};
        w.etags.resize(w.documents);
        return w;
    }
    [[nodiscard]] std::string url_of(std::size_t n) const { return url + std::to_string(n % documents) + ".xml"; }
};

class cost {
  public:
    void start() { before_ = now(); }
    // Prints polls, items, bytes and CPU seconds as JSON.
    void tell(std::size_t polls, std::size_t not_modified, std::size_t items, std::size_t bytes,
              std::size_t failed) const {
        std::printf(
            "{\"polls\": %zu, \"not_modified\": %zu, \"items\": %zu, \"bytes\": %zu, \"failed\": %zu, \"cpu_seconds\": "
            "%.6f}\n",
            polls, not_modified, items, bytes, failed, now() - before_);
    }

  private:
    static double now() {
        timespec t{};
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
    }
    double before_ = 0;
};

}  // namespace feedwatch::bench
