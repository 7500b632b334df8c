#include "app/run/credentials.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>

namespace feedwatch::app {
namespace {

using testing::HasSubstr;
using testing::Not;

result<credentials> with(const std::string& reference, const std::string& value) {
    return resolve_credentials(reference, [&](std::string_view name) -> std::optional<std::string> {
        return name == "SECRET" ? std::optional(value) : std::nullopt;
    });
}

TEST(resolve_credentials, each_kind_is_sent_in_its_way) {
    EXPECT_EQ(with("basic:env:SECRET", "me:pa:ss")->basic.reveal(), "me:pa:ss");
    EXPECT_EQ(with("basic:env:SECRET", "me:pa:ss")->header, "");
    EXPECT_EQ(with("bearer:env:SECRET", "a:b")->header, "Authorization");
    EXPECT_EQ(with("bearer:env:SECRET", "a:b")->value.reveal(), "Bearer a:b");
    EXPECT_EQ(with("cookie:env:SECRET", "id=1; x=2")->header, "Cookie");
    EXPECT_EQ(with("cookie:env:SECRET", "id=1; x=2")->value.reveal(), "id=1; x=2");
    EXPECT_EQ(with("header:X-Api-Key:env:SECRET", "key")->header, "X-Api-Key");
    EXPECT_EQ(with("header:X-Api-Key:env:SECRET", "key")->value.reveal(), "key");
}
TEST(resolve_credentials, without_a_kind_a_colon_tells_a_password_from_a_token) {
    EXPECT_EQ(with("env:SECRET", "me:password")->basic.reveal(), "me:password");
    EXPECT_EQ(with("env:SECRET", "token")->value.reveal(), "Bearer token");
}
TEST(resolve_credentials, a_files_line_break_at_its_end_does_not_count) {
    const std::string path = testing::TempDir() + "feedwatch-secret-" + std::to_string(::getpid());
    std::ofstream(path) << "token\r\n";
    EXPECT_EQ(with("bearer:file:" + path, "")->value.reveal(), "Bearer token");
    std::ofstream(path) << "tok\nMARKER\n";
    const auto refused = with("bearer:file:" + path, "");
    std::remove(path.c_str());
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().detail,
                testing::AllOf(HasSubstr(path), HasSubstr("line break"), Not(HasSubstr("MARKER"))));
}
TEST(resolve_credentials, a_secret_with_a_control_character_is_refused_whatever_its_kind) {
    for (const char* kind : {"", "basic:", "bearer:", "cookie:", "header:X-Api-Key:"}) {
        for (const std::string& bad : {std::string("a:MARKER\r\nX: y"), std::string("a:MARKER\n"),
                                       std::string("a:MARKER\0", 9), std::string("a:\x7fMARKER")}) {
            const auto refused = with(std::string(kind) + "env:SECRET", bad);
            ASSERT_FALSE(refused) << kind;
            EXPECT_THAT(refused.error().detail, testing::AllOf(HasSubstr("env:SECRET"), Not(HasSubstr("MARKER"))));
        }
    }
}
TEST(resolve_credentials, what_is_missing_or_not_of_its_kind_is_an_error_in_words) {
    EXPECT_THAT(with("bearer:env:OTHER", "x").error().detail, HasSubstr("env:OTHER is not set"));
    EXPECT_THAT(with("env:SECRET", "").error().detail, HasSubstr("env:SECRET is not set"));
    EXPECT_THAT(with("cookie:file:/nowhere/at/all", "x").error().detail, HasSubstr("/nowhere/at/all"));
    EXPECT_THAT(with("basic:env:SECRET", "MARKER").error().detail,
                testing::AllOf(HasSubstr("user:password"), Not(HasSubstr("MARKER"))));
    EXPECT_THAT(with("bearer:MARKER", "x").error().detail, Not(HasSubstr("MARKER")));
}

TEST(resolve_secret, gives_a_text_of_many_lines_as_it_stands) {
    const auto from = [](const std::string& reference, const std::string& value) {
        return resolve_secret(reference, [&](std::string_view name) -> std::optional<std::string> {
            return name == "SECRET" ? std::optional(value) : std::nullopt;
        });
    };
    EXPECT_EQ(from("env:SECRET", "-----BEGIN X-----\na:b\n-----END X-----\n")->reveal(),
              "-----BEGIN X-----\na:b\n-----END X-----\n");
    EXPECT_THAT(from("env:OTHER", "x").error().detail, HasSubstr("env:OTHER is not set"));
    EXPECT_THAT(from("file:/nowhere/at/all", "x").error().detail, HasSubstr("/nowhere/at/all"));
    EXPECT_THAT(from("basic:env:SECRET", "x").error().detail, HasSubstr("file:/path or env:NAME"));
    EXPECT_THAT(from("MARKER", "x").error().detail, Not(HasSubstr("MARKER")));
    const std::string path = testing::TempDir() + "feedwatch-renewed-" + std::to_string(::getpid());
    for (const char* content : {"first", "second"}) {  // read anew each time
        std::ofstream(path) << content << "\n";
        EXPECT_EQ(from("file:" + path, "")->reveal(), content);
    }
    std::remove(path.c_str());
}

}  // namespace
}  // namespace feedwatch::app
