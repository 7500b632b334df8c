// Feeds that have moved.
#include "tests/producers/poll/poller_fixture.hpp"

namespace feedwatch {
namespace {

using testing::ElementsAre;

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

}  // namespace
}  // namespace feedwatch
