// Sites that change the ids of their items.
#include "tests/producers/poll/poller_fixture.hpp"

namespace feedwatch {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::SizeIs;

class changed_ids : public poller_test {
  protected:
    // Items last..first, each with a guid, a title and a link of its own.
    static std::vector<entry> site(const std::string& guids, int first, int last,
                                   const std::string& host = "https://news.example.org") {
        std::vector<entry> out;
        for (int n = last; n >= first; --n) {
            const std::string number = std::to_string(n);
            out.push_back({guids.empty() ? "" : guids + number, "Title " + number, host + "/articles/" + number});
        }
        return out;
    }
    [[nodiscard]] std::optional<poll_event> seen(const std::string& kind) {
        for (const poll_event& e : checkpoint().events) {
            if (e.kind == kind) return e;
        }
        return std::nullopt;
    }
    [[nodiscard]] std::vector<std::string> published_ids() const {
        std::vector<std::string> out;
        for (const item& i : items_) out.push_back(i.id.str());
        return out;
    }
};

TEST_F(changed_ids, of_most_items_at_once_publish_nothing_and_are_one_event) {
    subscribe(make_feed());
    poll_once(document(rss(site("a", 1, 5))));
    std::vector<std::string> ids = published_ids();
    take_titles();
    poll_once(document(rss(site("b", 1, 5))));
    EXPECT_THAT(take_titles(), IsEmpty());
    ASSERT_TRUE(seen("ids_changed"));
    EXPECT_EQ(seen("ids_changed")->count, 5u);
    EXPECT_THAT(seen("ids_changed")->ids, testing::ElementsAreArray(ids.rbegin(), ids.rend()));
    EXPECT_FALSE(checkpoint().possibly_missed);
    EXPECT_EQ(checkpoint().items_known, 5u);
    EXPECT_EQ(counts_.value("feedwatch_feed_events_total", {{"kind", "ids_changed"}}), 1);
    start();  // the window has learned them
    poll_once(document(rss(site("b", 1, 6))));
    EXPECT_THAT(take_titles(), ElementsAre("Title 6"));
    EXPECT_THAT(checkpoint().events, IsEmpty());
}
TEST_F(changed_ids, what_is_new_in_the_same_document_is_published) {
    subscribe(make_feed());
    poll_once(document(rss(site("a", 1, 5))));
    take_titles();
    poll_once(document(rss(site("b", 1, 7))));
    ASSERT_THAT(items_, SizeIs(2));
    EXPECT_THAT(items_, Each(Field(&item::origin, origin::live)));
    EXPECT_THAT(take_titles(), ElementsAre("Title 6", "Title 7"));
    EXPECT_EQ(checkpoint().items_new, 2u);
}
TEST_F(changed_ids, a_site_that_moves_is_known_again_without_guids) {
    subscribe(make_feed());
    poll_once(document(rss(site("", 1, 5, "http://old.example.org"))));
    EXPECT_THAT(take_titles(), SizeIs(5));
    poll_once(document(rss(site("", 1, 5, "https://old.example.org"))));
    EXPECT_THAT(take_titles(), IsEmpty());
    poll_once(document(rss(site("", 1, 5, "https://www.new.example.net"))));
    EXPECT_THAT(take_titles(), IsEmpty());
    ASSERT_TRUE(seen("ids_changed"));
    EXPECT_EQ(seen("ids_changed")->count, 5u);
    EXPECT_FALSE(seen("corrected"));
}
TEST_F(changed_ids, an_item_keeps_the_id_it_was_published_under_when_it_is_corrected_later) {
    subscribe(make_feed());
    poll_once(document(rss(site("a", 1, 5))));
    const std::string id = items_[2].id.str();
    poll_once(document(rss(site("b", 1, 5))));
    take_titles();
    auto entries = site("b", 1, 5);
    entries[2].title = "Title 3, corrected";
    poll_once(document(rss(entries)));
    ASSERT_THAT(items_, SizeIs(1));
    EXPECT_EQ(items_[0].id.str(), id);
    EXPECT_EQ(items_[0].guid, "b3");
    EXPECT_EQ(items_[0].origin, origin::live);
    EXPECT_THAT(seen("corrected")->ids, ElementsAre(id));
}
TEST_F(changed_ids, the_old_ids_may_come_back) {
    subscribe(make_feed());
    poll_once(document(rss(site("a", 1, 5))));
    take_titles();
    poll_once(document(rss(site("b", 1, 5))));
    poll_once(document(rss(site("a", 1, 5))));
    EXPECT_THAT(take_titles(), IsEmpty());
    EXPECT_THAT(checkpoint().window.at(0).alias, "");
}
TEST_F(changed_ids, what_changes_with_them_is_published_without_alerts) {
    const auto with_text = [](const std::string& guids, const std::string& text) {
        std::string out = rss(site(guids, 1, 3));
        for (std::size_t at = 0; (at = out.find("</item>", at)) != std::string::npos; at += text.size() + 40)
            out.insert(at, "<description>" + text + "</description>");
        return out;
    };
    subscribe(make_feed());
    poll_once(document(with_text("a", "Some words.")));
    take_titles();
    poll_once(document(with_text("b", "Some words in a new template.")));
    ASSERT_THAT(items_, SizeIs(3));
    EXPECT_THAT(items_, Each(Field(&item::origin, origin::baseline)));
    EXPECT_EQ(checkpoint().items_updated, 3u);
    take_titles();
    // Where ids change at every poll, a changed text is an update like any other.
    poll_once(document(with_text("c", "Some words of today.")));
    ASSERT_THAT(items_, SizeIs(3));
    EXPECT_THAT(items_, Each(Field(&item::origin, origin::live)));
}
// fault 62
TEST_F(changed_ids, at_every_poll_are_known_again_at_every_poll) {
    subscribe(make_feed());
    poll_once(document(rss(site("a", 1, 5))));
    take_titles();
    for (int n = 0; n < 10; ++n) {
        poll_once(document(rss(site("p" + std::to_string(n) + "-", n + 2, n + 6))));
        EXPECT_THAT(take_titles(), ElementsAre("Title " + std::to_string(n + 6)));
        const auto said = seen(n < 2 ? "ids_changed" : "identity_downgraded");
        ASSERT_EQ(said.has_value(), n <= 2) << n;
        if (said) {
            EXPECT_EQ(said->count, 4u);
        }
    }
    // At the third, another rule takes over: poller_identity_test.cpp.
    EXPECT_EQ(counts_.value("feedwatch_feed_events_total", {{"kind", "ids_changed"}}), 2);
    EXPECT_EQ(counts_.value("feedwatch_feed_events_total", {{"kind", "identity_downgraded"}}), 1);
}
TEST_F(changed_ids, of_items_with_one_link_are_known_again_by_their_titles) {
    const auto one_link = [](const std::string& guids) {
        auto entries = site(guids, 1, 5);
        for (entry& e : entries) e.link = "https://news.example.org/";
        return document(rss(entries));
    };
    subscribe(make_feed());
    poll_once(one_link("a"));
    take_titles();
    for (const char* guids : {"b", "c", "d"}) poll_once(one_link(guids));
    EXPECT_THAT(take_titles(), IsEmpty());
}
TEST_F(changed_ids, of_a_few_items_are_no_mass_change) {
    subscribe(make_feed());
    poll_once(document(rss(site("a", 1, 5))));
    take_titles();
    auto entries = site("a", 1, 5);
    entries[0].guid = "b5";
    entries[1].guid = "b4";
    poll_once(document(rss(entries)));
    EXPECT_THAT(take_titles(), ElementsAre("Title 4", "Title 5"));
    EXPECT_FALSE(seen("ids_changed"));
    EXPECT_FALSE(seen("retracted"));  // they are there, under other ids
}
TEST_F(changed_ids, are_not_seen_where_titles_come_again) {
    subscribe(make_feed());
    poll_once(
        document(rss({{"1", "Briefing", "https://news.example.org/1"}, {"0", "Notes", "https://news.example.org/0"}})));
    poll_once(
        document(rss({{"2", "Other", "https://news.example.org/2"}, {"1", "Briefing", "https://news.example.org/1"}})));
    take_titles();
    poll_once(
        document(rss({{"4", "Briefing", "https://news.example.org/4"}, {"3", "Notes", "https://news.example.org/3"}})));
    EXPECT_THAT(take_titles(), ElementsAre("Notes", "Briefing"));
    EXPECT_TRUE(checkpoint().possibly_missed);
}
TEST_F(changed_ids, are_not_seen_in_a_page_of_one_item_that_says_something_else) {
    subscribe(make_feed());
    const std::string page = "https://news.example.org/status";
    poll_once(document(rss({{"1", "All is well", page}})));
    poll_once(document(rss({{"2", "An outage", page}})));
    poll_once(document(rss({{"3", "Over", page}})));
    EXPECT_THAT(take_titles(), ElementsAre("All is well", "An outage", "Over"));
}

}  // namespace
}  // namespace feedwatch
