#include <gtest/gtest.h>

#include "core/url/url.hpp"

namespace feedwatch {
namespace {

TEST(resolve_url, follows_the_examples_of_rfc_3986) {
    const char* base = "http://a/b/c/d;p?q";
    const std::pair<const char*, const char*> cases[] = {{"g", "http://a/b/c/g"},
                                                         {"./g", "http://a/b/c/g"},
                                                         {"g/", "http://a/b/c/g/"},
                                                         {"/g", "http://a/g"},
                                                         {"//g", "http://g/"},
                                                         {"?y", "http://a/b/c/d;p?y"},
                                                         {"g?y", "http://a/b/c/g?y"},
                                                         {"#s", "http://a/b/c/d;p?q#s"},
                                                         {"g#s", "http://a/b/c/g#s"},
                                                         {";x", "http://a/b/c/;x"},
                                                         {"", "http://a/b/c/d;p?q"},
                                                         {".", "http://a/b/c/"},
                                                         {"..", "http://a/b/"},
                                                         {"../g", "http://a/b/g"},
                                                         {"../..", "http://a/"},
                                                         {"../../g", "http://a/g"},
                                                         {"../../../g", "http://a/g"},
                                                         {"/./g", "http://a/g"},
                                                         {"g.", "http://a/b/c/g."},
                                                         {"..g", "http://a/b/c/..g"},
                                                         {"g;x=1/../y", "http://a/b/c/y"},
                                                         {"g?y/../x", "http://a/b/c/g?y/../x"}};
    for (const auto& [reference, expected] : cases) EXPECT_EQ(resolve_url(base, reference), expected) << reference;
}

TEST(resolve_url, takes_what_feeds_write) {
    EXPECT_EQ(resolve_url("", " https://example.com/a b\n"), "https://example.com/a%20b");
    EXPECT_EQ(resolve_url("", "https://example.com/ä?ö=ü"), "https://example.com/%C3%A4?%C3%B6=%C3%BC");
    EXPECT_EQ(resolve_url("", "http://example.com\\a\\b"), "http://example.com/a/b");
    EXPECT_EQ(resolve_url("", "https://exam\nple.com/"), "https://example.com/");
    EXPECT_EQ(resolve_url("https://example.com/x", "//cdn.example.com/y"), "https://cdn.example.com/y");
}

TEST(resolve_url, refuses_what_is_no_web_address) {
    for (const char* reference :
         {"javascript:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "file:///etc/passwd", "mailto:a@b",
          "ftp://example.com/", "http://", "http://ex ample.com/", "http://example.com:99999/", "http://exa<mple.com/"})
        EXPECT_EQ(resolve_url("https://example.com/", reference), std::nullopt) << reference;
    EXPECT_EQ(resolve_url("", "/relative"), std::nullopt);
    EXPECT_EQ(resolve_url("file:///etc/", "passwd"), std::nullopt);
}

TEST(resolve_url, refuses_what_is_too_long) {
    const std::string host = "https://host.example/";
    const std::string longest = host + std::string(url_bytes_max - host.size(), 'a');
    EXPECT_EQ(resolve_url({}, longest), longest);
    EXPECT_EQ(canonical_url(longest), longest);
    EXPECT_EQ(resolve_url({}, longest + "a"), std::nullopt);
    EXPECT_EQ(resolve_url(host, std::string(url_bytes_max + 1, '/')), std::nullopt);
    EXPECT_EQ(canonical_url(longest + "?utm_source=x"), longest + "?utm_source=x");
}

}  // namespace
}  // namespace feedwatch
