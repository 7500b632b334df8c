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

TEST(carries_credentials, sees_a_user_in_any_spelling_of_the_authority) {
    for (const char* url :
         {"https://jane:secret@example.com/a", "http://jane@example.com", "HTTPS:\\\\jane:secret@example.com",
          "https:/jane:secret@example.com/", " https://ja\nne:secret@example.com/", "https://:secret@example.com/",
          "https://a@b:c@example.com/"})
        EXPECT_TRUE(carries_credentials(url)) << url;
}

TEST(carries_credentials, takes_no_other_at_sign_for_one) {
    for (const char* url : {"https://example.com/@jane", "https://example.com?at=jane:x@y", "https://example.com#a@b",
                            "https://@example.com/", "mailto:jane@example.com", "jane:secret@example.com", ""})
        EXPECT_FALSE(carries_credentials(url)) << url;
}

TEST(percent_decoded, leaves_percent_signs_that_begin_no_escape) {
    EXPECT_EQ(percent_decoded("a%20b%C3%a9%41"),
              "a b\xC3\xA9"
              "A");
    EXPECT_EQ(percent_decoded("100%, %4, %zz, %2520, %"), "100%, %4, %zz, %20, %");
}

TEST(redacted_url, shows_no_credentials_and_no_values) {
    EXPECT_EQ(redacted_url("https://jane:secret@example.com/a?token=SECRET&b=c#SECRET"),
              "https://example.com/a?token=***&b=***");
    EXPECT_EQ(redacted_url("https://example.com/a?SECRET"), "https://example.com/a?***");
    EXPECT_EQ(redacted_url("jane:secret"), "(not a URL)");
}

}  // namespace
}  // namespace feedwatch
