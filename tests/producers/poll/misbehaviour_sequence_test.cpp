// Statuses, and what takes several polls to see.
#include "tests/producers/poll/misbehaviour_fixture.hpp"

namespace feedwatch {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class statuses : public misbehaviour, public testing::WithParamInterface<way> {
  protected:
    test::http_test_server server_;
};
TEST_P(statuses, is_seen_as_what_it_is) {
    try_out(GetParam(), server_);
}

server_reply answer(int status, std::string body = {}, http::header_list headers = {}) {
    server_reply out;
    out.status = status;
    out.headers = std::move(headers);
    out.body = std::move(body);
    return out;
}

INSTANTIATE_TEST_SUITE_P(
    all, statuses,
    testing::ValuesIn(std::vector<way>{
        {"status_204", answer(204), refusal(204)},
        {"status_204_with_a_body", raw("HTTP/1.1 204 No\r\nContent-Length: 6\r\n\r\n<rss/>"), refusal(204)},
        {"status_205_with_a_body", answer(205, two_item_feed()), refusal(205)},
        {"status_206_unasked", answer(206, two_item_feed(), {{"Content-Range", "bytes 0-9/100"}}), refusal(206)},
        {"status_203", answer(203, two_item_feed()), {"ok", 203, 2, 1, "", {}}},
        {"status_304_unasked", answer(304), refusal(304)},
        {"status_400", answer(400), refusal(400)},
        {"status_401", answer(401, "", {{"WWW-Authenticate", "Basic realm=x"}}), refusal(401)},
        {"status_401_without_a_challenge", answer(401), refusal(401)},
        {"status_402", answer(402), refusal(402)},
        {"status_403", answer(403), refusal(403)},
        {"status_404_with_a_feed", answer(404, two_item_feed()), refusal(404)},
        {"status_406", answer(406), refusal(406)},
        {"status_407_from_no_proxy", answer(407, "", {{"Proxy-Authenticate", "Basic realm=x"}}), refusal(407)},
        {"status_410", answer(410), refusal(410, "gone")},
        {"status_416", answer(416), refusal(416)},
        {"status_421", answer(421), refusal(421)},
        {"status_500_with_a_feed", answer(500, two_item_feed()), refusal(500)},
        {"status_520", answer(520), refusal(520)},
    }),
    name_of_way);

class sequences : public misbehaviour {
  protected:
    void SetUp() override { server_.reply("/feed", feed_reply({{"ETag", "\"1\""}})); }
    void subscribe_here() { subscribe(server_.url("/feed")); }
    void expect_items(std::size_t count) const { EXPECT_EQ(items_.size(), count); }
    [[nodiscard]] duration wait() const { return checkpoint_.next_due - now_; }
    // The next one is without validators whatever the server said.
    void skip_a_day() { now_ += 25h; }
    test::http_test_server server_;
};

TEST_F(sequences, a_304_with_a_body) {
    subscribe_here();
    poll_once();
    server_.reply("/feed", raw("HTTP/1.1 304 Not\r\nETag: \"1\"\r\nContent-Length: 6\r\n\r\n<rss/>"));
    EXPECT_EQ(poll_once().outcome, "not_modified");
    EXPECT_EQ(checkpoint_.status, 304U);
    server_.reply("/feed", feed_reply({{"ETag", "\"2\""}}));
    EXPECT_EQ(poll_once().outcome, "not_modified");  // by its hash; the stray body was taken for no answer
    EXPECT_EQ(checkpoint_.status, 200U);
    EXPECT_EQ(checkpoint_.etag, "\"2\"");
    expect_items(2);
}
TEST_F(sequences, a_304_to_a_request_that_asked_for_everything) {
    subscribe_here();
    poll_once();
    server_.reply("/feed", answer(304));
    skip_a_day();
    EXPECT_EQ(poll_once().outcome, "http");
    EXPECT_EQ(server_.last("/feed").header("if-none-match"), "");
    EXPECT_EQ(checkpoint_.status, 304U);
    EXPECT_THAT(checkpoint_.detail, HasSubstr("without having been asked for"));
    EXPECT_EQ(poll_once().outcome, "not_modified");  // asked with validators again, it is a good answer
    EXPECT_EQ(server_.last("/feed").header("if-none-match"), "\"1\"");
    EXPECT_EQ(checkpoint_.failures, 0U);
}
TEST_F(sequences, a_304_while_no_validator_was_ever_given) {
    server_.reply("/feed", feed_reply());
    subscribe_here();
    poll_once();
    server_.reply("/feed", answer(304));
    EXPECT_EQ(poll_once().outcome, "http");
    EXPECT_EQ(poll_once().failures, 2U);
}
TEST_F(sequences, another_etag_for_the_same_body) {
    subscribe_here();
    poll_once();
    for (const char* etag : {"\"2\"", "W/\"3\"", "unquoted", "\"4"}) {
        server_.reply("/feed", feed_reply({{"ETag", etag}}));
        EXPECT_EQ(poll_once().outcome, "not_modified");
        EXPECT_EQ(checkpoint_.status, 200U);
        EXPECT_EQ(checkpoint_.etag, etag);
    }
    expect_items(2);
}
TEST_F(sequences, the_same_etag_for_another_body) {
    subscribe_here();
    poll_once();
    const auto changed = [](const test::received_request& r) {
        server_reply out = feed_reply({{"ETag", "\"1\""}});
        out.body = rss({{"3", "three"}, {"2", "two"}, {"1", "one"}});
        if (r.header("if-none-match") == "\"1\"") out = answer(304);
        return out;
    };
    server_.on("/feed", changed);
    EXPECT_EQ(poll_once().outcome, "not_modified");
    expect_items(2);
    skip_a_day();  // the full fetch finds it
    EXPECT_EQ(poll_once().outcome, "ok");
    EXPECT_EQ(checkpoint_.items_new, 1U);
    expect_items(3);
}
TEST_F(sequences, a_date_of_modification_in_the_future_or_none_at_all_is_sent_back_as_it_is) {
    for (const char* date : {"Thu, 31 Dec 2099 23:59:59 GMT", "yesterday", "0"}) {
        server_.reply("/feed", feed_reply({{"Last-Modified", date}}));
        subscribe_here();
        poll_once();
        poll_once();
        EXPECT_EQ(server_.last("/feed").header("if-modified-since"), date);
        EXPECT_EQ(checkpoint_.outcome, "not_modified");
    }
}
TEST_F(sequences, too_many_requests_for_hours) {
    subscribe_here();
    poll_once();
    struct row {
        std::string retry_after;
        duration least, most;
    };
    for (const row& r : {
             row{"3600", 1h, 67min},
             row{"Wed, 25 Nov 2099 12:00:00 GMT", 24h, 27h},
             row{"99999999999", 24h, 27h},
             row{"-1", 1min, 1h},
             row{"soon", 1min, 1h},
             row{"Tue, 24 Nov 2020 12:00:00 GMT", 1min, 1h},
             row{"", 1min, 1h},
         }) {
        server_.reply("/feed", answer(429, "slow down", {{"Retry-After", r.retry_after}}));
        const std::size_t before = server_.requests();
        EXPECT_EQ(poll_once().outcome, "http");
        EXPECT_EQ(checkpoint_.status, 429U);
        EXPECT_GE(wait(), r.least) << r.retry_after;
        EXPECT_LE(wait(), r.most) << r.retry_after;
        EXPECT_EQ(server_.requests(), before + 1);
    }
    EXPECT_EQ(checkpoint_.failures, 7U);
    server_.reply("/feed", feed_reply({{"ETag", "\"1\""}}));
    EXPECT_EQ(poll_once().failures, 0U);
    expect_items(2);
}
TEST_F(sequences, unavailable_with_and_without_a_time) {
    subscribe_here();
    poll_once();
    server_.reply("/feed", answer(503, "", {{"Retry-After", "7200"}}));
    EXPECT_EQ(poll_once().status, 503U);
    EXPECT_GE(wait(), 2h);
    server_.reply("/feed", answer(503));
    EXPECT_EQ(poll_once().status, 503U);
    EXPECT_LE(wait(), 1h);
}
TEST_F(sequences, not_found_and_gone_come_back) {
    subscribe_here();
    poll_once();
    server_.reply("/feed", answer(404, "<html>no</html>"));
    EXPECT_EQ(poll_once().outcome, "http");
    server_.reply("/feed", answer(410));
    EXPECT_EQ(poll_once().outcome, "gone");
    EXPECT_GE(wait(), 24h);
    server_reply back = feed_reply();
    back.body = rss({{"3", "three"}, {"2", "two"}});
    server_.reply("/feed", back);
    EXPECT_EQ(poll_once().outcome, "ok");
    EXPECT_EQ(checkpoint_.failures, 0U);
    expect_items(3);
}
TEST_F(sequences, a_login_page_keeps_what_was_known) {
    subscribe_here();
    poll_once();
    server_.reply("/feed", answer(200, "<html><form>Log in</form></html>", {{"ETag", "\"login\""}}));
    EXPECT_EQ(poll_once().outcome, "not_a_feed");
    EXPECT_EQ(checkpoint_.etag, "\"1\"");
    server_.reply("/feed", feed_reply({{"ETag", "\"1\""}}));
    EXPECT_EQ(poll_once().outcome, "not_modified");
    expect_items(2);
}
TEST_F(sequences, a_connection_that_is_closed_when_it_is_used_again) {
    subscribe_here();
    poll_once();
    EXPECT_EQ(server_.connections(), 1U);
    int asked = 0;
    server_.on("/feed", [&](const test::received_request&) {
        server_reply out = feed_reply({{"ETag", "\"2\""}});
        out.silent = ++asked == 1;
        if (out.silent) out.then = ending::close;
        return out;
    });
    EXPECT_EQ(poll_once().outcome, "not_modified");  // asked again on a new one, within the same poll
    EXPECT_EQ(checkpoint_.etag, "\"2\"");
    EXPECT_EQ(asked, 2);
    EXPECT_EQ(server_.connections(), 2U);
}
TEST_F(sequences, an_answer_nobody_asked_for_is_not_taken_for_the_next_one) {
    server_.reply("/feed", raw("HTTP/1.1 200 OK\r\n" + length_of_feed() + "\r\n" + two_item_feed() +
                                   "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<rss/>",
                               ending::keep));
    subscribe_here();
    EXPECT_EQ(poll_once().outcome, "protocol");
    server_.reply("/feed", feed_reply());
    EXPECT_EQ(poll_once().outcome, "ok");
    expect_items(2);
}

}  // namespace
}  // namespace feedwatch
