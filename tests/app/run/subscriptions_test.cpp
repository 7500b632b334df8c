#include "app/run/subscriptions.hpp"

#include <gmock/gmock.h>

namespace feedwatch::app {
namespace {

feed named(const std::string& id, const std::string& title = "") {
    feed f;
    f.id = feed_id(id);
    f.url = "https://" + id + ".example/feed";
    f.title = title;
    return f;
}
known_feed applied(const feed& f) {
    return {to_json(f), true};
}

TEST(plan_subscriptions, new_feeds_are_written_and_marked_as_from_files) {
    const auto changes = plan_subscriptions({}, {named("a"), named("b")});
    ASSERT_EQ(changes.records.size(), 2U);
    EXPECT_EQ(changes.added, 2U);
    EXPECT_EQ(changes.records[0].to, topic::feeds);
    EXPECT_EQ(changes.records[0].key, "a");
    EXPECT_EQ(changes.records[0].value, to_json(named("a")));
    ASSERT_EQ(changes.records[0].headers.size(), 1U);
    EXPECT_EQ(changes.records[0].headers[0].name, applied_header);
}
TEST(plan_subscriptions, what_is_unchanged_is_not_written_again) {
    EXPECT_TRUE(plan_subscriptions({{"a", applied(named("a"))}}, {named("a")}).records.empty());
}
TEST(plan_subscriptions, a_changed_feed_is_written_again) {
    const auto changes = plan_subscriptions({{"a", applied(named("a", "old"))}}, {named("a", "new")});
    EXPECT_EQ(changes.changed, 1U);
    EXPECT_EQ(changes.records.size(), 1U);
}
TEST(plan_subscriptions, a_feed_that_left_the_files_gets_a_tombstone) {
    const auto changes = plan_subscriptions({{"a", applied(named("a"))}}, {});
    ASSERT_EQ(changes.records.size(), 1U);
    EXPECT_EQ(changes.removed, 1U);
    EXPECT_EQ(changes.records[0].value, std::nullopt);
}
TEST(plan_subscriptions, a_feed_from_elsewhere_is_never_removed) {
    EXPECT_TRUE(plan_subscriptions({{"a", {to_json(named("a")), false}}}, {}).records.empty());
}
TEST(plan_subscriptions, what_commands_ask_of_a_feed_survives_its_file_and_a_change_of_it) {
    feed asked = named("a", "old");
    asked.asked = {true, timestamp{std::chrono::hours{1}}, backfill_request{timestamp{std::chrono::hours{2}}, 5, {}}};
    EXPECT_TRUE(plan_subscriptions({{"a", applied(asked)}}, {named("a", "old")}).records.empty());
    const auto changes = plan_subscriptions({{"a", applied(asked)}}, {named("a", "new")});
    ASSERT_EQ(changes.records.size(), 1U);
    EXPECT_EQ(feed_from_json(*changes.records[0].value)->asked, asked.asked);
    EXPECT_EQ(feed_from_json(*changes.records[0].value)->title, "new");
}
TEST(plan_subscriptions, a_record_of_a_version_without_requests_is_not_written_again) {
    std::string json = to_json(named("a"));
    json.replace(json.find(",\"asked\""), std::string::npos, "}");
    EXPECT_TRUE(plan_subscriptions({{"a", {json, true}}}, {named("a")}).records.empty());
}
TEST(plan_subscriptions, a_feed_from_elsewhere_that_a_file_names_now_belongs_to_the_files) {
    const auto changes = plan_subscriptions({{"a", {to_json(named("a")), false}}}, {named("a")});
    EXPECT_EQ(changes.records.size(), 1U);
}

}  // namespace
}  // namespace feedwatch::app
