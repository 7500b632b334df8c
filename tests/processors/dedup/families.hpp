// The labelled families of tests/data/stories.
#pragma once

#include <string>
#include <vector>

#include "tests/processors/dedup/samples.hpp"

namespace feedwatch::dedup {

struct expectation {
    sample item;
    std::string verdict;
    std::string story;
    std::vector<std::string> how;  // those that are right for a duplicate
};
struct family {
    std::string name;
    std::vector<expectation> items;
};

// `kind` is the file's name without ".json". Throws what simdjson throws for a file that cannot be read.
std::vector<family> read_families(const std::string& kind);

}  // namespace feedwatch::dedup
