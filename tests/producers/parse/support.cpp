#include "tests/producers/parse/support.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace feedwatch {

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    EXPECT_TRUE(file) << path;
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string feed_file(const char* name) {
    return read_file(std::filesystem::path(FEEDWATCH_SOURCE_DIR) / "tests" / "data" / "feeds" / name);
}

std::filesystem::path shared_data(const char* name) {
    const char* shared = std::getenv("FEEDWATCH_SHARED");
    return std::filesystem::path(shared != nullptr ? shared : FEEDWATCH_SOURCE_DIR "/../shared") / "data" / name;
}

parsed_feed parsed(std::string_view bytes, const parse_hints& hints, const parse_limits& limits) {
    auto feed = parse_feed(bytes, hints, limits);
    if (!feed) {
        ADD_FAILURE() << feed.error().message();
        return {};
    }
    return *std::move(feed);
}

std::string rss(std::string_view items) {
    return "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>T</title>" + std::string(items) +
           "</channel></rss>";
}

}  // namespace feedwatch
