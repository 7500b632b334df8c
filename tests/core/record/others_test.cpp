#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/record/dead.hpp"
#include "core/record/forget.hpp"
#include "tests/core/record/samples.hpp"

namespace feedwatch {
namespace {

using testing::HasSubstr;

TEST(other_records, come_back_as_they_were_written) {
    EXPECT_EQ(feed_from_json(to_json(samples::plain_feed())).value(), samples::plain_feed());
    EXPECT_EQ(poll_from_json(to_json(samples::plain_poll())).value(), samples::plain_poll());
    EXPECT_EQ(seen_from_json(to_json(samples::plain_seen())).value(), samples::plain_seen());
    EXPECT_EQ(duplicate_from_json(to_json(samples::plain_duplicate())).value(), samples::plain_duplicate());
    EXPECT_EQ(delivery_from_json(to_json(samples::plain_delivery())).value(), samples::plain_delivery());
}

TEST(other_records, a_request_to_forget_is_a_key_that_comes_back_as_it_was) {
    using by = forget_request::by;
    for (const forget_request& r : {forget_request{by::story, "a:b", 0}, forget_request{by::item, "url:1", 0},
                                    forget_request{by::url, "", 0xAB}, forget_request{by::url, "", ~0ULL}}) {
        EXPECT_EQ(forget_request_from_key(to_key(r)), r) << to_key(r);
    }
    EXPECT_EQ(to_key({by::url, "", 0xAB}), "forget:url:00000000000000ab");
    for (const char* other : {"", "f1", "id:f1", "forget:", "forget:item:", "forget:feed:x", "forget:url:ab",
                              "forget:url:00000000000000ab0", "forget:url:000000000000-0ab"}) {
        EXPECT_EQ(forget_request_from_key(other), std::nullopt) << other;
    }
}

TEST(other_records, name_what_is_missing_or_wrong) {
    EXPECT_THAT(feed_from_json(R"({"id":"a"})").error().detail, HasSubstr("url: missing"));
    EXPECT_THAT(feed_from_json(R"({"url":"a"})").error().detail, HasSubstr("id: missing"));
    EXPECT_THAT(feed_from_json(R"({"id":"a","url":"u","interval":{"min":"soon"}})").error().detail,
                HasSubstr("interval.min: should be a duration"));
    EXPECT_THAT(feed_from_json(R"({"id":"a","url":"u","first_fetch":"some"})").error().detail,
                HasSubstr("first_fetch: "));
    EXPECT_THAT(poll_from_json("{}").error().detail, HasSubstr("feed: missing"));
    EXPECT_THAT(poll_from_json(R"({"feed":"f","at":"noon"})").error().detail, HasSubstr("at: should be an RFC 3339"));
    EXPECT_THAT(poll_from_json(R"({"feed":"f","push":{"state":"odd"}})").error().detail,
                HasSubstr("push.state: has no such"));
    EXPECT_THAT(seen_from_json(R"({"item":"i"})").error().detail, HasSubstr("story: missing"));
    EXPECT_THAT(seen_from_json(R"({"item":"i","story":"s","evidence":"AQ=="})").error().detail,
                HasSubstr("evidence: "));
    EXPECT_THAT(duplicate_from_json(R"({"id":"i","story":"s","how":"alike"})").error().detail,
                HasSubstr("how: has no such"));
    EXPECT_THAT(delivery_from_json(R"({"channel":"c"})").error().detail, HasSubstr("webhook_id: missing"));
    EXPECT_THAT(delivery_from_json(R"({"channel":"c","webhook_id":"w","status":"lost"})").error().detail,
                HasSubstr("status: has no such"));
}

// One that is written as we write it is read by another way than any other.
TEST(other_records, seen_is_read_alike_with_and_without_a_space_before_it) {
    std::mt19937 random(3);
    std::vector<std::string> written{to_json(seen{}), to_json(samples::plain_seen())};
    seen odd = samples::plain_seen();
    odd.publisher = "\"\\é\n";
    odd.first_seen = {};
    odd.fingerprint.clear();
    written.push_back(to_json(odd));
    constexpr std::string_view put_in = "\"\\,:{}=A0 9-.e\x01\x7F\xC3n";
    std::size_t read = 0;
    for (int round = 0; round < 30'000; ++round) {
        std::string json = written[random() % written.size()];
        for (auto changes = random() % 3; changes > 0; --changes) {
            const std::size_t at = random() % json.size();
            switch (random() % 3) {
                case 0:
                    json[at] = put_in[random() % put_in.size()];
                    break;
                case 1:
                    json.erase(at, 1);
                    break;
                default:
                    json.insert(at, 1, put_in[random() % put_in.size()]);
            }
        }
        const auto one = seen_from_json(json);
        const auto other = seen_from_json(" " + json);
        ASSERT_EQ(one.has_value(), other.has_value()) << json;
        if (!one) continue;
        ++read;
        ASSERT_EQ(*one, *other) << json;
    }
    EXPECT_GT(read, 10'000U);
}

TEST(other_records, first_fetch_reads_what_it_writes_and_nothing_else) {
    for (const std::string_view text : {"baseline", "all", "latest 0", "latest 5"})
        EXPECT_EQ(to_string(parse_first_fetch(text).value()), text);
    for (const std::string_view text : {"", "latest", "latest ", "latest -1", "latest 5x", "latest 4294967296", "ALL"})
        EXPECT_FALSE(parse_first_fetch(text)) << text;
}

TEST(other_records, likeness_names_are_those_of_the_contract) {
    for (const std::string_view name : {"same-id", "same-url", "same-text", "near", "excerpt"})
        EXPECT_EQ(name_of(likeness_named(name).value()), name);
    EXPECT_FALSE(likeness_named("same_id"));
}

TEST(dead_letter, says_where_a_record_came_from_in_its_headers) {
    const dead_letter d{"feedwatch.fetched", 3, 1234567890123, "dedup", "malformed", "byte 12\xFF", 4};
    const auto headers = to_headers(d);
    ASSERT_EQ(headers.size(), 7U);
    EXPECT_EQ(headers[0].name, "feedwatch.dlq.topic");
    auto expected = d;
    expected.exception = "byte 12\xEF\xBF\xBD";
    EXPECT_EQ(dead_letter_from_headers(headers).value(), expected);
}

TEST(dead_letter, needs_the_headers_that_find_the_record) {
    auto headers = to_headers({"t", 0, 1, "s", "r", "", 1});
    headers.pop_back();  // attempt
    EXPECT_EQ(dead_letter_from_headers(headers).value().attempt, 1U);
    headers[2].value = "12x";
    EXPECT_THAT(dead_letter_from_headers(headers).error().detail, HasSubstr("feedwatch.dlq.offset"));
    headers.erase(headers.begin());
    EXPECT_THAT(dead_letter_from_headers(headers).error().detail, HasSubstr("feedwatch.dlq.topic"));
}

}  // namespace
}  // namespace feedwatch
