#include "tests/producers/poll/poller_fixture.hpp"

namespace feedwatch {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(poller_test, publishes_what_is_new_oldest_first_and_never_again) {
    subscribe(make_feed());
    poll_once(document(rss({{"3", "three"}, {"2", "two"}, {"1", "one"}})));
    EXPECT_THAT(take_titles(), ElementsAre("one", "two", "three"));
    poll_once(document(rss({{"4", "four"}, {"3", "three"}, {"2", "two"}})));
    EXPECT_THAT(take_titles(), ElementsAre("four"));
    poll_once(document(rss({{"4", "four"}, {"3", "three"}, {"2", "two"}, {"1", "one"}})));
    EXPECT_THAT(take_titles(), IsEmpty());
    EXPECT_EQ(checkpoint().items_known, 4u);
}
TEST_F(poller_test, an_item_carries_what_is_known_of_its_feed) {
    feed f = make_feed();
    f.tags = {"x", "y"};
    f.url = "https://user:hunter2@www.news.example.co.uk/feed?a=1";
    subscribe(f);
    poll_once(document(rss({{"1", "one", "https://news.example.org/1", "Wed, 25 Nov 2026 11:00:00 GMT"}})));
    ASSERT_EQ(items_.size(), 1u);
    const item& i = items_[0];
    EXPECT_EQ(i.feed, feed_id("news"));
    EXPECT_EQ(i.publisher, "example.co.uk");
    EXPECT_THAT(i.tags, ElementsAre("x", "y"));
    EXPECT_EQ(i.observed, now_);
    EXPECT_EQ(i.origin, origin::live);
    EXPECT_FALSE(i.id.empty());
    EXPECT_EQ(i.published, parse_rfc3339("2026-11-25T11:00:00Z").value());
    // fault 42
    EXPECT_EQ(exchange_->last.what.basic_auth, "user:hunter2");
    EXPECT_EQ(exchange_->last.what.url, "https://www.news.example.co.uk/feed?a=1");
    EXPECT_EQ(checkpoint().url, "https://www.news.example.co.uk/feed?a=1");
    EXPECT_THAT(stored_[topic::polls]["news"], testing::Not(HasSubstr("hunter2")));
}
TEST_F(poller_test, the_duration_of_every_answered_fetch_is_counted_however_short) {
    subscribe(make_feed());
    http::response quick = document(rss({{"1", "one"}}));
    quick.elapsed = 400us;
    poll_once(quick);
    quick.elapsed = 0us;
    poll_once(quick);
    poll_once(error(errc::timeout, "no answer"));
    EXPECT_THAT(counts_.observed("feedwatch_feed_fetch_duration_seconds"), ElementsAre(0.0004, 0));
}
TEST_F(poller_test, a_changed_item_is_published_again_with_its_id) {
    subscribe(make_feed());
    poll_once(document(rss({{"1", "one"}, {"2", "two"}})));
    const auto first = items_.at(1);
    take_titles();
    poll_once(document(rss({{"1", "one, corrected"}, {"2", "two"}})));
    ASSERT_EQ(items_.size(), 1u);
    EXPECT_EQ(items_[0].id, first.id);
    EXPECT_EQ(items_[0].title, "one, corrected");
    EXPECT_EQ(checkpoint().items_updated, 1u);
    EXPECT_FALSE(checkpoint().possibly_missed);
}
// fault 22
TEST_F(poller_test, validators_are_sent_back_and_304_keeps_them) {
    subscribe(make_feed());
    poll_once(document(rss({{"1", "one"}}), {{"etag", "\"e1\""}, {"last-modified", "Tue, 24 Nov 2026 00:00:00 GMT"}}));
    EXPECT_EQ(exchange_->last.header("If-None-Match"), "");
    const auto before = checkpoint().window;
    poll_once(status(304));
    EXPECT_EQ(exchange_->last.header("If-None-Match"), "\"e1\"");
    EXPECT_EQ(exchange_->last.header("If-Modified-Since"), "Tue, 24 Nov 2026 00:00:00 GMT");
    EXPECT_EQ(checkpoint().outcome, "not_modified");
    EXPECT_EQ(checkpoint().etag, "\"e1\"");
    EXPECT_EQ(checkpoint().window.at(0).last_present, now_);
    EXPECT_LT(before.at(0).last_present, now_);
    EXPECT_EQ(take_titles().size(), 1u);
    poll_once(status(304));
    EXPECT_EQ(exchange_->last.header("If-None-Match"), "\"e1\"");
}
// fault 23
TEST_F(poller_test, the_same_body_under_a_new_etag_is_nothing_new) {
    subscribe(make_feed());
    poll_once(document(rss({{"1", "one"}}), {{"etag", "\"e1\""}}));
    poll_once(document(rss({{"1", "one"}}), {{"etag", "W/\"e2\""}}));
    EXPECT_EQ(take_titles().size(), 1u);
    EXPECT_EQ(checkpoint().outcome, "not_modified");
    EXPECT_EQ(checkpoint().etag, "W/\"e2\"");
}
TEST_F(poller_test, now_and_then_asks_without_validators) {
    feed f = make_feed();
    f.interval = {1h, 1h, 1h};
    subscribe(f);
    poll_once(document(rss({{"1", "one"}}), {{"etag", "\"e1\""}}));
    int full = 0;
    for (int i = 0; i < 48; ++i) {
        poll_once(status(304));
        full += exchange_->last.header("If-None-Match").empty();
    }
    EXPECT_GE(full, 1);
    EXPECT_LE(full, 3);
}
// fault 24
TEST_F(poller_test, a_login_page_is_not_a_feed_and_keeps_the_validators_and_the_window) {
    subscribe(make_feed());
    poll_once(document(rss({{"1", "one"}}), {{"etag", "\"e1\""}}));
    poll_once(document("<!doctype html><html><body>Log in</body></html>", {{"etag", "\"login\""}}));
    EXPECT_EQ(checkpoint().outcome, "not_a_feed");
    EXPECT_EQ(checkpoint().etag, "\"e1\"");
    EXPECT_EQ(checkpoint().failures, 1u);
    poll_once(document(rss({{"2", "two"}, {"1", "one"}})));
    EXPECT_EQ(exchange_->last.header("If-None-Match"), "\"e1\"");
    EXPECT_THAT(take_titles(), ElementsAre("one", "two"));
    EXPECT_EQ(checkpoint().failures, 0u);
}
// fault 25
TEST_F(poller_test, failures_back_off_and_end_with_the_first_success) {
    feed f = make_feed();
    f.interval = {1min, 10min, 6h};
    subscribe(f);
    poll_once(status(404));
    EXPECT_EQ(checkpoint().outcome, "http");
    EXPECT_EQ(checkpoint().status, 404u);
    const auto first = checkpoint().next_due - now_;
    EXPECT_GE(first, 10min);
    EXPECT_LE(first, 11min);
    poll_once(error(http::errc::timeout));
    EXPECT_EQ(checkpoint().outcome, "timeout");
    EXPECT_EQ(checkpoint().failures, 2u);
    EXPECT_GE(checkpoint().next_due - now_, 20min);
    poll_once(document(rss({{"1", "one"}})));
    EXPECT_EQ(checkpoint().failures, 0u);
    EXPECT_THAT(take_titles(), ElementsAre("one"));
}
TEST_F(poller_test, what_is_gone_is_asked_daily_and_comes_back) {
    subscribe(make_feed());
    poll_once(status(410));
    EXPECT_EQ(checkpoint().outcome, "gone");
    EXPECT_GE(checkpoint().next_due - now_, 24h);
    poll_once(document(rss({{"1", "one"}})));
    EXPECT_THAT(take_titles(), ElementsAre("one"));
}
// fault 26
TEST_F(poller_test, a_host_that_asks_for_a_pause_gets_it_for_all_its_feeds) {
    feed a = make_feed("a"), b = make_feed("b");
    a.url = "https://host.example.org/a";
    b.url = "https://host.example.org/b";
    subscribe(a);
    tick();
    exchange_->answer(status(429, {{"retry-after", "7200"}}));
    tick();
    EXPECT_GE(checkpoint("a").next_due - now_, 2h);
    subscribe(b);
    tick();
    EXPECT_TRUE(exchange_->open.empty());
    now_ += 2h;
    tick();
    EXPECT_EQ(exchange_->open.size(), 1u);
}
TEST_F(poller_test, a_document_that_ends_early_is_read_with_a_warning_and_asked_for_again_in_full) {
    subscribe(make_feed());
    const std::string whole = rss({{"2", "two"}, {"1", "one"}});
    const std::string head = "<?xml version=\"1.0\"?><rss><channel><title>News</tit";
    const std::string half = whole.substr(0, whole.rfind("<item>") + 10);
    for (const auto& [cut, items] : {std::pair{head, 0u}, std::pair{half, 1u}}) {
        poll_once(document(cut, {{"etag", "\"e1\""}}));
        EXPECT_EQ(checkpoint().outcome, "ok");
        EXPECT_THAT(checkpoint().warnings, Contains(HasSubstr("ends early")));
        EXPECT_EQ(checkpoint().items_new, items);
        EXPECT_EQ(checkpoint().etag, "");
    }
    poll_once(document(whole));
    EXPECT_EQ(exchange_->last.header("If-None-Match"), "");
    EXPECT_THAT(checkpoint().warnings, IsEmpty());
    EXPECT_THAT(take_titles(), ElementsAre("two", "one"));
}
TEST_F(poller_test, a_feed_without_any_known_item_may_have_lost_some) {
    subscribe(make_feed());
    poll_once(document(rss({{"1", "one"}, {"2", "two"}})));
    EXPECT_FALSE(checkpoint().possibly_missed);
    poll_once(document(rss({{"8", "eight"}, {"9", "nine"}})));
    EXPECT_TRUE(checkpoint().possibly_missed);
    poll_once(document(rss({{"8", "eight"}, {"9", "nine"}, {"10", "ten"}})));
    EXPECT_FALSE(checkpoint().possibly_missed);
}
// fault 21
TEST_F(poller_test, a_permanent_redirect_is_reported_and_the_url_stays) {
    subscribe(make_feed());
    auto moved = document(rss({{"1", "one"}}));
    moved.redirects = {
        {301, "https://b.example.org/x"}, {308, "https://c.example.org/y"}, {302, "https://d.example.org/z"}};
    poll_once(moved);
    EXPECT_EQ(checkpoint().redirected_to, "https://c.example.org/y");
    EXPECT_EQ(checkpoint().url, "https://news.example.org/feed");
    poll_once(document(rss({{"1", "one"}, {"2", "two"}})));
    EXPECT_EQ(exchange_->last.what.url, "https://news.example.org/feed");
    EXPECT_EQ(checkpoint().redirected_to, "");
}

class moved_feed : public poller_test {
  protected:
    static constexpr const char* old_url = "https://news.example.org/feed";
    static constexpr const char* new_url = "https://new.example.net/feed";

