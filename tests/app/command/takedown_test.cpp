#include "app/command/takedown.hpp"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "core/hash.hpp"
#include "core/record/delivery.hpp"
#include "core/record/seen.hpp"
#include "core/url/url.hpp"

namespace feedwatch::app {
namespace {

using namespace std::chrono_literals;
using by = forget_request::by;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

const timestamp noon = parse_rfc3339("2026-11-27T12:00:00Z").value();

story some_story() {
    story s;
    s.id = story_id("h");
    for (const char* id : {"h", "c"}) {
        story_member& m = s.members.emplace_back();
        m.id = item_id(id);
        m.publisher = std::string(id) + ".example";
        m.title = std::string("Title of ") + id;
    }
    return s;
}

takedown of_a_story() {
    takedown t;
    t.request = {by::story, "h", 0};
    t.found = some_story();
    return t;
}

kafka::read_record record(topic from, std::string key, std::optional<std::string> value, timestamp written = noon) {
    kafka::read_record r;
    r.from = from;
    r.key = std::move(key);
    r.value = std::move(value);
    r.written = written;
    return r;
}

broker_facts broker() {
    broker_facts b;
    b.now = noon;
    for (const topic t : all_topics) {
        kafka::topic_settings s{.of = t, .partitions = 1, .known = true, .retention = {}, .compaction_lag_max = {}};
        s.segment = 24h;
        (traits_of(t).compacted ? s.compacts : s.deletes) = true;
        if (s.deletes) s.retention = 48h;
        b.topics.push_back(s);
    }
    return b;
}

kafka::topic_settings& settings(broker_facts& b, topic t) {
    return b.topics.at(static_cast<std::size_t>(t));
}

boost::json::object topic_told(const takedown& t, const broker_facts& b, std::string_view name) {
    const auto told = boost::json::parse(takedown_json(t, b, taken::yes));
    for (const auto& each : told.at("topics").as_array())
        if (each.at("topic").as_string() == name) return each.as_object();
    return {};
}

TEST(Takedown, WhatThePersonNamesIsAskedForAsAnItemOrByTheHashOfItsUrl) {
    EXPECT_EQ(request_for("abc"), (forget_request{by::item, "abc", 0}));
    const forget_request u = request_for("http://www.example.org/a?utm_source=x");
    EXPECT_EQ(u, (forget_request{by::url, "", hash64(canonical_url("https://example.org/a"))}));
    EXPECT_THAT(to_key(request_for("https://user:hunter2@example.org/a?token=s3cret")), Not(HasSubstr("s3cret")));
}

TEST(Takedown, CountsWhatTheTopicsHoldOfTheStoryAndItsItems) {
    takedown t = of_a_story();
    takedown_counter counter(t);
    item copy;
    copy.id = item_id("c");
    item other = copy;
    other.id = item_id("o");
    delivery d;
    d.channel = "ops";
    d.webhook_id = "w";
    d.story = story_id("h");
    delivery elsewhere = d;
    elsewhere.story = story_id("o");
    counter.look_at(record(topic::fetched, "feed", to_json(copy), noon - 1h));
    counter.look_at(record(topic::fetched, "feed", to_json(copy), noon - 2h));
    counter.look_at(record(topic::fetched, "feed", to_json(other)));
    counter.look_at(record(topic::fetched, "h", to_json(other)));  // a feed that has the story's id
    counter.look_at(record(topic::items, "h", "{}"));
    counter.look_at(record(topic::items, "h", std::nullopt));
    counter.look_at(record(topic::items, "o", "{}"));
    counter.look_at(record(topic::deliveries, "ops|w", to_json(d)));
    counter.look_at(record(topic::deliveries, "ops|v", to_json(elsewhere)));
    kafka::read_record letter = record(topic::dead, "feed", to_json(copy));
    letter.partition = 3;
    letter.offset = 17;
    counter.look_at(letter);
    counter.look_at(record(topic::dead, "feed", "garbled"));
    EXPECT_EQ(t.held[topic::fetched].records, 2U);
    EXPECT_EQ(t.held[topic::fetched].last_written, noon - 1h);
    EXPECT_EQ(t.held[topic::items].records, 1U);
    EXPECT_EQ(t.held[topic::deliveries].records, 1U);
    EXPECT_THAT(t.held[topic::dead].places, ElementsAre("3:17"));
    EXPECT_THAT(shown_takedown(t, broker()), HasSubstr("do not replay: 3:17"));
}

TEST(Takedown, NamesAtMostSoManyPlacesInDead) {
    takedown t = of_a_story();
    takedown_counter counter(t);
    for (std::size_t n = 0; n < takedown::places_max + 1; ++n) counter.look_at(record(topic::dead, "h", "{}"));
    EXPECT_THAT(t.held[topic::dead].places, SizeIs(takedown::places_max));
    EXPECT_THAT(shown_takedown(t, broker()), HasSubstr("21 records"));
    EXPECT_THAT(shown_takedown(t, broker()), HasSubstr("0:0 ..."));
}

TEST(Takedown, TheRequestHasNoValueNamesTheItemsAndGoesToEveryPartition) {
    const auto records = records_of(of_a_story(), 2);
    ASSERT_THAT(records, SizeIs(2));
    for (std::int32_t p = 0; p < 2; ++p) {
        const output_record& r = records[static_cast<std::size_t>(p)];
        EXPECT_EQ(r.to, topic::fetched);
        EXPECT_EQ(r.key, "forget:story:h");
        EXPECT_EQ(r.value, std::nullopt);
        EXPECT_EQ(r.partition, p);
        ASSERT_THAT(r.headers, SizeIs(2));
        EXPECT_EQ(r.headers[1].name, forget_member_header);
        EXPECT_EQ(r.headers[1].value, "c");
    }
}

TEST(Takedown, TheRequestNamesSoManyItemsAsAHeaderHasRoomFor) {
    takedown t = of_a_story();
    for (std::size_t n = 0; n < members_named_max; ++n) t.found->members.emplace_back().id = item_id(std::to_string(n));
    EXPECT_THAT(records_of(t, 1)[0].headers, SizeIs(members_named_max));
    takedown large = of_a_story();
    large.found->members.emplace_back().id = item_id(std::string(members_named_bytes_max, 'x'));
    large.found->members.emplace_back().id = item_id("after");
    EXPECT_THAT(records_of(large, 1)[0].headers, SizeIs(2));
}

TEST(Takedown, DedupHasTakenItWhereItsMarkerIsThere) {
    seen m;
    m.item = item_id("h");
    m.story = story_id("h");
    m.url_hash = "00000000000000ab";
    const forget_request story{by::story, "h", 0};
    EXPECT_TRUE(confirms(record(topic::seen, "forgotten:h", to_json(m)), story));
    EXPECT_FALSE(confirms(record(topic::seen, "forgotten:c", to_json(m)), story));
    EXPECT_FALSE(confirms(record(topic::seen, "forgotten:h", std::nullopt), story));
    EXPECT_FALSE(confirms(record(topic::seen, "id:h", to_json(m)), story));
    EXPECT_TRUE(confirms(record(topic::seen, "forgotten:c", to_json(m)), {by::url, "", 0xAB}));
    EXPECT_FALSE(confirms(record(topic::seen, "forgotten:c", to_json(m)), {by::url, "", 0xAC}));
    EXPECT_FALSE(confirms(record(topic::seen, "forgotten:c", "garbled"), {by::url, "", 0xAB}));
}

TEST(Takedown, SaysWhenRetentionErasesTheLastRecordWithItsSegment) {
    takedown t = of_a_story();
    t.held[topic::items] = {.records = 1, .last_written = noon - 1h, .places = {}};
    broker_facts b = broker();
    const auto told = topic_told(t, b, "items");
    EXPECT_EQ(told.at("gone_by").as_string(), "2026-11-30T11:00:00Z") << "48h of retention, 24h of the segment";
    EXPECT_EQ(told.at("retention_seconds").as_double(), 48 * 3600);
    EXPECT_THAT(shown_takedown(t, b), HasSubstr("retention erases the last by 2026-11-30T11:00:00Z"));
    EXPECT_TRUE(topic_told(t, b, "duplicates").at("gone_by").is_null()) << "it holds nothing";
    settings(b, topic::items).retention.reset();
    EXPECT_TRUE(topic_told(t, b, "items").at("gone_by").is_null());
    EXPECT_THAT(shown_takedown(t, b), HasSubstr("nothing erases what is there"));
    settings(b, topic::items).known = false;
    EXPECT_THAT(shown_takedown(t, b), HasSubstr("it does not tell its settings"));
}

TEST(Takedown, RetentionsWithoutMeasureDoNotOverflow) {
    takedown t = of_a_story();
    t.held[topic::items] = {.records = 1, .last_written = noon, .places = {}};
    broker_facts b = broker();
    settings(b, topic::items).segment = duration::max();
    EXPECT_EQ(topic_told(t, b, "items").at("gone_by").as_string().subview(0, 4), "9999");
    settings(b, topic::items).retention = duration::max() - 1ms;
    EXPECT_EQ(topic_told(t, b, "items").at("gone_by").as_string().subview(0, 4), "9999");
}

TEST(Takedown, SaysThatCompactionHasNoSetTimeUnlessItHas) {
    const takedown t = of_a_story();
    broker_facts b = broker();
    EXPECT_THAT(shown_takedown(t, b), HasSubstr("at no set time (max.compaction.lag.ms is not set)"));
    settings(b, topic::seen).compaction_lag_max = 6h;
    EXPECT_EQ(topic_told(t, b, "seen").at("gone_by").as_string(), "2026-11-27T18:00:00Z");
    EXPECT_THAT(shown_takedown(t, b), HasSubstr("compaction erases the rest by 2026-11-27T18:00:00Z"));
}

TEST(Takedown, OnlyTopicsThatDedupOrWhatFollowsItWriteGetTombstones) {
    const takedown t = of_a_story();
    std::vector<std::string> with;
    const auto told = boost::json::parse(takedown_json(t, broker(), taken::yes));
    for (const auto& each : told.at("topics").as_array())
        if (each.at("tombstone").as_bool()) with.emplace_back(each.at("topic").as_string());
    EXPECT_THAT(with, ElementsAre("seen", "items", "duplicates", "flagged", "deliveries"));
}

TEST(Takedown, TitlesOfStrangersReachATerminalAsTextAndJsonAsUtf8) {
    takedown t = of_a_story();
    t.found->members.front().title = "\x1b[31mred\xff";
    t.found->members.front().publisher = "\x1b]0;x";
    EXPECT_THAT(shown_takedown(t, broker()), Not(HasSubstr("\x1b")));
    const auto told = boost::json::parse(takedown_json(t, broker(), taken::dry_run));
    EXPECT_EQ(told.at("state").as_string(), "not-asked");
    EXPECT_THAT(std::string(told.at("title").as_string()), HasSubstr("red"));
}

TEST(Takedown, WithTheEmbeddedBrokerItSaysWhatThatKeeps) {
    takedown t = of_a_story();
    t.held[topic::items] = {.records = 1, .last_written = noon, .places = {}};
    const broker_facts b{.embedded = true, .topics = {}, .now = noon};
    EXPECT_THAT(shown_takedown(t, b), HasSubstr("when 1,000 records have come after it"));
    EXPECT_TRUE(topic_told(t, b, "items").at("gone_by").is_null());
}

TEST(Takedown, WhatNoTopicKnowsIsSaidToBeUnknown) {
    takedown t;
    t.request = request_for("nobody");
    EXPECT_THAT(shown_takedown(t, broker()), HasSubstr("hold no such story"));
    const auto told = boost::json::parse(takedown_json(t, broker(), taken::no));
    EXPECT_TRUE(told.at("story").is_null());
    EXPECT_EQ(told.at("state").as_string(), "not-taken");
    EXPECT_THAT(records_of(t, 1)[0].headers, SizeIs(0));
}

}  // namespace
}  // namespace feedwatch::app
