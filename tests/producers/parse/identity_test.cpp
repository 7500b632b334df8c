#include <gtest/gtest.h>

#include "tests/producers/parse/support.hpp"

namespace feedwatch {
namespace {

item with(std::string guid, std::string link, std::string title) {
    item i;
    i.guid = std::move(guid);
    i.canonical_url = std::move(link);
    i.title = std::move(title);
    return i;
}

TEST(identity, is_versioned_and_does_not_change) {
    EXPECT_EQ(identity_of(with("g", "", ""), "feed").str(),
              identity_of(with("g", "https://x.example/", "t"), "feed").str());
    EXPECT_EQ(identity_of(with("g", "", ""), "feed").str().size(), 34U);
    EXPECT_EQ(identity_of(with("g", "", ""), "feed").str().substr(0, 2), "1:");
}

TEST(identity, of_a_guid_is_the_feeds_own) {
    EXPECT_NE(identity_of(with("g", "", ""), "a"), identity_of(with("g", "", ""), "b"));
}

TEST(identity, of_a_link_is_the_same_in_all_feeds) {
    EXPECT_EQ(identity_of(with("", "https://x.example/", "a"), "a"),
              identity_of(with("", "https://x.example/", "b"), "b"));
}

TEST(identity, falls_back_to_title_and_text) {
    EXPECT_NE(identity_of(with("", "", "a"), "f"), identity_of(with("", "", "b"), "f"));
    EXPECT_NE(identity_of(with("", "", "guid"), "f"), identity_of(with("guid", "", ""), "f"));
}

TEST(identity, says_in_front_by_which_rule_it_was_made) {
    const item i = with("g", "https://x.example/", "t");
    EXPECT_EQ(identity_of(i, "f", identity_rule::guid).str().substr(0, 2), "1:");
    EXPECT_EQ(identity_of(i, "f", identity_rule::link).str().substr(0, 3), "1l:");
    EXPECT_EQ(identity_of(i, "f", identity_rule::title).str().substr(0, 3), "1t:");
    EXPECT_EQ(identity_of(with("", "", "t"), "f", identity_rule::link).str().substr(0, 3), "1l:");
}

TEST(identity, by_another_rule_looks_at_nothing_else) {
    const item i = with("g", "https://x.example/", "t");
    for (const identity_rule rule : {identity_rule::link, identity_rule::title}) {
        EXPECT_EQ(identity_of(i, "f", rule), identity_of(with("h", "https://x.example/", "t"), "f", rule));
        EXPECT_NE(identity_of(i, "f", rule), identity_of(i, "another", rule));
    }
    EXPECT_EQ(identity_of(i, "f", identity_rule::link),
              identity_of(with("g", "https://x.example/", "u"), "f", identity_rule::link));
    item dated = i;
    dated.published = timestamp{std::chrono::seconds{1'795'000'000}};
    item later = dated;
    later.text = "other words";
    EXPECT_EQ(identity_of(dated, "f", identity_rule::title), identity_of(later, "f", identity_rule::title));
    later.published = *dated.published + std::chrono::seconds{1};
    EXPECT_NE(identity_of(dated, "f", identity_rule::title), identity_of(later, "f", identity_rule::title));
    item undated = i;
    undated.text = "other words";
    EXPECT_NE(identity_of(i, "f", identity_rule::title), identity_of(undated, "f", identity_rule::title));
}

TEST(identity, of_a_guid_of_a_megabyte_is_short_and_tells_apart) {
    const std::string guid(1 << 20, 'g');
    const parsed_feed feed =
        parsed(rss("<item><guid>" + guid + "1</guid></item><item><guid>" + guid + "2</guid></item>"));
    ASSERT_EQ(feed.items.size(), 2U);
    EXPECT_LT(feed.items[0].guid.size(), 10000U);
    EXPECT_FALSE(feed.items[0].warnings.empty());
    EXPECT_NE(identity_of(feed.items[0], "f"), identity_of(feed.items[1], "f"));
    EXPECT_EQ(identity_of(feed.items[0], "f").str().size(), 34U);
}

}  // namespace
}  // namespace feedwatch