    static http::response redirected(std::uint32_t code = 301) {
        http::response out = document(rss({{"1", "one"}}));
        out.redirects = {{code, new_url}};
        return out;
    }
    // Polls every six hours, for so long.
    void poll_for(duration time, const http::response& with) {
        const timestamp end = now_ + time;
        while (now_ < end) poll_once(with);
    }
    feed slow_feed() {
        feed f = make_feed();
        f.interval = {6h, 6h, 6h};
        return f;
    }
    [[nodiscard]] std::string asked() const { return exchange_->last.what.url; }
};

TEST_F(moved_feed, a_permanent_redirect_is_taken_for_good_when_it_has_held_for_a_week) {
    for (const std::uint32_t code : {301U, 308U}) {
        feed f = slow_feed();
        f.id = feed_id("f" + std::to_string(code));
        subscribe(f);
        const timestamp begun = now_;
        poll_once(redirected(code));
        EXPECT_EQ(checkpoint(f.id.str()).redirected_since, now_);
        while (asked() == old_url && now_ < begun + 30 * 24h) poll_once(redirected(code));
        EXPECT_EQ(asked(), new_url);
        EXPECT_GE(now_, begun + 7 * 24h);
        EXPECT_LE(now_, begun + 7 * 24h + 13h);
        start();  // it is remembered
        poll_once(document(rss({{"1", "one"}, {"2", "two"}})));
        EXPECT_EQ(asked(), new_url);
        EXPECT_EQ(checkpoint(f.id.str()).url, old_url);
        EXPECT_EQ(checkpoint(f.id.str()).redirected_to, new_url);
        EXPECT_THAT(take_titles(), ElementsAre("one", "two"));
        poll_once(status(304));
        EXPECT_EQ(checkpoint(f.id.str()).redirected_to, new_url);
        unsubscribe(f.id.str());
    }
}
TEST_F(moved_feed, a_redirect_that_was_interrupted_begins_its_week_again) {
    subscribe(slow_feed());
    poll_for(6 * 24h, redirected());
    poll_once(document(rss({{"1", "one"}})));
    EXPECT_EQ(checkpoint().redirected_since, std::nullopt);
    poll_for(6 * 24h, redirected());
    EXPECT_EQ(asked(), old_url);
    poll_for(2 * 24h, redirected());
    EXPECT_EQ(asked(), new_url);
}
TEST_F(moved_feed, a_redirect_to_yet_another_place_begins_its_week_again) {
    subscribe(slow_feed());
    poll_for(6 * 24h, redirected());
    http::response other = redirected();
    other.redirects = {{301, "https://third.example.net/feed"}};
    poll_for(6 * 24h, other);
    EXPECT_EQ(asked(), old_url);
}
TEST_F(moved_feed, a_temporary_redirect_is_never_taken_for_good) {
    subscribe(slow_feed());
    poll_for(20 * 24h, redirected(302));
    EXPECT_EQ(asked(), old_url);
    EXPECT_EQ(checkpoint().redirected_to, "");
}
TEST_F(moved_feed, a_failure_is_no_sign_that_the_redirect_is_over) {
    subscribe(slow_feed());
    poll_for(4 * 24h, redirected());
    const auto since = checkpoint().redirected_since;
    poll_once(error(http::errc::timeout));
    poll_once(status(503));
    EXPECT_EQ(checkpoint().redirected_since, since);
    EXPECT_EQ(checkpoint().redirected_to, new_url);
}
TEST_F(moved_feed, old_and_new_place_are_asked_in_turn_while_they_fail) {
    subscribe(slow_feed());
    poll_for(8 * 24h, redirected());
    ASSERT_EQ(asked(), new_url);
    poll_once(status(404));
    EXPECT_EQ(asked(), new_url);
    poll_once(error(http::errc::dns));
    EXPECT_EQ(asked(), old_url);
    poll_once(document(rss({{"1", "one"}})));  // the old one is gone; the new one is back
    EXPECT_EQ(asked(), new_url);
    EXPECT_EQ(checkpoint().redirected_to, new_url);
    poll_once(status(404));
    poll_once(document(rss({{"1", "one"}})));  // the old one is back, and redirects no more
    EXPECT_EQ(asked(), old_url);
    EXPECT_EQ(checkpoint().redirected_to, "");
    poll_once(document(rss({{"1", "one"}})));
    EXPECT_EQ(asked(), old_url);
}
TEST_F(moved_feed, a_secret_does_not_move_to_another_origin) {
    options_.authorize = [](std::string_view) -> result<credentials> {
        return credentials{secret{}, "X-Api-Key", secret{"s3cret"}};
    };
    start();
    feed f = slow_feed();
    f.credentials = "header:X-Api-Key:env:KEY";
    subscribe(f);
    poll_for(9 * 24h, redirected());
    EXPECT_EQ(asked(), old_url);
    http::response within = redirected();
    within.redirects = {{301, "https://news.example.org/elsewhere"}};
    poll_for(9 * 24h, within);
    EXPECT_EQ(asked(), "https://news.example.org/elsewhere");
    EXPECT_THAT(exchange_->last.what.origin_headers, ElementsAre(testing::Pair("X-Api-Key", "s3cret")));
}
TEST_F(moved_feed, a_new_url_in_the_feeds_file_forgets_the_redirect) {
    subscribe(slow_feed());
    poll_for(9 * 24h, redirected());
    feed f = slow_feed();
    f.url = "https://mine.example.org/feed";
    subscribe(f);
    poll_once(document(rss({{"1", "one"}})));
    EXPECT_EQ(asked(), f.url);
    EXPECT_EQ(checkpoint().redirected_to, "");
    EXPECT_EQ(checkpoint().redirected_since, std::nullopt);
}
TEST_F(poller_test, the_hops_of_a_refused_redirect_are_in_the_poll) {
    subscribe(make_feed());
    std::string hops = "a loop: 302 to https://news.example.org/" + std::string(300, 'x');
    hops += ", 302 to https://news.example.org/feed";
    poll_once(error(http::errc::redirects, hops));
    EXPECT_EQ(checkpoint().outcome, "redirects");
    EXPECT_EQ(checkpoint().detail, hops);
}

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

TEST_F(poller_test, an_aborted_batch_is_worked_through_again_without_asking_twice) {
    subscribe(make_feed());
    tick();
    exchange_->answer(document(rss({{"2", "two"}, {"1", "one"}}), {{"etag", "\"e1\""}}));
    for (int i = 0; i < 3; ++i) {
        begin();
        poller_->tick(now_, *this);
        EXPECT_EQ(pending_.size(), 3u);
        rollback();
        EXPECT_THAT(items_, IsEmpty());
        EXPECT_LE(poller_->next_tick().value(), now_);
    }
    tick();
    EXPECT_THAT(take_titles(), ElementsAre("one", "two"));
    EXPECT_TRUE(exchange_->open.empty());
    poll_once(status(304));
    EXPECT_EQ(exchange_->last.header("If-None-Match"), "\"e1\"");
    EXPECT_THAT(take_titles(), IsEmpty());
}
TEST_F(poller_test, two_open_batches_are_undone_newest_first) {
    feed f = make_feed();
    f.interval = {1s, 1s, 1s};
    subscribe(f);
    tick();
    exchange_->answer(document(rss({{"1", "one"}})));
    begin();
    poller_->tick(now_, *this);
    const std::uint64_t first = batch_;
    now_ = std::max(now_, poller_->next_tick().value());
    begin();
    poller_->tick(now_, *this);
    exchange_->answer(document(rss({{"2", "two"}, {"1", "one"}})));
    poller_->tick(now_, *this);
    batch_ = first;
    rollback();
    batch_ = first + 2;
    tick();
    EXPECT_THAT(take_titles(), ElementsAre("one", "two"));
}
TEST_F(poller_test, an_aborted_subscription_comes_again_and_an_aborted_removal_is_undone) {
    const feed f = make_feed();
    const std::string json = to_json(f);
    begin();
    ASSERT_TRUE(poller_->process(view(topic::feeds, "news", json), now_, *this));
    rollback();
    EXPECT_FALSE(poller_->next_tick());
    subscribe(f);
    poll_once(document(rss({{"1", "one"}})));
    begin();
    ASSERT_TRUE(poller_->process(view(topic::feeds, "news", std::nullopt), now_, *this));
    rollback();
    poll_once(document(rss({{"2", "two"}, {"1", "one"}})));
    EXPECT_THAT(take_titles(), ElementsAre("one", "two"));
}
TEST_F(poller_test, a_restart_goes_on_from_the_checkpoint) {
    subscribe(make_feed());
    poll_once(document(rss({{"2", "two"}, {"1", "one"}}), {{"etag", "\"e1\""}}));
    take_titles();
    const timestamp due = checkpoint().next_due;
    start();
    EXPECT_EQ(poller_->next_tick(), due);
    poll_once(document(rss({{"3", "three"}, {"2", "two"}, {"1", "one"}})));
    EXPECT_EQ(exchange_->last.header("If-None-Match"), "\"e1\"");
    EXPECT_THAT(take_titles(), ElementsAre("three"));
}
TEST_F(poller_test, a_crash_between_answer_and_commit_asks_again) {
    subscribe(make_feed());
    tick();
    exchange_->answer(document(rss({{"1", "one"}})));
    begin();
    poller_->tick(now_, *this);  // never committed
    pending_.clear();
    start();
    poll_once(document(rss({{"1", "one"}})));
    EXPECT_THAT(take_titles(), ElementsAre("one"));
}
TEST_F(poller_test, a_removed_feed_is_forgotten_with_its_checkpoint) {
    subscribe(make_feed());
    poll_once(document(rss({{"1", "one"}})));
    take_titles();
    now_ = poller_->next_tick().value();
    tick();  // asks
    unsubscribe("news");
    EXPECT_EQ(tombstones_, 1);
    EXPECT_FALSE(stored_[topic::polls].contains("news"));
    exchange_->answer(document(rss({{"2", "two"}})));
    tick();
    EXPECT_THAT(take_titles(), IsEmpty());
    EXPECT_FALSE(poller_->next_tick());
}
TEST_F(poller_test, a_partition_that_is_taken_away_takes_its_feeds_along) {
    subscribe(make_feed());
    tick();
    poller_->revoked(0);
    exchange_->answer(document(rss({{"1", "one"}})));
    tick();
    EXPECT_THAT(take_titles(), IsEmpty());
    EXPECT_FALSE(poller_->next_tick());
}
TEST_F(poller_test, a_paused_feed_is_not_asked_until_it_goes_on) {
    feed f = make_feed();
    f.paused = true;
    subscribe(f);
    EXPECT_FALSE(poller_->next_tick());
    f.paused = false;
    subscribe(f);
    poll_once(document(rss({{"1", "one"}})));
    EXPECT_THAT(take_titles(), ElementsAre("one"));
}
TEST_F(poller_test, a_new_url_is_asked_at_once_without_the_old_ones_validators) {
    feed f = make_feed();
    subscribe(f);
    poll_once(document(rss({{"1", "one"}}), {{"etag", "\"e1\""}}));
    f.url = "https://moved.example.org/feed";
    subscribe(f);
    EXPECT_LE(poller_->next_tick().value(), now_);
    poll_once(document(rss({{"2", "two"}, {"1", "one", "https://news.example.org/1"}})));
    EXPECT_EQ(exchange_->last.header("If-None-Match"), "");
    EXPECT_THAT(take_titles(), ElementsAre("one", "two"));
}
TEST_F(poller_test, credentials_come_by_reference_and_a_missing_one_is_a_failure_in_words) {
    options_.authorize = [](std::string_view reference) -> result<credentials> {
        if (reference == "env:TOKEN") return credentials{secret{}, "X-Api-Key", secret{"s3cret"}};
        return error(errc::not_found, "no such variable");
    };
    start();
    feed f = make_feed();
    f.credentials = "env:TOKEN";
    subscribe(f);
    poll_once(document(rss({{"1", "one"}})));
    EXPECT_THAT(exchange_->last.what.origin_headers, ElementsAre(testing::Pair("X-Api-Key", "s3cret")));
    EXPECT_EQ(exchange_->last.header("X-Api-Key"), "");
    poll_once(error(http::errc::tls, "certificate"));
    for (const auto& [at, records] : stored_) {
        for (const auto& [key, json] : records) EXPECT_THAT(json, testing::Not(HasSubstr("s3cret")));
    }
    for (const item& i : items_) EXPECT_THAT(to_json(i), testing::Not(HasSubstr("s3cret")));
    f.credentials = "env:OTHER";
    subscribe(f);
    now_ = poller_->next_tick().value();
    tick();
    tick();
    EXPECT_EQ(checkpoint().outcome, "credentials");
    EXPECT_EQ(checkpoint().detail, "no such variable");
    EXPECT_TRUE(exchange_->open.empty());
}
TEST_F(poller_test, draining_starts_nothing_and_does_not_wait_for_ever) {
    subscribe(make_feed("a"));
    tick();
    poller_->drain();
    subscribe(make_feed("b"));
    tick();
    EXPECT_EQ(exchange_->open.size(), 1u);
    EXPECT_FALSE(poller_->drained());
    now_ = poller_->next_tick().value();
    tick();
    EXPECT_TRUE(poller_->drained());
    EXPECT_FALSE(poller_->next_tick());
}
TEST_F(poller_test, draining_works_through_what_arrives_in_time) {
    subscribe(make_feed());
    tick();
    poller_->drain();
    exchange_->answer(document(rss({{"1", "one"}})));
    tick();
    EXPECT_THAT(take_titles(), ElementsAre("one"));
    EXPECT_TRUE(poller_->drained());
}
// fault 32
TEST_F(poller_test, five_hundred_feeds_of_one_host_are_asked_two_at_a_time_and_all_in_turn) {
    for (int i = 0; i < 500; ++i) {
        feed f = make_feed("f" + std::to_string(i));
        f.url = "https://host.example.org/" + std::to_string(i);
        subscribe(f);
    }
    std::size_t answered = 0;
    for (int round = 0; round < 500 && answered < 500; ++round) {
        tick();
        EXPECT_LE(exchange_->open.size(), 2u);
        while (!exchange_->open.empty()) {
            exchange_->answer(status(404));
            ++answered;
        }
    }
    tick();
    EXPECT_EQ(answered, 500u);
    EXPECT_EQ(stored_[topic::polls].size(), 500u);
}
// fault 33
TEST_F(poller_test, a_clock_set_back_stops_nothing_and_one_set_forward_spreads_what_is_overdue) {
    for (int i = 0; i < 100; ++i) subscribe(make_feed("f" + std::to_string(i)));
    tick();
    while (!exchange_->open.empty()) exchange_->answer(document(rss({{"1", "one"}})));
    for (int i = 0; i < 4; ++i) tick();
    const auto next = poller_->next_tick().value();
    EXPECT_GT(next, now_ + 14min);
    now_ -= 1h;
    tick();
    EXPECT_LE(poller_->next_tick().value(), now_ + 17min);
    now_ += 5h;
    tick();
    EXPECT_LT(exchange_->open.size(), 20u);
    const timestamp back = now_;
    while (const auto due = poller_->next_tick()) {
        now_ = std::max(now_, *due);
        tick();
    }
    EXPECT_EQ(exchange_->open.size(), 100u);
    EXPECT_LE(now_, back + 10min);
}
TEST_F(poller_test, a_record_that_is_no_feed_is_an_error_and_changes_nothing) {
    begin();
    EXPECT_FALSE(poller_->process(view(topic::feeds, "x", "{"), now_, *this));
    EXPECT_FALSE(poller_->process(view(topic::feeds, "x", to_json(make_feed("y"))), now_, *this));
    commit();
    EXPECT_FALSE(poller_->next_tick());
}

}  // namespace
}  // namespace feedwatch
