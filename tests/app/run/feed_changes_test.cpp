#include "app/run/feed_changes.hpp"

#include <gmock/gmock.h>

namespace feedwatch::app {
namespace {

using action = feed_change::action;
using testing::HasSubstr;

feed named(const std::string& id) {
    feed f;
    f.id = feed_id(id);
    f.url = "https://" + id + ".example/feed";
    return f;
}
known_feeds known() {
    return {{"file", {to_json(named("file")), true}}, {"mine", {to_json(named("mine")), false}}};
}

TEST(change_planner, what_is_added_belongs_to_a_command) {
    change_planner plan(known());
    ASSERT_TRUE(plan.apply({action::add, named("new")}));
    const auto records = plan.take();
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0].to, topic::feeds);
    EXPECT_EQ(records[0].key, "new");
    EXPECT_EQ(records[0].value, to_json(named("new")));
    ASSERT_EQ(records[0].headers.size(), 1U);
    EXPECT_EQ(records[0].headers[0].name, applied_header);
    EXPECT_EQ(records[0].headers[0].value, "command");
    EXPECT_TRUE(plan.take().empty());
}
TEST(change_planner, what_is_there_by_url_or_id_is_not_added_again) {
    change_planner plan(known());
    feed same = named("other");
    same.url = named("file").url;
    EXPECT_EQ(plan.apply({action::add, same}).error().code, errc::conflict);
    EXPECT_EQ(plan.apply({action::add, named("mine")}).error().code, errc::conflict);
    ASSERT_TRUE(plan.apply({action::add, named("new")}));
    EXPECT_EQ(plan.apply({action::add, named("new")}).error().code, errc::conflict) << "within one list too";
}
TEST(change_planner, a_feed_of_a_file_is_not_removed_by_command) {
    change_planner plan(known());
    EXPECT_EQ(plan.apply({action::remove, named("file")}).error().code, errc::refused);
    ASSERT_TRUE(plan.apply({action::remove, named("mine")}));
    const auto records = plan.take();
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0].value, std::nullopt);
    EXPECT_EQ(plan.apply({action::remove, named("mine")}).error().code, errc::not_found);
    EXPECT_TRUE(plan.apply({action::add, named("mine")})) << "it may come back";
}
TEST(change_planner, requests_change_what_is_asked_and_nothing_else_nor_the_owner) {
    change_planner plan(known());
    feed asked = named("file");
    asked.title = "not what the topic says";
    asked.asked.poll = timestamp{std::chrono::hours{1}};
    asked.asked.backfill = backfill_request{timestamp{std::chrono::hours{2}}, 7, {}};
    ASSERT_TRUE(plan.apply({action::pause, asked}));
    ASSERT_TRUE(plan.apply({action::poll, asked}));
    ASSERT_TRUE(plan.apply({action::backfill, asked}));
    auto records = plan.take();
    ASSERT_EQ(records.size(), 3U);
    feed wanted = named("file");
    wanted.asked = {true, asked.asked.poll, asked.asked.backfill};
    EXPECT_EQ(records[2].value, to_json(wanted));
    EXPECT_EQ(records[2].headers[0].value, "files");
    ASSERT_TRUE(plan.apply({action::resume, asked}));
    ASSERT_TRUE(plan.apply({action::stop_backfill, asked}));
    wanted.asked = {false, asked.asked.poll, {}};
    EXPECT_EQ(plan.take()[1].value, to_json(wanted));
    EXPECT_EQ(plan.apply({action::pause, named("nobody")}).error().code, errc::not_found);
}
TEST(check_subscription, refuses_what_a_feeds_file_could_not_hold) {
    EXPECT_TRUE(check_subscription(named("a")));
    const auto refused = [](const std::function<void(feed&)>& spoil) {
        feed f = named("a");
        spoil(f);
        const auto checked = check_subscription(f);
        EXPECT_FALSE(checked);
        return checked ? std::string() : checked.error().detail;
    };
    EXPECT_THAT(refused([](feed& f) { f.url = "file:///etc/passwd"; }), HasSubstr("url: "));
    EXPECT_THAT(refused([](feed& f) { f.url = "https://u:hunter2@a.example/"; }),
                testing::AllOf(HasSubstr("user or password"), testing::Not(HasSubstr("hunter2"))));
    EXPECT_THAT(refused([](feed& f) { f.url += std::string(9000, 'x'); }), HasSubstr("url: "));
    EXPECT_THAT(refused([](feed& f) { f.id = feed_id(""); }), HasSubstr("id: "));
    EXPECT_THAT(refused([](feed& f) { f.id = feed_id("a\nb"); }), HasSubstr("id: "));
    EXPECT_THAT(refused([](feed& f) { f.id = feed_id(std::string(201, 'x')); }), HasSubstr("id: "));
    EXPECT_THAT(refused([](feed& f) { f.title = "\x1b[31m"; }), HasSubstr("title: "));
    EXPECT_THAT(refused([](feed& f) { f.title = std::string(2001, 'x'); }), HasSubstr("title: "));
    EXPECT_THAT(refused([](feed& f) { f.tags.assign(101, "x"); }), HasSubstr("tags: "));
    EXPECT_THAT(refused([](feed& f) { f.interval.min = duration::zero(); }), HasSubstr("interval: "));
    EXPECT_THAT(refused([](feed& f) { f.interval.max = std::chrono::seconds{1}; }), HasSubstr("interval: "));
    EXPECT_THAT(refused([](feed& f) { f.credentials = "hunter2"; }), HasSubstr("credentials: "));
    EXPECT_THAT(refused([](feed& f) { f.asked.backfill = backfill_request{{}, 1001, {}}; }), HasSubstr("backfill: "));
}
TEST(feed_change, is_read_as_it_was_written) {
    for (const action what : {action::add, action::remove, action::pause, action::resume, action::poll,
                              action::backfill, action::stop_backfill}) {
        feed f = named("a");
        f.asked.poll = timestamp{std::chrono::hours{1}};
        const feed_change c{what, f};
        EXPECT_EQ(feed_change_from_json(to_json(c)).value(), c);
    }
    for (const char* text : {"", "{}", "[]", R"({"do":"add"})", R"({"do":"drop","feed":{"id":"a","url":"u"}})",
                             R"({"do":1,"feed":{"id":"a","url":"u"}})", R"({"do":"add","feed":[]})", "{\"do\":\"add\""})
        EXPECT_FALSE(feed_change_from_json(text)) << text;
}

}  // namespace
}  // namespace feedwatch::app
