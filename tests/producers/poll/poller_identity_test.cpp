// Feeds whose ids do not hold go to a safer rule of identity, and nothing is published twice for it.
#include "producers/poll/delivery.hpp"
#include "producers/poll/identity.hpp"
#include "tests/producers/poll/poller_fixture.hpp"

namespace feedwatch {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string page = "https://news.example.org/status";

class identity_check : public poller_test {
  protected:
    // Items last..first. Guids and links are given by their beginnings.
    static std::vector<entry> site(const std::string& guids, const std::string& links, int first, int last) {
        std::vector<entry> out;
        for (int n = last; n >= first; --n) {
            const std::string number = std::to_string(n);
            out.push_back({guids.empty() ? "" : guids + number, "Title " + number, links + number});
        }
        return out;
    }
    // All under one link, with a guid or none.
    static std::vector<entry> one_page(int first, int last, const std::string& guid = {}) {
        std::vector<entry> out = site("", "", first, last);
        for (entry& e : out) {
            e.link = page;
            e.guid = guid;
        }
        return out;
    }
    static std::string with_text(const std::string& guids, const std::string& links, int last) {
        std::string out = rss(site(guids, links, 1, last));
        int n = last;
        for (std::size_t at = 0; (at = out.find("</item>", at)) != std::string::npos; at += 60)
            out.insert(at, "<description>Words of the item " + std::to_string(n--) + "</description>");
        return out;
    }
    [[nodiscard]] std::optional<poll_event> seen(const std::string& kind) {
        for (const poll_event& e : checkpoint().events) {
            if (e.kind == kind) return e;
        }
        return std::nullopt;
    }
    [[nodiscard]] identity_rule rule() { return checkpoint().identity.rule; }
    [[nodiscard]] std::vector<std::string> published_ids() const {
        std::vector<std::string> out;
        for (const item& i : items_) out.push_back(i.id.str());
        return out;
    }
};

TEST_F(identity_check, leaves_a_feed_alone_whose_ids_hold) {
    subscribe(make_feed());
    for (int n = 0; n < 5; ++n) poll_once(document(rss(site("g", "https://news.example.org/", n, n + 5))));
    EXPECT_EQ(checkpoint().identity.rule, identity_rule::guid);
    EXPECT_EQ(checkpoint().identity.since, std::nullopt);
    EXPECT_EQ(checkpoint().identity.changes, 0u);
    EXPECT_THAT(published_ids(), Each(testing::StartsWith("1:")));
    EXPECT_EQ(counts_.value("feedwatch_feed_events_total", {{"kind", "identity_downgraded"}}), 0);
}
TEST_F(identity_check, goes_by_links_where_items_share_a_guid) {
    const auto shared = [](int first, int last) {
        auto out = site("g", "https://news.example.org/", first, last);
        for (entry& e : out) e.guid = "same";
        return document(rss(out));
    };
    subscribe(make_feed());
    poll_once(shared(1, 5));
    EXPECT_EQ(rule(), identity_rule::link);
    ASSERT_TRUE(seen("identity_downgraded"));
    EXPECT_EQ(seen("identity_downgraded")->count, 0u);
    EXPECT_THAT(seen("identity_downgraded")->detail,
                HasSubstr("guid to link: 5 of 5 items share a guid with items that have other links"));
    EXPECT_EQ(checkpoint().identity.since, checkpoint().at);
    EXPECT_THAT(published_ids(), Each(testing::StartsWith("1l:")));
    EXPECT_THAT(take_titles(), SizeIs(5));
    start();
    poll_once(shared(2, 6));
    EXPECT_THAT(take_titles(), ElementsAre("Title 6"));
    EXPECT_THAT(checkpoint().events, IsEmpty());
    // One alone does not get its guid's id back.
    poll_once(shared(6, 6));
    EXPECT_THAT(take_titles(), IsEmpty());
    EXPECT_EQ(rule(), identity_rule::link);
}
TEST_F(identity_check, goes_by_titles_where_one_link_is_all_there_is) {
    for (const char* guid : {"", "same"}) {
        subscribe(make_feed());
        poll_once(document(rss(one_page(1, 5, guid))));
        EXPECT_EQ(rule(), identity_rule::title);
        EXPECT_THAT(published_ids(), Each(testing::StartsWith("1t:")));
        EXPECT_THAT(take_titles(), SizeIs(5));
        poll_once(document(rss(one_page(2, 6, guid))));
        EXPECT_THAT(take_titles(), ElementsAre("Title 6"));
        EXPECT_THAT(checkpoint().events, IsEmpty());
        unsubscribe("news");
    }
}
TEST_F(identity_check, publishes_what_was_hidden_until_now_without_alerts) {
    subscribe(make_feed());
    poll_once(document(rss(one_page(1, 1))));  // one alone is no sign of anything
    ASSERT_THAT(items_, SizeIs(1));
    const std::string first = items_[0].id.str();
    EXPECT_EQ(first.substr(0, 2), "1:");
    take_titles();
    poll_once(document(rss(one_page(1, 5))));
    ASSERT_TRUE(seen("identity_downgraded"));
    EXPECT_EQ(seen("identity_downgraded")->count, 1u);
    EXPECT_FALSE(seen("ids_changed"));
    EXPECT_THAT(items_, Each(Field(&item::origin, origin::baseline)));
    EXPECT_THAT(take_titles(), ElementsAre("Title 2", "Title 3", "Title 4", "Title 5"));
    EXPECT_EQ(checkpoint().window.at(4).id, first);
    EXPECT_EQ(checkpoint().window.at(4).alias.substr(0, 3), "1t:");
    poll_once(document(rss(one_page(1, 6))));
    EXPECT_THAT(items_, Each(Field(&item::origin, origin::live)));
    EXPECT_THAT(take_titles(), ElementsAre("Title 6"));
}
TEST_F(identity_check, goes_by_links_where_guids_change_at_every_fetch) {
    subscribe(make_feed());
    poll_once(document(rss(site("a", "https://news.example.org/", 1, 5))));
    const std::vector<std::string> ids = published_ids();
    take_titles();
    for (const char* guids : {"b", "c"}) poll_once(document(rss(site(guids, "https://news.example.org/", 1, 5))));
    EXPECT_EQ(rule(), identity_rule::guid);  // a site may move and go back
    EXPECT_EQ(checkpoint().identity.changes, 2u);
    poll_once(document(rss(site("d", "https://news.example.org/", 1, 6))));
    EXPECT_EQ(rule(), identity_rule::link);
    EXPECT_THAT(seen("identity_downgraded")->detail, HasSubstr("changed in 3 documents in a row"));
    EXPECT_EQ(seen("identity_downgraded")->count, 5u);
    EXPECT_FALSE(seen("ids_changed"));
    EXPECT_THAT(items_, ElementsAre(Field(&item::origin, origin::live)));
    EXPECT_THAT(take_titles(), ElementsAre("Title 6"));
    start();
    auto corrected = site("e", "https://news.example.org/", 1, 7);
    corrected[6].title = "Title 1, corrected";
    poll_once(document(rss(corrected)));
    EXPECT_FALSE(seen("ids_changed"));
    ASSERT_THAT(items_, SizeIs(2));
    EXPECT_EQ(items_[0].id.str(), ids[0]);
    EXPECT_THAT(items_, Each(Field(&item::origin, origin::live)));
    EXPECT_THAT(take_titles(), ElementsAre("Title 1, corrected", "Title 7"));
}
TEST_F(identity_check, goes_by_titles_where_links_change_too) {
    subscribe(make_feed());
    const auto salted = [](const std::string& salt, int last) {
        return document(with_text(salt, "https://news.example.org/" + salt + "/", last));
    };
    poll_once(salted("a", 5));
    take_titles();
    for (const char* salt : {"b", "c", "d"}) poll_once(salted(salt, 5));
    EXPECT_EQ(rule(), identity_rule::title);
    EXPECT_THAT(take_titles(), IsEmpty());
    for (const char* salt : {"e", "f", "g", "h"}) poll_once(salted(salt, 6));
    EXPECT_THAT(take_titles(), ElementsAre("Title 6"));
    EXPECT_EQ(counts_.value("feedwatch_feed_events_total", {{"kind", "identity_downgraded"}}), 1);
    EXPECT_EQ(counts_.value("feedwatch_feed_events_total", {{"kind", "ids_changed"}}), 2);
}
TEST_F(identity_check, counts_changes_in_a_row_only) {
    subscribe(make_feed());
    int last = 5;
    for (const char* guids : {"a", "b", "c", "c", "d", "e"})
        poll_once(document(rss(site(guids, "https://news.example.org/", 1, ++last))));
    EXPECT_EQ(rule(), identity_rule::guid);
    EXPECT_EQ(checkpoint().identity.changes, 2u);
    poll_once(status(304));
    EXPECT_EQ(checkpoint().identity.changes, 2u);
}
// What a release with other canonical URLs finds in `polls`.
TEST_F(identity_check, a_new_version_of_canonical_urls_publishes_nothing_again) {
    subscribe(make_feed());
    poll_once(document(with_text("", "https://news.example.org/", 5)));
    take_titles();
    poll before = checkpoint();
    EXPECT_FALSE(before.identity.urls.empty());
    before.identity.urls = "0";
    for (window_entry& e : before.window) e.content_hash = "of before";
    for (const std::size_t at : {1U, 3U}) {  // two of five: no mass change
        before.window[at].id = "1:before" + std::to_string(at);
        before.window[at].link += 1;
    }
    stored_[topic::polls]["news"] = to_json(before);
    start();
    poll_once(document(with_text("", "https://news.example.org/", 6)));
    EXPECT_THAT(items_, ElementsAre(Field(&item::origin, origin::live)));
    EXPECT_THAT(take_titles(), ElementsAre("Title 6"));
    EXPECT_THAT(checkpoint().events, IsEmpty());
    EXPECT_NE(checkpoint().identity.urls, "0");
    EXPECT_EQ(checkpoint().window.at(2).id, "1:before1");
    EXPECT_EQ(checkpoint().identity.changes, 0u);
    poll_once(document(with_text("", "https://news.example.org/", 7)));
    EXPECT_THAT(take_titles(), ElementsAre("Title 7"));
}
TEST_F(identity_check, holds_for_what_hubs_deliver) {
    subscribe(make_feed());
    poll_once(document(rss(one_page(1, 5))));
    take_titles();
    const poll before = checkpoint();
    const std::string part = rss(one_page(5, 6));
    const auto out = polling::conclude_delivery(make_feed(), before, {part, "application/rss+xml", now_}, {});
    ASSERT_TRUE(out);
    ASSERT_THAT(out->items, SizeIs(1));
    EXPECT_EQ(out->items[0].id.str().substr(0, 3), "1t:");
    EXPECT_EQ(out->next.identity, before.identity);
}

item with(std::string guid, std::string link, std::string title) {
    item i;
    i.guid = std::move(guid);
    i.canonical_url = std::move(link);
    i.title = std::move(title);
    return i;
}

std::optional<identity_rule> judged(const std::vector<item>& items, identity_rule rule = identity_rule::guid) {
    const auto out = polling::judge_document(items, feed_id("f"), rule);
    return out ? std::optional(out->rule) : std::nullopt;
}

TEST(judge_document, minds_one_item_in_twenty_and_no_fewer) {
    std::vector<item> items{with("same", "l0", "t0"), with("same", "l1", "t1")};
    for (int n = 2; n < 40; ++n) {
        const std::string number = std::to_string(n);
        items.push_back(with("g" + number, "l" + number, "t" + number));
    }
    EXPECT_EQ(judged(items), identity_rule::link);
    items.push_back(with("g40", "l40", "t40"));
    EXPECT_EQ(judged(items), std::nullopt);
}
TEST(judge_document, takes_two_titles_under_one_link_for_versions_unless_there_is_nothing_else) {
    const std::vector<item> two{with("", "l", "one"), with("", "l", "two")};
    EXPECT_EQ(judged(two), identity_rule::title);
    std::vector<item> three = two;
    three.push_back(with("", "m", "three"));
    EXPECT_EQ(judged(three), std::nullopt);
    three.push_back(with("", "l", "four"));
    EXPECT_EQ(judged(three), identity_rule::title);
    EXPECT_EQ(judged(three, identity_rule::link), identity_rule::title);
    EXPECT_EQ(judged(three, identity_rule::title), std::nullopt);
    EXPECT_EQ(judged({with("", "l", "one"), with("", "l", "one")}), std::nullopt);
    EXPECT_EQ(judged({}), std::nullopt);
}
TEST(judge_document, tells_items_without_titles_apart_by_their_texts) {
    std::vector<item> items;
    for (const char* text : {"Rain.", "Snow.", "Hail."}) {
        items.push_back(with("", "l", ""));
        items.back().text = text;
    }
    EXPECT_EQ(judged(items), identity_rule::title);
    for (item& i : items) i.text = "Rain.";
    EXPECT_EQ(judged(items), std::nullopt);
}
TEST(judge_document, passes_by_links_that_are_no_better) {
    std::vector<item> items;
    for (const char* title : {"a", "b", "c", "d"}) {
        items.push_back(with("same", "l", title));
        items.push_back(with("same", "m", title));
    }
    EXPECT_EQ(judged(items), identity_rule::title);
}

}  // namespace
}  // namespace feedwatch
