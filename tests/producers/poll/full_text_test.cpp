// The articles behind items: which are read, how politely, and what becomes of the items.
#include "producers/poll/full_text.hpp"

#include "producers/poll/robots_cache.hpp"

#include "tests/producers/poll/poller_fixture.hpp"

namespace feedwatch {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* sentence =
    "The harbour office said on Tuesday that the northern basin would be dredged before winter, at the city's cost. ";

std::string long_text() {
    std::string out;
    for (int i = 0; i < 20; ++i) out += sentence;
    return out;
}

std::string page_of(const std::string& text, const std::string& head = "") {
    return "<html><head>" + head + "</head><body><article><p>" + text + "</p></article></body></html>";
}

http::response page(const std::string& body,
                    http::header_list headers = {{"content-type", "text/html; charset=utf-8"}}) {
    return document(body, std::move(headers));
}

item whole_item() {
    item i;
    i.url = "https://news.example.org/a";
    i.content_html = "<p>x</p>";
    i.text = long_text();
    return i;
}

TEST(full_text, what_counts_as_truncated) {
    EXPECT_FALSE(polling::is_truncated(whole_item()));
    item i = whole_item();
    i.content_html.clear();
    EXPECT_TRUE(polling::is_truncated(i)) << "a summary alone";
    i = whole_item();
    i.text = i.text.substr(0, polling::whole_bytes_min - 1);
    EXPECT_TRUE(polling::is_truncated(i));
    for (const char* end : {"...", " \u2026 ", "[\u2026]", " Continue reading \u2192", "Read more"}) {
        i = whole_item();
        i.text += end;
        EXPECT_TRUE(polling::is_truncated(i)) << end;
    }
}

TEST(full_text, live_items_with_an_address_are_wanted_newest_first_and_not_without_end) {
    std::vector<item> items;
    for (std::size_t n = 0; n < polling::articles_max + 3; ++n) {
        item i;
        i.url = "https://news.example.org/" + std::to_string(n);
        items.push_back(i);
    }
    items[0].origin = origin::baseline;
    items[1].url = "mailto:x@example.org";
    items[3].url = items[2].url;
    const auto wanted = polling::articles_wanted(items);
    EXPECT_EQ(wanted.urls.front(), items.back().url);
    EXPECT_THAT(wanted.urls, SizeIs(polling::articles_max));
    EXPECT_THAT(wanted.left_out, IsEmpty());
    items[1].url = "https://news.example.org/one";
    EXPECT_THAT(polling::articles_wanted(items).left_out, ElementsAre(items[1].url));
}

TEST(full_text, a_text_that_is_shorter_than_the_feeds_own_is_not_taken) {
    polling::conclusion c;
    c.items.push_back(whole_item());
    polling::put_articles(c, {{c.items[0].url, {"Please subscribe.", "", ""}}});
    EXPECT_EQ(c.items[0].text, long_text());
    EXPECT_THAT(c.items[0].warnings, ElementsAre(HasSubstr("less text than the feed")));
    EXPECT_THAT(c.next.warnings, ElementsAre(HasSubstr("1 article was not read")));
}

TEST(full_text, a_canonical_address_that_every_page_names_is_not_believed) {
    polling::conclusion c;
    polling::articles_by_url read;
    for (const char* path : {"a", "b", "c", "d"}) {
        item i;
        i.url = i.canonical_url = "https://news.example.org/" + std::string(path);
        c.items.push_back(i);
    }
    read[c.items[0].url] = {"text", "https://news.example.org/all", ""};
    read[c.items[1].url] = {"text", "https://news.example.org/all", ""};
    read[c.items[2].url] = {"text", "https://news.example.org/", ""};
    read[c.items[3].url] = {"text", "https://news.example.org/d-own", ""};
    polling::put_articles(c, read);
    EXPECT_EQ(c.items[0].canonical_url, c.items[0].url);
    EXPECT_EQ(c.items[1].canonical_url, c.items[1].url);
    EXPECT_EQ(c.items[2].canonical_url, c.items[2].url);
    EXPECT_EQ(c.items[3].canonical_url, "https://news.example.org/d-own");
}

TEST(full_text, a_canonical_address_on_another_site_is_the_origin) {
    const auto read = [](const std::string& canonical) {
        return polling::read_article(page("<html><head><link rel=canonical href='" + canonical +
                                          "'></head><body><article><p>" + std::string(200, 'a') +
                                          " and words, many of them, in a sentence.</p></article></body></html>"));
    };
    polling::conclusion c;
    for (const char* path : {"a", "b", "c"}) {
        item i;
        i.url = i.canonical_url = "https://news.example.org/" + std::string(path);
        i.origin_publisher = "as the feed says";
        c.items.push_back(i);
    }
    polling::articles_by_url articles;
    articles[c.items[0].url] = read("https://wire.example.net/basin?utm_source=x");
    articles[c.items[1].url] = read("https://m.example.org/b");
    articles[c.items[2].url] = read("https://wire.example.net/");
    polling::put_articles(c, articles);
    EXPECT_EQ(c.items[0].origin_url, "https://wire.example.net/basin");
    EXPECT_EQ(c.items[0].origin_publisher, "example.net");
    EXPECT_EQ(c.items[1].origin_url, "");
    EXPECT_EQ(c.items[1].origin_publisher, "as the feed says");
    EXPECT_EQ(c.items[2].origin_url, "");  // a front page
}

TEST(full_text, an_answer_that_is_no_page_says_what_it_is) {
    EXPECT_THAT(polling::read_article(page("%PDF", {{"content-type", "application/pdf"}})).failure,
                HasSubstr("application/pdf"));
    EXPECT_EQ(polling::read_article(status(404)).failure, "status 404");
    EXPECT_EQ(polling::read_article(page("<html></html>")).failure, "there is no article in its page");
    EXPECT_THAT(polling::read_article(page("<meta charset=iso-8859-1><p>" + long_text() + "caf\xE9</p>", {})).text,
                HasSubstr("caf\u00E9"));
}

class articles_test : public poller_test {
  protected:
    feed full_text_feed() {
        feed f = make_feed();
        f.full_text = true;
        return f;
    }
    // Asks what is due until nothing more is; answers by `answers`, keyed by the URL.
    void settle(const std::map<std::string, result<http::response>>& answers, duration horizon = 70s) {
        for (int round = 0; round < 100; ++round) {
            tick();
            if (!exchange_->open.empty()) {
                const auto known = answers.find(exchange_->open.front().what.url);
                asked_.push_back(exchange_->open.front().what.url);
                asked_at_.push_back(now_);
                requests_.push_back(exchange_->open.front().what);
                exchange_->answer(known == answers.end() ? result<http::response>(status(404)) : known->second);
                continue;
            }
            const auto next = poller_->next_tick();
            if (!next || *next > now_ + horizon) return;
            now_ = std::max(now_, *next);
        }
        FAIL() << "it does not settle";
    }
    static result<http::response> feed_of(const std::vector<entry>& entries) { return document(rss(entries)); }

