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
    const std::vector<std::string> pieces{// clang-format off
        "http:", "https:", "HTTP:", "//", "/", "\\", "example", ".", "com", "www.", "m.", "amp", "amp.", "/amp", "co.uk",
        ":80", ":443", ":8", "?", "&", "=", "#", "utm_x", "amp;", "amp=1", "ref", "rss", "index.html", "..", "%", "%2e",
        "%41", "%zz", "ä", "\xff", " ", "@", "[", "]", ";jsessionid=", ".amp", ".html", "!", "xtor=", ":~:", "/", "/story",
        "/2026/11/27", "/", "/a-b_c", "?p=", "#x", "/print", "print/", "/a-1", "?print=1", "#?", "#!/", "#a=b", "comments",
        "touch.", "twitter.com", "old.reddit.com", "youtube.com/", "youtu.be/", "watch?v=", "abcdefghijk", "shorts/", "&t=1",
        "google.com/amp/s/", "google.com/url?q=", "https://www.google.com/url?url=", "http%3A%2F%2F", "http%253A%252F%252F",
        "https://x.cdn.ampproject.org/c/s/", "news.google.com/articles/", "CBMiGmh0dHBzOi8vbmV3cy5leGFtcGxlL3N0b3Jt",
        "https://l.facebook.com/l.php?u=", "rss.feedsportal.com/c/1/l/0L0S", "0B", "0N", "0C", "https://href.li/?",
        "urldefense.com/v3/__https://", "__;!!x", "urldefense.proofpoint.com/v2/url?u=", "https-3A__a.b_c",
        "r.search.yahoo.com/RU=https%3a%2f%2f", "/RK=", "go.theregister.com/feed/", "/index.php/"};
    // clang-format on
    std::mt19937 random(7);
    for (int n = 0; n < 120000; ++n) {
        std::string url = n % 4 == 0 ? "" : "http://example.com";
        for (std::size_t k = random() % 11; k > 0; --k) url += pieces[random() % pieces.size()];
        expect_stable(url);
        if (HasFailure()) return;
    }
}

// Found by longer runs of the test above.
TEST(canonical_url, is_idempotent_on_urls_that_were_not) {
    for (const char* url : {"http://example.com#amp;/2026/11/27/amp%?print=1", "http://example.com#amp;comments"})
        expect_stable(url);
    EXPECT_EQ(canonical_url("http://example.com/#amp;/a?print=1"), "https://example.com/#/a");
}

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == ':' || c == '/' || c == '?' || c == '=' || c == '%' || c == '&') {
            constexpr std::string_view digits = "0123456789ABCDEF";
            const auto byte = static_cast<unsigned char>(c);
            ((out += '%') += digits[byte >> 4U]) += digits[byte & 0xFU];
        } else {
            out += c;
        }
    }
    return out;
}

TEST(a_wrapped_url, is_found_inside_any_wrappings_within_the_limit_of_length) {
    const std::string story = "https://news.example/storm?id=4";
    std::string in_queries = story;
    std::string in_paths = story.substr(8);
    for (int depth = 0; depth < 12; ++depth) {
        in_queries = "https://www.google.com/url?sa=t&url=" + escaped(in_queries);
        in_paths = "x.cdn.ampproject.org/c/s/" + in_paths;
        EXPECT_EQ(canonical_url(in_queries), story) << depth;
        EXPECT_EQ(canonical_url("https://" + in_paths), story) << depth;
        expect_stable(in_queries);
    }
    // 8 kB: longer ones are left as they are.
    std::string many = story.substr(8);
    while (many.size() < 8000) many = "x.cdn.ampproject.org/c/s/" + many;
    EXPECT_EQ(canonical_url("https://" + many), story);
    for (int n = 0; n < 10; ++n) many = "x.cdn.ampproject.org/c/s/" + many;
    EXPECT_GT(canonical_url("https://" + many).size(), 8U << 10U);
    expect_stable("https://" + many);
}

TEST(a_wrapped_url, that_would_be_longer_than_its_wrapping_is_left_alone) {
    std::string codes;
    for (int n = 0; n < 100; ++n) codes += "0O";
    expect_stable("http://rss.feedsportal.com/l/0L" + codes);
    EXPECT_EQ(canonical_url("http://rss.feedsportal.com/l/0L" + codes), "https://rss.feedsportal.com/l/0L" + codes);
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
