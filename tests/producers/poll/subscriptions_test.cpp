#include "producers/poll/subscriptions.hpp"

#include <gmock/gmock.h>

namespace feedwatch {
namespace {

feed of(const std::string& url, const std::string& id = {}) {
    feed f;
    f.url = url;
    f.id = feed_id(id);
    return f;
}

std::map<std::string, std::string> applied(std::map<std::string, std::string> present, const subscription_changes& c) {
    for (const output_record& r : c.records) {
        EXPECT_EQ(r.to, topic::feeds);
        if (r.value) present[r.key] = *r.value;
        if (!r.value) present.erase(r.key);
    }
    return present;
}

TEST(plan_subscriptions, writes_what_is_new_changed_and_gone_and_nothing_else) {
    const auto first = plan_subscriptions({of("https://a.example/"), of("https://b.example/", "b")}, {}).value();
    EXPECT_EQ(first.added, 2u);
    auto present = applied({}, first);
    feed changed = of("https://b.example/", "b");
    changed.title = "B";
    const auto second = plan_subscriptions({changed, of("https://c.example/")}, present).value();
    EXPECT_EQ(second.added, 1u);
    EXPECT_EQ(second.changed, 1u);
    EXPECT_EQ(second.removed, 1u);
    present = applied(present, second);
    const auto third = plan_subscriptions({changed, of("https://c.example/")}, present).value();
    EXPECT_EQ(third.unchanged, 2u);
    EXPECT_TRUE(third.records.empty());
}
TEST(plan_subscriptions, the_same_feed_twice_is_one_and_two_feeds_under_one_id_are_refused) {
    EXPECT_EQ(plan_subscriptions({of("https://a.example/"), of("https://a.example/")}, {})->added, 1u);
    const auto clash = plan_subscriptions({of("https://u:secret@a.example/", "x"), of("https://b.example/", "x")}, {});
    ASSERT_FALSE(clash);
    EXPECT_EQ(clash.error().code, errc::invalid_config);
    EXPECT_THAT(clash.error().detail, testing::Not(testing::HasSubstr("secret")));
    EXPECT_FALSE(plan_subscriptions({of("")}, {}));
}
TEST(plan_subscriptions, an_unreadable_record_is_written_anew) {
    const auto plan = plan_subscriptions({of("https://a.example/", "a")}, {{"a", "{broken"}}).value();
    EXPECT_EQ(plan.changed, 1u);
}

}  // namespace
}  // namespace feedwatch
