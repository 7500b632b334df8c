#include "producers/poll/backfill.hpp"

#include "tests/producers/poll/poller_fixture.hpp"

namespace feedwatch {
namespace {

using polling::with_query;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::vector<entry> newest{{"9", "nine"}, {"8", "eight"}};

class backfill_test : public poller_test {
  protected:
    void SetUp() override {
        poller_test::SetUp();
        subscribe(wanted_);
        poll_once(document(rss(newest)));
        take_titles();
    }

    void ask(std::uint32_t pages = 50, std::optional<timestamp> since = std::nullopt) {
        wanted_.asked.backfill = backfill_request{now_, pages, since};
        subscribe(wanted_);
    }
    // Lets the next request start; what is asked, without its answer.
    std::string next_url() {
        for (int n = 0; n < 10 && exchange_->open.empty(); ++n) {  // a host may have asked for a pause
            const auto next = poller_->next_tick();
            if (!next) return "nothing is due";
            now_ = std::max(now_, *next);
            tick();
        }
        return exchange_->open.empty() ? "nothing was asked" : exchange_->open.front().what.url;
    }
    void answer(http::response with) {
        with.url = exchange_->open.front().what.url;
        exchange_->answer(std::move(with));
        tick();
    }
    // The same, past the feed's own polls.
    std::string next_page() {
        for (int n = 0; n < 100; ++n) {
            const std::string url = next_url();
            if (url != "https://news.example.org/feed") return url;
            answer(status(304));
        }
        return "only polls";
    }
    backfill_progress progress() { return checkpoint().backfill.value_or(backfill_progress{}); }
    std::string linked(const std::vector<entry>& entries, const std::string& rel, const std::string& href) {
        std::string out = rss(entries);
        return out.replace(
            out.find("<item>"), 0,
            "<atom:link rel=\"" + rel + "\" href=\"" + href + "\" xmlns:atom=\"http://www.w3.org/2005/Atom\"/>");
    }

