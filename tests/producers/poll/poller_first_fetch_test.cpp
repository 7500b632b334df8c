// What a feed had before it was subscribed.
#include "tests/producers/poll/poller_fixture.hpp"

namespace feedwatch {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(poller_test, a_baseline_is_published_without_alerts_and_what_follows_is_live) {
    feed f = make_feed();
    f.first_fetch.kind = first_fetch::policy::baseline;
    subscribe(f);
    poll_once(error(http::errc::connect));  // not a first fetch yet
    poll_once(document(rss({{"2", "two"}, {"1", "one"}})));
    poll_once(document(rss({{"3", "three"}, {"2", "two"}, {"1", "one"}})));
    ASSERT_EQ(items_.size(), 3u);
    EXPECT_EQ(items_[0].origin, origin::baseline);
    EXPECT_EQ(items_[1].origin, origin::baseline);
    EXPECT_EQ(items_[2].origin, origin::live);
}
TEST_F(poller_test, a_document_cut_before_its_first_item_is_no_first_fetch) {
    feed f = make_feed();
    f.first_fetch.kind = first_fetch::policy::baseline;
    subscribe(f);
    poll_once(document("<rss><channel><title>News</tit"));
    EXPECT_EQ(checkpoint().last_success, std::nullopt);
    poll_once(document(rss({{"2", "two"}, {"1", "one"}})));
    ASSERT_EQ(items_.size(), 2u);
    EXPECT_EQ(items_[0].origin, origin::baseline);
    EXPECT_EQ(items_[1].origin, origin::baseline);
    const auto read = checkpoint().last_success;
    EXPECT_EQ(read, now_);
    poll_once(document("<rss><channel><title>News</tit"));
    EXPECT_EQ(checkpoint().last_success, read);
}
TEST_F(poller_test, the_rest_of_a_first_document_that_was_cut_is_part_of_the_first_fetch) {
    feed f = make_feed();
    f.first_fetch.kind = first_fetch::policy::baseline;
    subscribe(f);
    const std::string whole = rss({{"3", "three"}, {"2", "two"}, {"1", "one"}});
    poll_once(document(whole.substr(0, whole.find("<item><guid isPermaLink=\"false\">1<") + 10)));
    ASSERT_EQ(items_.size(), 2u);
    poll_once(document(whole));
    ASSERT_EQ(items_.size(), 3u);
    for (const item& i : items_) EXPECT_EQ(i.origin, origin::baseline) << i.title;
    EXPECT_EQ(checkpoint().last_success, now_);
}
TEST_F(poller_test, a_feed_that_never_ends_has_one_more_document_of_baseline_at_most) {
    feed f = make_feed();
    f.first_fetch.kind = first_fetch::policy::baseline;
    subscribe(f);
    const auto endless = [](const std::string& all) { return document(all.substr(0, all.find("</channel>"))); };
    poll_once(endless(rss({{"1", "one"}})));
    poll_once(endless(rss({{"2", "two"}, {"1", "one"}})));
    poll_once(endless(rss({{"3", "three"}, {"2", "two"}, {"1", "one"}})));
    ASSERT_EQ(items_.size(), 3u);
    EXPECT_EQ(items_[1].origin, origin::baseline);
    EXPECT_EQ(items_[2].origin, origin::live);
}
TEST_F(poller_test, latest_makes_the_newest_live) {
    feed f = make_feed();
    f.first_fetch = {first_fetch::policy::latest, 2};
    subscribe(f);
    poll_once(document(rss({{"1", "oldest", "", "Mon, 23 Nov 2026 00:00:00 GMT"},
                            {"2", "newest", "", "Wed, 25 Nov 2026 00:00:00 GMT"},
                            {"3", "undated"},
                            {"4", "middle", "", "Tue, 24 Nov 2026 00:00:00 GMT"}})));
    std::vector<std::string> live;
    for (const item& i : items_) {
        if (i.origin == origin::live) live.push_back(i.title);
    }
    EXPECT_EQ(items_.size(), 4u);
    EXPECT_THAT(live, testing::UnorderedElementsAre("newest", "middle"));
}

TEST_F(poller_test, failures_before_the_first_document_leave_the_policy_to_it) {
    feed f = make_feed();
    f.first_fetch = {first_fetch::policy::latest, 1};
    subscribe(f);
    poll_once(error(http::errc::dns));
    poll_once(status(500));
    poll_once(status(304));
    poll_once(document("<!doctype html><html><body>Log in</body></html>"));
    EXPECT_EQ(checkpoint().last_success, std::nullopt);
    start();
    poll_once(document(
        rss({{"2", "two", "", "Wed, 25 Nov 2026 00:00:00 GMT"}, {"1", "one", "", "Tue, 24 Nov 2026 00:00:00 GMT"}})));
    ASSERT_EQ(items_.size(), 2u);
    EXPECT_EQ(items_[0].origin, origin::baseline);
    EXPECT_EQ(items_[1].origin, origin::live);
    EXPECT_THAT(checkpoint().events, IsEmpty());
}
TEST_F(poller_test, a_first_document_that_was_cut_makes_no_more_live_than_latest_says) {
    feed f = make_feed();
    f.first_fetch = {first_fetch::policy::latest, 1};
    subscribe(f);
    const std::string whole = rss({{"3", "three", "", "Wed, 25 Nov 2026 00:00:00 GMT"},
                                   {"2", "two", "", "Tue, 24 Nov 2026 00:00:00 GMT"},
                                   {"1", "one", "", "Mon, 23 Nov 2026 00:00:00 GMT"}});
    poll_once(document(whole.substr(0, whole.rfind("<item>") + 10)));
    poll_once(document(whole));
    std::vector<std::string> live;
    for (const item& i : items_) {
        if (i.origin == origin::live) live.push_back(i.title);
    }
    EXPECT_EQ(items_.size(), 3u);
    EXPECT_THAT(live, ElementsAre("three"));
}

}  // namespace
}  // namespace feedwatch
