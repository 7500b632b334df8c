// What a server may answer: not modified, a login page, an error, half a document.
#include "tests/producers/poll/poller_fixture.hpp"

namespace feedwatch {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

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

}  // namespace
}  // namespace feedwatch