    feed wanted_ = make_feed();
};

TEST_F(backfill_test, pages_by_number_are_read_until_one_is_not_there) {
    ask();
    EXPECT_EQ(next_url(), "https://news.example.org/feed");
    EXPECT_EQ(exchange_->open.front().header("If-None-Match"), "");
    answer(document(rss(newest)));
    EXPECT_THAT(take_titles(), IsEmpty()) << "what is new in the feed itself is live, and the next poll's";
    EXPECT_EQ(next_url(), "https://news.example.org/feed?paged=2");
    answer(document(rss({{"7", "seven"}, {"6", "six"}})));
    ASSERT_EQ(items_.size(), 2U);
    EXPECT_EQ(items_[0].origin, origin::backfill);
    EXPECT_EQ(items_[0].feed, feed_id("news"));
    EXPECT_THAT(take_titles(), ElementsAre("six", "seven"));
    EXPECT_EQ(next_url(), "https://news.example.org/feed?paged=3");
    answer(document(rss({{"5", "five"}})));
    EXPECT_EQ(next_url(), "https://news.example.org/feed?paged=4");
    answer(status(404));
    EXPECT_THAT(take_titles(), ElementsAre("five"));
    EXPECT_EQ(progress().state, "done");
    EXPECT_EQ(progress().pages, 2U);
    EXPECT_EQ(progress().items, 3U);
    EXPECT_THAT(progress().detail, HasSubstr("page 4 is not there (status 404)"));
    EXPECT_THAT(progress().seen, IsEmpty());
    EXPECT_EQ(next_url(), "https://news.example.org/feed") << "polls go on";
}
TEST_F(backfill_test, an_id_is_the_same_as_a_poll_would_give_it) {
    ask();
    next_url();
    answer(document(rss(newest)));
    next_url();
    answer(document(rss({{"7", "seven"}})));
    ASSERT_EQ(items_.size(), 1U);
    const item_id of_backfill = items_[0].id;
    take_titles();
    next_url();
    answer(status(404));
    poll_once(document(rss({{"9", "nine"}, {"8", "eight"}, {"7", "seven"}})));
    ASSERT_EQ(items_.size(), 1U);
    EXPECT_EQ(items_[0].id, of_backfill);
}
TEST_F(backfill_test, a_server_that_ignores_numbers_is_asked_twice_and_told) {
    ask();
    next_url();
    answer(document(rss(newest)));
    EXPECT_EQ(next_url(), "https://news.example.org/feed?paged=2");
    answer(document(rss(newest)));
    EXPECT_EQ(next_url(), "https://news.example.org/feed?page=2");
    answer(document(rss(newest)));
    EXPECT_EQ(progress().state, "done");
    EXPECT_EQ(progress().detail, "the feed shows no way to older items");
    EXPECT_THAT(take_titles(), IsEmpty());
}
TEST_F(backfill_test, the_end_by_number_is_also_an_empty_page_or_one_that_repeats) {
    for (const auto& last : {rss({}), rss({{"7", "seven"}})}) {
        now_ += 1s;
        ask();
        next_url();
        answer(document(rss(newest)));
        next_url();
        answer(document(rss({{"7", "seven"}})));
        next_url();
        answer(document(last));
        EXPECT_EQ(progress().state, "done");
        EXPECT_EQ(progress().pages, 1U);
        EXPECT_THAT(take_titles(), ElementsAre("seven"));
    }
}
TEST_F(backfill_test, archives_are_followed_by_their_links) {
    ask();
    next_url();
    answer(document(linked(newest, "prev-archive", "/2025.xml")));
    EXPECT_EQ(next_url(), "https://news.example.org/2025.xml");
    answer(document(linked({{"7", "seven"}}, "prev-archive", "https://old.example.net/2024.xml")));
    EXPECT_EQ(next_url(), "https://old.example.net/2024.xml");
    answer(document(rss({{"6", "six"}})));
    EXPECT_THAT(take_titles(), ElementsAre("seven", "six"));
    EXPECT_EQ(progress().how, "archive");
    EXPECT_EQ(progress().detail, "the last page was read");
}
TEST_F(backfill_test, links_that_lead_in_a_circle_end) {
    ask();
    next_url();
    answer(document(linked(newest, "next", "/a")));
    next_url();
    answer(document(linked({{"7", "seven"}}, "next", "/b")));
    next_url();
    answer(document(linked({{"6", "six"}}, "next", "/a")));
    EXPECT_EQ(next_url(), "https://news.example.org/a");
    answer(document(linked({{"7", "seven"}}, "next", "/b")));
    EXPECT_EQ(progress().state, "done");
    EXPECT_EQ(progress().pages, 2U);
}
TEST_F(backfill_test, the_limit_of_pages_is_kept_and_told) {
    ask(1);
    next_url();
    answer(document(rss(newest)));
    next_url();
    answer(document(rss({{"7", "seven"}})));
    EXPECT_EQ(progress().state, "done");
    EXPECT_EQ(progress().detail, "stopped at the limit of 1 page; --pages asks for more");
}
TEST_F(backfill_test, since_leaves_out_what_is_older_and_ends_where_everything_is) {
    ask(50, parse_rfc3339("2026-11-01T00:00:00Z").value());
    next_url();
    answer(document(rss(newest)));
    next_url();
    answer(document(rss({{"7", "seven", "", "Mon, 02 Nov 2026 10:00:00 GMT"},
                         {"6", "six", "", "Fri, 30 Oct 2026 10:00:00 GMT"},
                         {"x", "undated"}})));
    EXPECT_THAT(take_titles(), ElementsAre("undated", "seven"));
    next_url();
    answer(document(rss({{"5", "five", "", "Thu, 01 Oct 2026 10:00:00 GMT"}})));
    EXPECT_THAT(take_titles(), IsEmpty());
    EXPECT_EQ(progress().detail, "everything behind is older than 2026-11-01T00:00:00Z");
}
TEST_F(backfill_test, a_restart_goes_on_with_the_page_it_was_at) {
    ask();
    next_url();
    answer(document(rss(newest)));
    next_url();
    answer(document(rss({{"7", "seven"}})));
    EXPECT_EQ(next_url(), "https://news.example.org/feed?paged=3");
    start();  // the answer never came
    EXPECT_EQ(next_url(), "https://news.example.org/feed?paged=3");
    answer(document(rss({{"6", "six"}})));
    EXPECT_THAT(take_titles(), ElementsAre("seven", "six"));
}
TEST_F(backfill_test, an_aborted_batch_is_worked_through_again_from_the_same_answer) {
    ask();
    next_url();
    answer(document(rss(newest)));
    next_url();
    exchange_->answer(document(rss({{"7", "seven"}})));
    begin();
    poller_->tick(now_, *this);
    rollback();
    EXPECT_THAT(take_titles(), IsEmpty());
    tick();
    EXPECT_THAT(take_titles(), ElementsAre("seven"));
    EXPECT_EQ(checkpoint().backfill->pages, 1U);
}
TEST_F(backfill_test, what_fails_is_tried_again_later_and_in_the_end_told) {
    ask();
    next_url();
    answer(document(rss(newest)));
    timestamp failed_at = now_;
    for (int n = 1; n <= 5; ++n) {
        EXPECT_EQ(next_page(), "https://news.example.org/feed?paged=2") << n;
        const duration waited = now_ - failed_at;
        EXPECT_GE(waited, n == 1 ? 1s : n == 3 ? 3000s : 60s) << n << ": Retry-After counts";
        failed_at = now_;
        answer(status(503, {{"retry-after", n == 2 ? "3000" : "1"}}));
    }
    EXPECT_EQ(progress().state, "failed");
    EXPECT_EQ(progress().detail, "page 2 could not be had in 5 attempts: status 503");
}
TEST_F(backfill_test, one_good_answer_forgets_the_failures_before) {
    ask();
    next_url();
    answer(document(rss(newest)));
    for (int n = 0; n < 4; ++n) {
        next_page();
        answer(status(500));
    }
    next_page();
    answer(document(rss({{"7", "seven"}})));
    EXPECT_EQ(progress().failures, 0U);
    EXPECT_EQ(progress().state, "running");
}
TEST_F(backfill_test, an_address_that_the_guard_refuses_is_not_tried_again) {
    ask();
    next_url();
    answer(document(linked(newest, "next", "http://169.254.169.254/latest")));
    EXPECT_EQ(next_url(), "http://169.254.169.254/latest");
    exchange_->answer(error(make_error_code(http::errc::address_refused), "169.254.169.254 is no public address"));
    tick();
    EXPECT_EQ(progress().state, "failed");
    EXPECT_THAT(progress().detail, HasSubstr("no public address"));
}
TEST_F(backfill_test, secrets_stay_at_the_feeds_origin) {
    wanted_.url = "https://user:hunter2@news.example.org/feed";
    ask();
    next_url();
    EXPECT_EQ(exchange_->open.front().what.basic_auth, "user:hunter2");
    answer(document(rss(newest)));
    next_url();
    EXPECT_EQ(exchange_->open.front().what.url, "https://news.example.org/feed");
    EXPECT_EQ(exchange_->open.front().what.basic_auth, "user:hunter2");
    answer(document(linked(newest, "next", "https://elsewhere.example/2")));
    EXPECT_EQ(next_url(), "https://elsewhere.example/2");
    EXPECT_EQ(exchange_->open.front().what.basic_auth, "");
    EXPECT_THAT(stored_[topic::polls]["news"], testing::Not(HasSubstr("hunter2")));
}
TEST_F(backfill_test, waits_for_the_first_fetch_and_for_its_turn_at_the_host) {
    feed other = make_feed("other");
    other.asked.backfill = backfill_request{now_, 50, {}};
    subscribe(other);
    EXPECT_EQ(next_url(), "https://other.example.org/feed");
    answer(status(500));
    EXPECT_FALSE(checkpoint("other").backfill) << "what was never read has nothing behind it";

    options_.limits.per_host_max = 1;
    start();
    ask();
    EXPECT_EQ(next_url(), "https://news.example.org/feed");
    feed neighbour = make_feed("neighbour");
    neighbour.url = "https://news.example.org/second";
    subscribe(neighbour);
    tick();
    ASSERT_EQ(exchange_->open.size(), 1U) << "one at a time";
    answer(document(rss(newest)));
    EXPECT_EQ(exchange_->open.front().what.url, "https://news.example.org/second");
}
TEST_F(backfill_test, ends_when_it_is_not_wanted_any_more_and_rests_while_the_feed_is_paused) {
    ask();
    next_url();
    answer(document(rss(newest)));
    wanted_.asked.paused = true;
    subscribe(wanted_);
    EXPECT_FALSE(poller_->next_tick()) << "paused";
    wanted_.asked.paused = false;
    subscribe(wanted_);
    EXPECT_EQ(next_url(), "https://news.example.org/feed?paged=2");
    answer(document(rss({{"7", "seven"}})));
    wanted_.asked.backfill.reset();
    subscribe(wanted_);
    EXPECT_EQ(next_url(), "https://news.example.org/feed");
}
TEST_F(poller_test, a_poll_that_is_asked_for_comes_at_once_also_after_a_restart) {
    feed f = make_feed();
    subscribe(f);
    poll_once(document(rss({{"1", "one"}})));
    ASSERT_GT(*poller_->next_tick(), now_);
    f.asked.poll = now_ + 1ms;
    subscribe(f);
    EXPECT_EQ(*poller_->next_tick(), now_);
    start();
    EXPECT_EQ(*poller_->next_tick(), now_) << "it was not polled since it was asked for";
    now_ += 1s;
    poll_once(document(rss({{"1", "one"}})));
    EXPECT_GT(*poller_->next_tick(), now_);
    start();
    EXPECT_GT(*poller_->next_tick(), now_) << "once";
}
TEST_F(poller_test, a_feed_paused_by_command_is_not_polled) {
    feed f = make_feed();
    f.asked.paused = true;
    subscribe(f);
    EXPECT_FALSE(poller_->next_tick());
    f.asked.paused = false;
    subscribe(f);
    EXPECT_TRUE(poller_->next_tick());
}

TEST(with_query, adds_or_replaces_one_parameter) {
    EXPECT_EQ(with_query("https://a.example/feed", "paged", 2), "https://a.example/feed?paged=2");
    EXPECT_EQ(with_query("https://a.example/feed/?x=1#top", "paged", 12), "https://a.example/feed/?x=1&paged=12");
    EXPECT_EQ(with_query("https://a.example/?paged=2&x=1", "paged", 3), "https://a.example/?x=1&paged=3");
    EXPECT_EQ(with_query("https://a.example/?", "page", 2), "https://a.example/?page=2");
}

}  // namespace
}  // namespace feedwatch
