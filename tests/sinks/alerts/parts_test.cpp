// The pure parts: signatures, pauses, bodies.
#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

#include "sinks/alerts/body.hpp"
#include "sinks/alerts/retry.hpp"
#include "sinks/alerts/signature.hpp"
#include "tests/sinks/alerts/bench_runner.hpp"

namespace feedwatch::test {
namespace {

using namespace std::chrono_literals;
using alerts::retry_after;

TEST(Signature, IsTheOneOfTheSpecification) {
    // The example of Standard Webhooks' specification and its reference libraries' tests.
    const auto key = alerts::signing_key::parse(secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")).value();
    EXPECT_EQ(key.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, R"({"test": 2432232314})"),
              "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(Signature, Base64IsReadBackAndRefusesWhatItIsNot) {
    for (const char* bytes : {"", "a", "ab", "abc", "abcd", "\xff\xfe\xfd"})
        EXPECT_EQ(alerts::from_base64(alerts::to_base64(bytes)).value(), bytes);
    for (const char* bad : {"a", "ab", "abc", "ab=c", "a===", "ab c", "ab\n=", "=abc"})
        EXPECT_FALSE(alerts::from_base64(bad)) << bad;
}

TEST(Retry, ThePausesGrowAndJitterByUpToAFifth) {
    const std::vector<duration> pauses{5s, 5min, 30min, 2h, 5h, 10h, 14h, 20h, 24h, 24h};
    std::set<duration> different;
    for (std::uint32_t n = 1; n <= pauses.size(); ++n)
        for (const char* key : {"a", "b", "c", "d"}) {
            const duration pause = alerts::retry_pause(n, key, 7);
            EXPECT_GE(pause, pauses[n - 1]);
            EXPECT_LE(pause, pauses[n - 1] * 12 / 10);
            EXPECT_EQ(pause, alerts::retry_pause(n, key, 7));
            if (n == 2) different.insert(pause);
        }
    EXPECT_GT(different.size(), 2U);
}

TEST(Retry, RetryAfterIsSecondsOrADateAndAtMostADay) {
    const timestamp now = parse_rfc3339("2026-10-21T07:28:00Z").value();
    EXPECT_EQ(retry_after("120", now), 120s);
    EXPECT_EQ(retry_after("Wed, 21 Oct 2026 07:30:00 GMT", now), 2min);
    EXPECT_EQ(retry_after("Wed, 21 Oct 2026 07:27:00 GMT", now), std::nullopt);
    EXPECT_EQ(retry_after("Wed, 21 Oct 2036 07:28:00 GMT", now), 24h);
    EXPECT_EQ(retry_after("315360000", now), 24h);
    EXPECT_EQ(retry_after("99999999999999999999999", now), 24h);
    for (const char* nothing : {"", "0", "-5", "soon", "12 s", "Wed, 21 Oct 2026"})
        EXPECT_EQ(retry_after(nothing, now), std::nullopt) << nothing;
}

TEST(Body, AShortOneIsTheWholeRecord) {
    flagged_item f = alert_item("s1", {"fire", "flood"});
    f.content_html = "<p>Whole</p>";
    const std::string body = alerts::alert_body(f, topic_id("fire"));
    EXPECT_EQ(flagged_item_from_json(body).value(), f);
    EXPECT_FALSE(boost::json::parse(body).as_object().contains("truncated"));
}

TEST(Body, ALongOneIsCutBelowTheLimitAndSaysSo) {
    flagged_item f = alert_item("s1", {"fire"});
    f.content_html = std::string(50'000, 'h');
    for (int i = 0; i < 20'000; ++i) f.text += "\xC3\xA9\"\\";
    const std::string body = alerts::alert_body(f, topic_id("fire"));
    EXPECT_LE(body.size(), alerts::body_bytes_max);
    EXPECT_GT(body.size(), alerts::body_bytes_max / 3);
    const auto json = boost::json::parse(body).as_object();
    EXPECT_EQ(json.at("truncated"), true);
    EXPECT_EQ(json.at("content_html"), "");
    EXPECT_TRUE(f.text.starts_with(std::string(json.at("text").as_string())));
    EXPECT_EQ(json.at("title").as_string(), f.title);
}

TEST(Body, ATitleOfAMegabyteIsCutToo) {
    flagged_item f = alert_item("s1", {"fire"});
    f.title = std::string(1U << 20U, 't');
    f.guid = f.title;
    f.categories.assign(10'000, "category");
    const std::string body = alerts::alert_body(f, topic_id("fire"));
    EXPECT_LE(body.size(), alerts::body_bytes_max);
}

TEST(Body, WebhookIdsDifferByStoryAndByTopic) {
    const auto id = [](const char* s, const char* t) { return alerts::webhook_id(story_id(s), topic_id(t)); };
    EXPECT_EQ(id("s", "t"), id("s", "t"));
    EXPECT_EQ(id("s", "t").size(), 35U);
    EXPECT_NE(id("s", "t"), id("s", "u"));
    EXPECT_NE(id("s", "t"), id("r", "t"));
    EXPECT_NE(id("ab", "c"), id("a", "bc"));
}

}  // namespace
}  // namespace feedwatch::test