    const std::string feed_url_ = "https://news.example.org/feed";
    const std::string robots_url_ = "https://news.example.org/robots.txt";
    std::vector<std::string> asked_;
    std::vector<timestamp> asked_at_;
    std::vector<http::request> requests_;
    int round_ = 0;
};

double fetches(test::counting_meter& counts, const std::string& outcome) {
    return counts.value("feedwatch_full_text_fetches_total", {{"outcome", outcome}});
}

TEST_F(articles_test, the_text_of_the_article_is_published_with_the_item) {
    subscribe(full_text_feed());
    settle({{feed_url_, feed_of({{"a", "Basin"}})},
            {"https://news.example.org/a",
             page(page_of(long_text(), "<link rel=canonical href='/basin?utm_source=x'>"))}});
    EXPECT_THAT(asked_, ElementsAre(feed_url_, robots_url_, "https://news.example.org/a"));
    ASSERT_THAT(items_, SizeIs(1));
    EXPECT_THAT(items_[0].text, HasSubstr("northern basin"));
    EXPECT_EQ(items_[0].url, "https://news.example.org/a");
    EXPECT_EQ(items_[0].canonical_url, "https://news.example.org/basin");
    EXPECT_EQ(items_[0].content_html, "");
    EXPECT_THAT(items_[0].warnings, IsEmpty());
    EXPECT_THAT(checkpoint().warnings, IsEmpty());
    EXPECT_EQ(fetches(counts_, "ok"), 1);
}

TEST_F(articles_test, without_the_option_nothing_is_read) {
    subscribe(make_feed());
    settle({{feed_url_, feed_of({{"a", "Basin"}})}});
    EXPECT_THAT(asked_, ElementsAre(feed_url_));
    EXPECT_THAT(items_, SizeIs(1));
}

TEST_F(articles_test, items_that_are_known_are_not_read_again) {
    subscribe(full_text_feed());
    const std::map<std::string, result<http::response>> first{
        {feed_url_, feed_of({{"a", "Basin"}})}, {"https://news.example.org/a", page(page_of(long_text()))}};
    settle(first);
    items_.clear();
    asked_.clear();
    now_ = checkpoint().next_due;
    settle({{feed_url_, feed_of({{"b", "Ferry"}, {"a", "Basin"}})},
            {"https://news.example.org/b", page(page_of(long_text()))}});
    EXPECT_THAT(asked_, ElementsAre(feed_url_, "https://news.example.org/b"));
    EXPECT_THAT(take_titles(), ElementsAre("Ferry"));
}

TEST_F(articles_test, what_robots_txt_forbids_is_not_asked_for) {
    subscribe(full_text_feed());
    settle({{feed_url_, feed_of({{"a", "Basin"}})}, {robots_url_, document("User-agent: feedwatch\nDisallow: /a\n")}});
    EXPECT_THAT(asked_, ElementsAre(feed_url_, robots_url_));
    ASSERT_THAT(items_, SizeIs(1)) << "the item comes as the feed had it";
    EXPECT_THAT(items_[0].warnings, ElementsAre(HasSubstr("robots.txt does not allow it")));
    EXPECT_THAT(checkpoint().warnings, ElementsAre(HasSubstr("1 article was not read: robots.txt")));
    EXPECT_EQ(fetches(counts_, "robots"), 1);
}

TEST_F(articles_test, a_robots_txt_that_cannot_be_read_forbids_all_for_now) {
    subscribe(full_text_feed());
    for (const auto& failure : {result<http::response>(status(503)), result<http::response>(status(429)),
                                result<http::response>(error(http::errc::timeout, "x"))}) {
        asked_.clear();
        settle({{feed_url_, feed_of({{"a" + std::to_string(++round_), "Basin"}})}, {robots_url_, failure}});
        EXPECT_THAT(asked_, ElementsAre(feed_url_, robots_url_));
        now_ = std::max(now_ + polling::robots_cache::retry_after, checkpoint().next_due);
    }
}

TEST_F(articles_test, robots_txt_is_read_again_when_it_is_stale_and_not_before) {
    subscribe(full_text_feed());
    const auto poll = [&](const std::string& guid, const std::string& cache_control) {
        asked_.clear();
        settle({{feed_url_, feed_of({{guid, "Basin"}})},
                {robots_url_, document("", {{"cache-control", cache_control}})},
                {"https://news.example.org/" + guid, page(page_of(long_text()))}},
               12min);  // a clock that jumps spreads what is due
        now_ = checkpoint().next_due;
        return asked_;
    };
    EXPECT_THAT(poll("a", "max-age=7200"), Contains(robots_url_));
    EXPECT_THAT(poll("b", ""), testing::Not(Contains(robots_url_)));
    now_ += 2h;
    EXPECT_THAT(poll("c", "max-age=31536000"), Contains(robots_url_));
    now_ += 24h;
    EXPECT_THAT(poll("d", ""), Contains(robots_url_)) << "no longer than a day";
}

TEST_F(articles_test, articles_of_one_host_are_read_one_after_another_as_slowly_as_it_asks) {
    subscribe(full_text_feed());
    settle({{feed_url_, feed_of({{"a", "A"}, {"b", "B"}, {"c", "C"}})},
            {robots_url_, document("User-agent: *\nCrawl-delay: 7\n")},
            {"https://news.example.org/a", page(page_of(long_text()))},
            {"https://news.example.org/b", page(page_of(long_text()))},
            {"https://news.example.org/c", page(page_of(long_text()))}});
    ASSERT_THAT(asked_at_, SizeIs(5));
    EXPECT_GE(asked_at_[2], asked_at_[1] + 1s);
    EXPECT_GE(asked_at_[3], asked_at_[2] + 7s);
    EXPECT_GE(asked_at_[4], asked_at_[3] + 7s);
    EXPECT_THAT(items_, SizeIs(3));
}

TEST_F(articles_test, an_article_that_fails_is_tried_again_and_then_given_up) {
    subscribe(full_text_feed());
    settle({{feed_url_, feed_of({{"a", "Basin"}})}, {"https://news.example.org/a", error(http::errc::timeout, "x")}});
    EXPECT_THAT(asked_,
                ElementsAre(feed_url_, robots_url_, "https://news.example.org/a", "https://news.example.org/a"));
    ASSERT_THAT(items_, SizeIs(1));
    EXPECT_THAT(items_[0].warnings, ElementsAre(HasSubstr("timeout")));
    EXPECT_EQ(fetches(counts_, "transport"), 1);
}

TEST_F(articles_test, an_item_waits_no_longer_than_the_patience_for_its_article) {
    subscribe(full_text_feed());
    tick();
    exchange_->answer(feed_of({{"a", "Basin"}}));
    tick();
    exchange_->answer(status(404));  // robots.txt
    now_ += 1s;
    tick();
    EXPECT_EQ(exchange_->open.size(), 1U) << "the article is on its way, and its host does not answer";
    EXPECT_THAT(items_, IsEmpty());
    const auto next = poller_->next_tick();
    ASSERT_TRUE(next);
    EXPECT_LE(*next, now_ + options_.articles.patience);
    now_ = *next;
    tick();
    ASSERT_THAT(items_, SizeIs(1));
    EXPECT_THAT(items_[0].warnings, ElementsAre(HasSubstr("it took too long")));
    EXPECT_EQ(fetches(counts_, "late"), 1);
    exchange_->answer(page(page_of(long_text())));
    tick();
    EXPECT_THAT(items_, SizeIs(1)) << "an answer that comes later changes nothing";
    EXPECT_EQ(fetches(counts_, "ok"), 0);
}

TEST_F(articles_test, a_busy_host_is_left_alone_for_as_long_as_it_asks) {
    subscribe(full_text_feed());
    settle(
        {{feed_url_, feed_of({{"a", "Basin"}})}, {"https://news.example.org/a", status(429, {{"retry-after", "20"}})}});
    ASSERT_THAT(asked_at_, SizeIs(4));
    EXPECT_GE(asked_at_[3], asked_at_[2] + 20s);
    EXPECT_THAT(items_, SizeIs(1));
}

TEST_F(articles_test, each_hop_of_a_redirect_is_asked_for_as_its_own_host_allows) {
    subscribe(full_text_feed());
    settle({{feed_url_, feed_of({{"a", "Basin"}})},
            {"https://news.example.org/a", status(302, {{"location", "https://other.example/x"}})},
            {"https://other.example/robots.txt", document("User-agent: *\nDisallow: /\n")}});
    EXPECT_THAT(asked_,
                ElementsAre(feed_url_, robots_url_, "https://news.example.org/a", "https://other.example/robots.txt"));
    EXPECT_THAT(items_, SizeIs(1));
}

TEST_F(articles_test, redirects_end_and_lead_to_no_plain_text_address) {
    subscribe(full_text_feed());
    settle({{feed_url_, feed_of({{"a", "A"}, {"b", "B"}, {"c", "C"}})},
            {"https://news.example.org/a", status(302, {{"location", "/a"}})},
            {"https://news.example.org/b", status(301, {{"location", "http://news.example.org/b"}})},
            {"https://news.example.org/c", status(301, {{"location", "file:///etc/passwd"}})}});
    EXPECT_EQ(std::count(asked_.begin(), asked_.end(), "https://news.example.org/a"),
              1 + options_.articles.limits.redirects_max);
    EXPECT_THAT(items_, SizeIs(3));
    for (const item& i : items_) EXPECT_THAT(i.warnings, ElementsAre(HasSubstr("redirects lead nowhere"))) << i.url;
}

TEST_F(articles_test, secrets_go_to_the_feeds_own_origin_alone) {
    feed f = full_text_feed();
    f.url = "https://user:pass@news.example.org/feed";
    subscribe(f);
    settle({{feed_url_, feed_of({{"a", "A"}, {"b", "B", "https://cdn.example/b"}})},
            {"https://news.example.org/a", status(302, {{"location", "https://elsewhere.example/a"}})}});
    for (const http::request& r : requests_) {
        const bool own = r.url == feed_url_ || r.url == "https://news.example.org/a";
        EXPECT_EQ(r.basic_auth, own ? "user:pass" : "") << r.url;
    }
    EXPECT_THAT(asked_, AllOf(Contains("https://cdn.example/b"), Contains("https://elsewhere.example/a")));
}

TEST_F(articles_test, the_feeds_proxy_is_the_articles_and_its_certificate_stays_at_its_origin) {
    options_.read_secret = [](std::string_view reference) -> result<secret> { return secret(std::string(reference)); };
    start();
    feed f = full_text_feed();
    f.proxy = "socks5h://proxy.example:1080";
    f.proxy_credentials = "env:PROXY";
    f.client_certificate = "env:CERT";
    subscribe(f);
    settle({{feed_url_, feed_of({{"a", "A"}, {"b", "B", "https://cdn.example/b"}})}});
    EXPECT_THAT(asked_, AllOf(Contains("https://news.example.org/robots.txt"), Contains("https://cdn.example/b")));
    for (const http::request& r : requests_) {
        EXPECT_EQ(r.proxy, f.proxy) << r.url;
        EXPECT_EQ(r.proxy_auth, "env:PROXY") << r.url;
        const bool own = r.url == feed_url_ || r.url == "https://news.example.org/a";
        EXPECT_EQ(r.certificate.chain, own ? "env:CERT" : "") << r.url;
    }
}

TEST_F(articles_test, an_aborted_batch_repeats_without_asking_again) {
    subscribe(full_text_feed());
    tick();
    exchange_->answer(feed_of({{"a", "Basin"}}));
    tick();
    exchange_->answer(status(404));
    now_ += 1s;
    tick();
    exchange_->answer(page(page_of(long_text())));
    begin();
    poller_->tick(now_, *this);
    EXPECT_THAT(pending_, SizeIs(2));
    rollback();
    EXPECT_THAT(items_, IsEmpty());
    tick();
    ASSERT_THAT(items_, SizeIs(1));
    EXPECT_THAT(items_[0].text, HasSubstr("northern basin"));
    EXPECT_TRUE(exchange_->open.empty());
}

TEST_F(articles_test, a_feed_that_goes_while_its_articles_are_read_publishes_nothing) {
    subscribe(full_text_feed());
    tick();
    exchange_->answer(feed_of({{"a", "Basin"}}));
    tick();
    unsubscribe("news");
    exchange_->answer(status(404));
    settle({{"https://news.example.org/a", page(page_of(long_text()))}});
    EXPECT_THAT(items_, IsEmpty());
}

TEST_F(articles_test, whoever_leaves_waits_for_no_article) {
    subscribe(full_text_feed());
    tick();
    exchange_->answer(feed_of({{"a", "Basin"}}));
    tick();
    EXPECT_FALSE(exchange_->open.empty());
    poller_->drain();
    tick();
    EXPECT_TRUE(poller_->drained());
    start();  // another poller
    settle({{feed_url_, feed_of({{"a", "Basin"}})}, {"https://news.example.org/a", page(page_of(long_text()))}});
    ASSERT_THAT(items_, SizeIs(1)) << "it was not lost";
    EXPECT_THAT(items_[0].text, HasSubstr("northern basin"));
}

}  // namespace
}  // namespace feedwatch
