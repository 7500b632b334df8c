#include "app/config/credentials.hpp"

#include <gmock/gmock.h>

namespace feedwatch::app {
namespace {

using kind = credentials_reference::kind;
using source = credentials_reference::source;
using testing::HasSubstr;
using testing::Not;

struct written {
    const char* text;
    kind sent_as;
    const char* header;
    source from;
    const char* name;
};

TEST(parse_credentials, a_kind_in_front_says_how_the_secret_is_sent) {
    constexpr written all[] = {
        {"file:/run/secrets/x", kind::either, "", source::file, "/run/secrets/x"},
        {"env:NAME", kind::either, "", source::variable, "NAME"},
        {"basic:file:/a:b", kind::basic, "", source::file, "/a:b"},
        {"bearer:env:TOKEN", kind::bearer, "", source::variable, "TOKEN"},
        {"cookie:file:jar", kind::header, "Cookie", source::file, "jar"},
        {"header:X-Api-Key:env:KEY", kind::header, "X-Api-Key", source::variable, "KEY"},
        {"header:Authorization:file:/x", kind::header, "Authorization", source::file, "/x"},
    };
    for (const written& w : all) {
        const auto got = parse_credentials(w.text);
        ASSERT_TRUE(got) << w.text << ": " << got.error().detail;
        EXPECT_EQ(got->sent_as, w.sent_as) << w.text;
        EXPECT_EQ(got->header, w.header) << w.text;
        EXPECT_EQ(got->from, w.from) << w.text;
        EXPECT_EQ(got->name, w.name) << w.text;
    }
}
TEST(parse_credentials, what_is_no_reference_is_refused_and_not_shown) {
    for (const char* text :
         {"", "user:MARKER", "file:", "env:", "file:-", "basic:user:MARKER", "bearer:MARKER", "cookie:id=MARKER",
          "header:X-Key:MARKER", "header:file:/MARKER", "header::file:/MARKER", "header:MARKER", "digest:file:/MARKER",
          "header:X Key:file:/MARKER", "basic:bearer:env:MARKER"}) {
        const auto got = parse_credentials(text);
        ASSERT_FALSE(got) << text;
        EXPECT_EQ(got.error().code, errc::invalid_config);
        EXPECT_THAT(got.error().detail, Not(HasSubstr("MARKER"))) << text;
    }
}
TEST(parse_credentials, a_header_that_the_request_needs_itself_is_refused_by_name) {
    for (const char* name :
         {"Host", "content-length", "Transfer-Encoding", "If-None-Match", "User-Agent", "Connection"}) {
        const auto got = parse_credentials("header:" + std::string(name) + ":env:X");
        ASSERT_FALSE(got) << name;
        EXPECT_THAT(got.error().detail, HasSubstr("cannot carry a secret"));
    }
}

}  // namespace
}  // namespace feedwatch::app
