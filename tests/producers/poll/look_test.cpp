#include "producers/poll/look.hpp"

#include <gmock/gmock.h>

namespace feedwatch::polling {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

parsed_feed with_items(const std::vector<std::pair<std::string, std::string>>& urls_and_languages) {
    parsed_feed out;
    for (const auto& [url, language] : urls_and_languages) {
        item& i = out.items.emplace_back();
        i.canonical_url = url;
        i.language = language;
    }
    return out;
}

TEST(look_of, names_registrable_domains_and_what_most_items_agree_on) {
    parsed_feed d = with_items({{"https://a.x.example.co.uk/1", "en-GB"},
                                {"https://b.x.example.co.uk/2", "en-US"},
                                {"https://other.example.net/3", ""},
                                {"", "en"}});
    d.feed.title = "News";
    d.feed.link = "https://www.example.co.uk/";
    const feed_look look = look_of(d, "https://feeds.example.com/x?y");
    EXPECT_EQ(look, (feed_look{"example.com", "example.co.uk", "example.co.uk", "en", "News"}));
}
TEST(look_of, items_that_do_not_agree_or_are_too_few_say_nothing) {
    const parsed_feed mixed = with_items({{"https://a.example/1", "en"},
                                          {"https://b.example/1", "de"},
                                          {"https://a.example/2", "en"},
                                          {"https://c.example/2", "fr"}});
    EXPECT_EQ(look_of(mixed, "").items, "");
    EXPECT_EQ(look_of(mixed, "").language, "");
    const parsed_feed two = with_items({{"https://a.example/1", "en"}, {"https://a.example/2", "en"}});
    EXPECT_EQ(look_of(two, "").items, "");
    EXPECT_EQ(look_of(two, "").language, "");
    EXPECT_EQ(look_of(parsed_feed{}, ""), feed_look{});
}
TEST(look_of, is_bounded_whatever_the_document_says) {
    parsed_feed d = with_items(std::vector<std::pair<std::string, std::string>>(
        3, {"https://" + std::string(5000, 'a') + ".example/", std::string(5000, 'e')}));
    d.feed.title = std::string(5000, 't') + "\xff";
    d.feed.link = d.items[0].canonical_url;
    const feed_look look = look_of(d, d.feed.link);
    EXPECT_LE(look.title.size(), 200u);
    EXPECT_LE(look.link.size() + look.items.size() + look.served_by.size(), 3u * 253);
    EXPECT_LE(look.language.size(), 16u);
}
TEST(suspect, a_title_is_another_when_no_word_is_left) {
    const auto signs = [](const char* was, const char* is) {
        feed_look a, b;
        a.title = was;
        b.title = is;
        return suspect(a, b).signs;
    };
    EXPECT_THAT(signs("Old News", "Best Casino"), ElementsAre("title"));
    EXPECT_THAT(signs("Old News", "OLD things"), IsEmpty());
    EXPECT_THAT(signs("Top stories, 12:05", "Top stories, 13:10"), IsEmpty());
    EXPECT_THAT(signs("***", "Casino"), IsEmpty()) << "there was no word";
    EXPECT_THAT(signs("", "Casino"), IsEmpty());
    EXPECT_THAT(signs("News", ""), IsEmpty());
}
TEST(learned, keeps_what_a_document_does_not_say) {
    const feed_look before{"a", "b", "c", "en", "T"};
    EXPECT_EQ(learned(before, {}), before);
    EXPECT_EQ(learned(before, {"x", "", "", "de", ""}), (feed_look{"x", "b", "c", "de", "T"}));
}

}  // namespace
}  // namespace feedwatch::polling
