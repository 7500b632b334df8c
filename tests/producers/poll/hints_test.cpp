// What a feed and its server say about when to ask again, from the answer to the next due time.
#include "tests/producers/poll/poller_fixture.hpp"

namespace feedwatch {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Ge;
using testing::IsEmpty;
using testing::Le;

class hints_test : public poller_test {
  protected:
    void SetUp() override {
        options_.full_fetch_every = 0s;  // which would make a 304 no answer
        poller_test::SetUp();
    }
    // Polled every ten minutes but for what it asks; the item stays the same.
    void subscribe_to_quick_feed() {
        feed f = make_feed();
        f.interval = {10min, 10min, 6h};
        subscribe(f);
    }
    static http::response saying(const std::string& channel, http::header_list headers = {}) {
        std::string body = rss({{"1", "one"}});
        body.insert(body.find("<item>"), channel);
        return document(body, std::move(headers));
    }
    [[nodiscard]] duration wait() { return checkpoint().next_due - now_; }
    // Up to a tenth longer, so that feeds drift apart.
    static auto about(duration d) { return AllOf(Ge(d), Le(d + d / 10)); }
};

TEST_F(hints_test, a_ttl_is_a_lower_bound_and_the_maximum_caps_it) {
    subscribe_to_quick_feed();
    poll_once(saying("<ttl>120</ttl>"));
    EXPECT_THAT(wait(), about(2h));
    poll_once(saying("<ttl>100000</ttl>"));
    EXPECT_THAT(wait(), about(6h));
    poll_once(saying("<ttl>-5</ttl>"));
    EXPECT_THAT(wait(), Le(1h));
}
TEST_F(hints_test, sy_elements_are_a_lower_bound) {
    subscribe_to_quick_feed();
    poll_once(
        saying("<sy:updatePeriod xmlns:sy=\"http://purl.org/rss/1.0/modules/syndication/\">daily</sy:updatePeriod>"
               "<sy:updateFrequency xmlns:sy=\"http://purl.org/rss/1.0/modules/syndication/\">8"
               "</sy:updateFrequency>"));
    EXPECT_THAT(wait(), about(3h));
}
TEST_F(hints_test, what_the_document_asked_for_holds_while_it_is_not_sent_again) {
    subscribe_to_quick_feed();
    const auto asking = saying("<ttl>120</ttl><skipHours><hour>15</hour></skipHours>", {{"etag", "\"1\""}});
    poll_once(asking);
    poll_once(status(304));
    EXPECT_EQ(checkpoint().outcome, "not_modified");
    EXPECT_EQ(checkpoint().ttl, 2h);
    EXPECT_THAT(wait(), about(2h));
    EXPECT_THAT(checkpoint().skip_hours, ElementsAre(15));
    poll_once(asking);
    EXPECT_EQ(checkpoint().outcome, "not_modified");
    EXPECT_THAT(wait(), about(2h));
    start();  // also in another process
    poll_once(status(304));
    EXPECT_THAT(wait(), about(2h));
    poll_once(saying(""));
    EXPECT_EQ(checkpoint().ttl, std::nullopt);
    EXPECT_THAT(checkpoint().skip_hours, IsEmpty());
    EXPECT_THAT(wait(), Le(1h));
}
TEST_F(hints_test, skipped_hours_and_days_are_not_polled_in) {
    now_ = parse_rfc3339("2026-11-27T21:55:00Z").value();  // a Friday
    subscribe_to_quick_feed();
    std::string skips = "<skipHours>";
    for (const char* hour : {"22", " 23 ", "24", "1", "2", "3", "04", "5", "25", "-1", "x", ""})
        skips += "<hour>" + std::string(hour) + "</hour>";
    skips += "</skipHours><skipDays><day>Saturday</day><Day>SUNDAY</Day><day>Someday</day></skipDays>";
    poll_once(saying(skips));
    EXPECT_THAT(checkpoint().skip_hours, ElementsAre(0, 1, 2, 3, 4, 5, 22, 23));
    EXPECT_THAT(checkpoint().skip_days, ElementsAre("saturday", "sunday"));
    const timestamp due = checkpoint().next_due;  // past the night and the weekend, at some minute of its own
    EXPECT_GE(due, parse_rfc3339("2026-11-30T06:00:00Z").value());
    EXPECT_LT(due, parse_rfc3339("2026-11-30T07:00:00Z").value());
}
TEST_F(hints_test, failures_are_not_repeated_in_skipped_hours_either) {
    now_ = parse_rfc3339("2026-11-25T21:40:00Z").value();
    subscribe_to_quick_feed();
    poll_once(saying("<skipHours><hour>22</hour><hour>23</hour></skipHours>"));
    poll_once(error(http::errc::timeout));
    EXPECT_GE(checkpoint().next_due, parse_rfc3339("2026-11-26T00:00:00Z").value());
    EXPECT_LT(checkpoint().next_due, parse_rfc3339("2026-11-26T01:00:00Z").value());
}
TEST_F(hints_test, a_feed_that_skips_every_hour_is_not_believed) {
    subscribe_to_quick_feed();
    std::string skips = "<skipHours>";
    for (int hour = 0; hour < 24; ++hour) skips += "<hour>" + std::to_string(hour) + "</hour>";
    poll_once(saying(skips + "</skipHours>"));
    EXPECT_THAT(wait(), about(10min));
}
TEST_F(hints_test, the_servers_freshness_is_a_lower_bound_and_the_maximum_caps_it) {
    struct row {
        http::header_list headers;
        duration expected;
    };
    for (const row& r : {
             row{{{"cache-control", "max-age=7200"}}, 2h},
             row{{{"cache-control", "public"}, {"cache-control", "max-age=7200"}}, 2h},  // one list in two lines
             row{{{"cache-control", "max-age=7200"}, {"age", "3600"}}, 1h},
             row{{{"expires", "Wed, 25 Nov 2026 14:00:00 GMT"}, {"date", "Wed, 25 Nov 2026 12:00:00 GMT"}}, 2h},
             row{{{"cache-control", "max-age=99999999999999999999"}}, 6h},
             row{{{"expires", "Thu, 31 Dec 2099 23:59:59 GMT"}}, 6h},
             row{{{"cache-control", "max-age=60"}}, 10min},
             row{{{"cache-control", "no-cache, max-age=7200"}}, 10min},
             row{{{"cache-control", "max-age=\x01\xff"}, {"expires", "-1"}, {"age", "x"}}, 10min},
         }) {
        stored_.clear();
        start();
        subscribe_to_quick_feed();
        poll_once(saying("", r.headers));
        EXPECT_THAT(wait(), about(r.expected)) << r.headers.front().second;
    }
}
TEST_F(hints_test, the_longest_of_all_wishes_counts) {
    subscribe_to_quick_feed();
    poll_once(saying("<ttl>60</ttl>", {{"cache-control", "max-age=7200"}}));
    EXPECT_THAT(wait(), about(2h));
    poll_once(saying("<ttl>180</ttl>", {{"cache-control", "max-age=7200"}}));
    EXPECT_THAT(wait(), about(3h));
}
TEST_F(hints_test, another_url_takes_no_wishes_along) {
    subscribe_to_quick_feed();
    poll_once(saying("<ttl>120</ttl><skipDays><day>Monday</day></skipDays>"));
    feed f = make_feed();
    f.interval = {10min, 10min, 6h};
    f.url = "https://moved.example.org/feed";
    subscribe(f);
    poll_once(error(http::errc::timeout));
    EXPECT_EQ(checkpoint().ttl, std::nullopt);
    EXPECT_THAT(checkpoint().skip_days, IsEmpty());
}

}  // namespace
}  // namespace feedwatch
