#include <gtest/gtest.h>

#include "core/url/url.hpp"

namespace feedwatch {
namespace {

TEST(registrable_domain, knows_public_suffixes_of_several_labels) {
    EXPECT_EQ(registrable_domain("https://www.news.example.co.uk/x"), "example.co.uk");
    EXPECT_EQ(registrable_domain("https://example.com"), "example.com");
    EXPECT_EQ(registrable_domain("https://a.b.example.com.au/"), "example.com.au");
    EXPECT_EQ(registrable_domain("https://jane.github.io/blog"), "jane.github.io");
}

TEST(registrable_domain, is_the_host_itself_where_there_is_none) {
    EXPECT_EQ(registrable_domain("http://127.0.0.1:8080/x"), "127.0.0.1");
    EXPECT_EQ(registrable_domain("http://[::1]/x"), "[::1]");
    EXPECT_EQ(registrable_domain("http://localhost/x"), "localhost");
    EXPECT_EQ(registrable_domain("http://0x7f.1/"), "0x7f.1");
    EXPECT_EQ(registrable_domain("https://co.uk/"), "co.uk");
}

TEST(registrable_domain, of_no_url_is_empty) {
    EXPECT_EQ(registrable_domain("not a url"), "");
    EXPECT_EQ(registrable_domain("mailto:jane@example.com"), "");
}

TEST(origin_of, drops_the_default_port_and_keeps_others) {
    EXPECT_EQ(origin_of("HTTP://Example.com:80/x"), "http://example.com");
    EXPECT_EQ(origin_of("https://example.com:8443/x"), "https://example.com:8443");
    EXPECT_EQ(origin_of("http://example.com:443/x"), "http://example.com:443");
    EXPECT_EQ(origin_of("x"), "");
}

TEST(redacted_url, shows_no_credentials_and_no_values) {
    EXPECT_EQ(redacted_url("https://jane:secret@example.com/a?token=SECRET&b=c#SECRET"),
              "https://example.com/a?token=***&b=***");
    EXPECT_EQ(redacted_url("https://example.com/a?SECRET"), "https://example.com/a?***");
    EXPECT_EQ(redacted_url("jane:secret"), "(not a URL)");
}

}  // namespace
}  // namespace feedwatch
