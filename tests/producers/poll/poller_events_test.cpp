// What a poll says of a feed besides its new items.
#include "tests/producers/poll/poller_fixture.hpp"

namespace feedwatch {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class feed_events : public poller_test {
  protected:
    void SetUp() override {
        poller_test::SetUp();
        subscribe(make_feed());
    }
    static std::vector<entry> numbered(const std::vector<int>& numbers) {
        std::vector<entry> out;
        for (const int n : numbers) {
            const std::string day = (n < 10 ? "0" : "") + std::to_string(n);
            out.push_back({std::to_string(n), "Title " + std::to_string(n), "", day + " Nov 2026 08:00:00 GMT"});
        }
        return out;
    }
    [[nodiscard]] std::string id_of(int n) const {
        for (const item& i : items_) {
            if (i.guid == std::to_string(n)) return i.id.str();
        }
        return {};
    }
    [[nodiscard]] std::vector<std::string> kinds() {
        std::vector<std::string> out;
        for (const poll_event& e : checkpoint().events) out.push_back(e.kind);
        return out;
    }
    double counted(const std::string& kind) { return counts_.value("feedwatch_feed_events_total", {{"kind", kind}}); }

    // A document of a feed that says who it is.
    static http::response of(const std::string& title, const std::string& domain, const std::string& language,
                             int first, const std::string& from = "https://news.example.org/feed") {
        std::string out = "<rss version=\"2.0\"><channel><title>" + title + "</title><link>https://" + domain +
                          "/</link><language>" + language + "</language>";
        for (int n = first + 3; n >= first; --n) {
            const std::string number = std::to_string(n);
            out += "<item><guid>" + number + "</guid><title>" + number + "</title><link>https://www." + domain + "/" +
                   number + "</link></item>";
        }
        http::response r = document(out + "</channel></rss>");
        r.url = from;
        return r;
    }
};

TEST_F(feed_events, nothing_left_of_the_document_before_is_an_event_and_is_counted) {
    poll_once(document(rss(numbered({3, 2, 1}))));
    poll_once(document(rss(numbered({6, 5, 4}))));
    ASSERT_THAT(kinds(), ElementsAre("possibly_missed"));
    EXPECT_EQ(checkpoint().events[0].count, 3u);
    EXPECT_EQ(counted("possibly_missed"), 1);
    EXPECT_EQ(counts_.value("feedwatch_feed_possibly_missed_total"), 1);
    // An item that comes back from further ago closes no gap.
    poll_once(document(rss(numbered({12, 11, 10, 1}))));
    EXPECT_THAT(kinds(), ElementsAre("possibly_missed"));
    EXPECT_TRUE(checkpoint().possibly_missed);
    poll_once(status(304));
    EXPECT_THAT(kinds(), IsEmpty());
}
TEST_F(feed_events, an_item_that_vanishes_before_older_ones_is_retracted_and_its_return_is_told) {
    poll_once(document(rss(numbered({5, 4, 3, 2, 1}))));
    poll_once(document(rss(numbered({6, 5, 4, 2, 1}))));
    ASSERT_THAT(kinds(), ElementsAre("retracted"));
    EXPECT_THAT(checkpoint().events[0].ids, ElementsAre(id_of(3)));
    EXPECT_EQ(counted("retracted"), 1);
    poll_once(document(rss(numbered({6, 5, 4, 2, 1}))));
    EXPECT_THAT(kinds(), IsEmpty()) << "once";
    take_titles();
    start();
    poll_once(document(rss(numbered({6, 5, 4, 3, 2, 1}))));
    ASSERT_THAT(kinds(), ElementsAre("reappeared"));
    EXPECT_EQ(checkpoint().events[0].count, 1u);
    EXPECT_THAT(take_titles(), IsEmpty());
    poll_once(document(rss(numbered({7, 6, 5, 4, 3, 2, 1}))));
    EXPECT_THAT(kinds(), IsEmpty());
}
TEST_F(feed_events, the_newest_item_can_be_retracted_and_an_older_one_may_take_its_place) {
    poll_once(document(rss(numbered({6, 5, 4, 3, 2}))));
    poll_once(document(rss(numbered({5, 4, 3, 2, 1}))));
    ASSERT_THAT(kinds(), ElementsAre("retracted"));
    EXPECT_THAT(checkpoint().events[0].ids, ElementsAre(id_of(6)));
}
TEST_F(feed_events, what_makes_room_for_newer_items_is_not_retracted) {
    poll_once(document(rss(numbered({5, 4, 3, 2, 1}))));
    poll_once(document(rss(numbered({7, 6, 5, 4, 3}))));
    EXPECT_THAT(kinds(), IsEmpty());
    poll_once(document(rss(numbered({11, 10, 9, 8, 7}))));
    EXPECT_THAT(kinds(), IsEmpty());
}
TEST_F(feed_events, what_makes_room_at_the_top_of_a_feed_in_rising_order_is_not_retracted) {
    poll_once(document(rss(numbered({1, 2, 3, 4, 5}))));
    poll_once(document(rss(numbered({2, 3, 4, 5, 6}))));
    EXPECT_THAT(kinds(), IsEmpty());
    poll_once(document(rss(numbered({2, 3, 4, 5}))));
    EXPECT_THAT(kinds(), ElementsAre("retracted"));
}
TEST_F(feed_events, nothing_is_retracted_by_a_document_that_was_cut_or_comes_from_elsewhere) {
    poll_once(document(rss(numbered({5, 4, 3, 2, 1}))));
    const std::string whole = rss(numbered({5, 2, 1}));
    poll_once(document(whole.substr(0, whole.find("</channel>"))));
    EXPECT_THAT(kinds(), IsEmpty());
    feed moved = make_feed();
    moved.url = "https://news.example.org/other";
    subscribe(moved);
    poll_once(document(rss(numbered({5, 1}))));
    EXPECT_THAT(kinds(), IsEmpty());
}
TEST_F(feed_events, a_feed_without_the_order_of_time_retracts_nothing) {
    poll_once(document(rss(numbered({5, 1, 3, 2, 4, 6}))));
    poll_once(document(rss(numbered({2, 6, 1, 4, 3}))));
    EXPECT_THAT(kinds(), IsEmpty());
}
TEST_F(feed_events, corrections_are_told_with_their_first_fifty_ids) {
    std::vector<entry> entries;
    for (int n = 0; n < 60; ++n) entries.push_back({std::to_string(n), "Title"});
    poll_once(document(rss(entries)));
    for (entry& e : entries) e.title = "Title, corrected";
    poll_once(document(rss(entries)));
    ASSERT_THAT(kinds(), ElementsAre("corrected"));
    EXPECT_EQ(checkpoint().events[0].count, 60u);
    EXPECT_THAT(checkpoint().events[0].ids, SizeIs(50));
    EXPECT_EQ(counted("corrected"), 1);
}
TEST_F(feed_events, a_feed_that_presents_itself_as_another_is_suspicious_once_and_is_published) {
    poll_once(of("Old News", "news.example.org", "en-GB", 1));
    poll_once(of("Old News", "news.example.org", "en-US", 2));
    EXPECT_THAT(kinds(), IsEmpty());
    take_titles();
    poll_once(of("Best Casino", "casino.example.net", "pl", 3, "https://feeds.example.com/x"));
    ASSERT_THAT(kinds(), ElementsAre("suspicious", "corrected"));
    const poll_event e = checkpoint().events[0];
    EXPECT_THAT(e.signs, ElementsAre("served_by", "link", "items", "language", "title"));
    EXPECT_EQ(e.count, 5u);
    EXPECT_THAT(e.detail, HasSubstr("items: example.org, now example.net"));
    EXPECT_THAT(e.detail, HasSubstr("title: Old News, now Best Casino"));
    EXPECT_EQ(counted("suspicious"), 1);
    EXPECT_FALSE(take_titles().empty()) << "it is published";
    poll_once(of("Best Casino", "casino.example.net", "pl", 4, "https://feeds.example.com/x"));
    EXPECT_EQ(counted("suspicious"), 1);
}
TEST_F(feed_events, what_a_document_does_not_say_is_no_sign) {
    poll_once(of("Old News", "news.example.org", "en", 1));
    const auto look = checkpoint().look;
    poll_once(document("<rss><channel><item><guid>1</guid><title>one</title></item></channel></rss>"));
    EXPECT_THAT(kinds(), Not(Contains("suspicious")));
    EXPECT_EQ(checkpoint().look, look);
    poll_once(of("The News", "news.example.org", "", 1));
    EXPECT_THAT(kinds(), Not(Contains("suspicious"))) << "one word of the title is left";
}
TEST_F(feed_events, a_page_where_the_feed_was_is_suspicious_once) {
    const auto page = [](const char* from) {
        http::response r = document("<!doctype html><html><body>Log in</body></html>");
        r.url = from;
        return r;
    };
    poll_once(page("https://news.example.org/feed"));
    EXPECT_THAT(kinds(), IsEmpty()) << "there was no feed yet";
    poll_once(of("Old News", "news.example.org", "en", 1));
    poll_once(page("https://parked.example.net/"));
    ASSERT_THAT(kinds(), ElementsAre("suspicious"));
    EXPECT_THAT(checkpoint().events[0].signs, ElementsAre("html", "served_by"));
    poll_once(page("https://parked.example.net/"));
    EXPECT_THAT(kinds(), IsEmpty());
    poll_once(status(404));
    EXPECT_THAT(kinds(), IsEmpty());
}
TEST_F(feed_events, a_url_that_the_operator_changed_is_not_suspicious) {
    poll_once(of("Old News", "news.example.org", "en", 1));
    feed f = make_feed();
    f.url = "https://other.example.net/feed";
    subscribe(f);
    poll_once(of("Altogether Different", "other.example.net", "de", 1, f.url));
    EXPECT_THAT(kinds(), Not(Contains("suspicious")));
    EXPECT_EQ(checkpoint().look.title, "Altogether Different");
}

}  // namespace
}  // namespace feedwatch
