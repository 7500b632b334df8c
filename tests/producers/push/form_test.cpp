#include "producers/push/form.hpp"

#include <gmock/gmock.h>

#include "producers/push/intent.hpp"

namespace feedwatch::push {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::Pair;

TEST(form, is_read_as_it_was_written) {
    const form fields{{"hub.topic", "https://a.example/?x=1&y=\xC3\xBC +%"}, {"empty", ""}, {"a=b&c", "\r\n\0"}};
    EXPECT_EQ(read_form(write_form(fields)), fields);
    EXPECT_EQ(write_form({{"a", "b c&d"}}), "a=b%20c%26d");
}
TEST(form, is_read_in_the_shapes_that_others_write) {
    EXPECT_THAT(read_form("a=1+2&&b&=c&d=%zz%4"),
                ElementsAre(Pair("a", "1 2"), Pair("b", ""), Pair("", "c"), Pair("d", "%zz%4")));
    std::string many;
    for (int i = 0; i < 1000; ++i) many += "a=1&";
    EXPECT_EQ(read_form(many).size(), fields_max);
}

TEST(intent, is_read_from_a_query) {
    const auto asked = read_intent(
        "x=y&hub.mode=subscribe&hub.topic=https%3A%2F%2Fa.example%2F&hub.challenge=c+1&hub.lease_seconds=60");
    ASSERT_TRUE(asked);
    EXPECT_EQ(asked->is, intent::mode::subscribe);
    EXPECT_EQ(asked->topic, "https://a.example/");
    EXPECT_EQ(asked->challenge, "c 1");
    EXPECT_EQ(asked->lease, 60s);
    const auto left = read_intent("hub.mode=unsubscribe&hub.topic=t&hub.challenge=c&hub.lease_seconds=never");
    ASSERT_TRUE(left);
    EXPECT_EQ(left->is, intent::mode::unsubscribe);
    EXPECT_EQ(left->lease, std::nullopt);
    const auto refused = read_intent("hub.mode=denied&hub.topic=t&hub.reason=no");
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->is, intent::mode::denied);
    EXPECT_EQ(refused->reason, "no");
}
TEST(intent, is_none_where_something_is_missing_or_cannot_be) {
    for (const std::string query :
         {"", "hub.mode=publish&hub.topic=t&hub.challenge=c", "hub.mode=subscribe&hub.challenge=c",
          "hub.mode=subscribe&hub.topic=t", "hub.mode=unsubscribe&hub.topic=t&hub.challenge=",
          "hub.mode=subscribe&hub.topic=t&hub.challenge=c&hub.lease_seconds=0",
          "hub.mode=subscribe&hub.topic=t&hub.challenge=c&hub.lease_seconds=-5",
          "hub.mode=subscribe&hub.topic=t&hub.challenge=c&hub.lease_seconds=1e9",
          "hub.mode=subscribe&hub.topic=t&hub.challenge=c&hub.lease_seconds=99999999999"})
        EXPECT_EQ(read_intent(query), std::nullopt) << query;
    const std::string start = "hub.mode=subscribe&hub.topic=t&hub.challenge=";
    EXPECT_TRUE(read_intent(start + std::string(challenge_bytes_max, 'c')));
    EXPECT_FALSE(read_intent(start + std::string(challenge_bytes_max + 1, 'c')));
}

}  // namespace
}  // namespace feedwatch::push
