#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "core/url/url.hpp"

namespace feedwatch {
namespace {

void expect_stable(const std::string& url) {
    const std::string once = canonical_url(url);
    EXPECT_EQ(canonical_url(once), once) << "of " << testing::PrintToString(url);
    // Most URLs take a short way; a blank before sends them the long way.
    EXPECT_EQ(once, canonical_url(' ' + url)) << "of " << testing::PrintToString(url);
    EXPECT_EQ(resolve_url("https://base.example/x/y?z", url), resolve_url("https://base.example/x/y?z", ' ' + url))
        << "of " << testing::PrintToString(url);
    if (const auto resolved = resolve_url("https://base.example/x/y?z", url)) {
        EXPECT_EQ(resolve_url("https://other.example/", *resolved), *resolved) << "of " << testing::PrintToString(url);
        EXPECT_EQ(canonical_url(*resolved), canonical_url(canonical_url(*resolved)));
    }
}

TEST(canonical_url, is_idempotent_on_random_urls) {
    const std::vector<std::string> pieces{
        "http:",        "https:", "HTTP:",  "//",         "/",     "\\",   "example", ".",
        "com",          "www.",   "m.",     "amp",        "amp.",  "/amp", "co.uk",   ":80",
        ":443",         ":8",     "?",      "&",          "=",     "#",    "utm_x",   "amp;",
        "amp=1",        "ref",    "rss",    "index.html", "..",    "%",    "%2e",     "%41",
        "%zz",          "ä",      "\xff",   " ",          "@",     "[",    "]",       "google.com/amp/s/",
        ";jsessionid=", ".amp",   ".html",  "!",          "xtor=", ":~:",  "/",       "/story",
        "/2026/11/27",  "/",      "/a-b_c", "?p=",        "#x"};
    std::mt19937 random(7);
    for (int n = 0; n < 40000; ++n) {
        std::string url = n % 4 == 0 ? "" : "http://example.com";
        for (std::size_t k = random() % 9; k > 0; --k) url += pieces[random() % pieces.size()];
        expect_stable(url);
        if (HasFailure()) return;
    }
}

// The strings of the WHATWG's URL tests, whatever their role there.
TEST(canonical_url, is_idempotent_on_the_urls_of_the_web_platform_tests) {
    const char* shared = std::getenv("FEEDWATCH_SHARED");
    const std::filesystem::path folder =
        std::filesystem::path(shared != nullptr ? shared : FEEDWATCH_SOURCE_DIR "/../shared") / "data" / "wpt-url";
    std::ifstream file(folder / "urltestdata.json");
    if (!file) GTEST_SKIP() << "no " << folder;
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    std::size_t count = 0;
    for (std::size_t at = text.find("\"input\": \""); at != std::string::npos;
         at = text.find("\"input\": \"", at + 1)) {
        const std::size_t start = at + 10;
        const std::size_t end = text.find("\",\n", start);
        if (end == std::string::npos) break;
        expect_stable(text.substr(start, end - start));
        ++count;
    }
    EXPECT_GT(count, 400U);
}

}  // namespace
}  // namespace feedwatch
