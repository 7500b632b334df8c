#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <set>

#include "core/hash.hpp"
#include "core/utf8.hpp"
#include "tests/producers/parse/support.hpp"

namespace feedwatch {
namespace {

// Fragments of entries, an empty file, an error page, and XML that is something else.
const std::set<std::string> no_feeds{"PaulDixExplainsNothingFirstEntryContent.xml",
                                     "HREFConsideredHarmfulFirstEntry.xml",
                                     "TechCrunchFirstEntryDescription.xml",
                                     "TechCrunchFirstEntry.xml",
                                     "AmazonWebServicesBlogFirstEntryContent.xml",
                                     "TenderLovemakingFirstEntry.xml",
                                     "unrecognized.rss",
                                     "empty.xml",
                                     "xml_sample_1.xml",
                                     "xml_sample_2.xml"};

// The channel is complete, but there is nothing in it.
const std::set<std::string> without_items{"Rss20DailyMail.xml", "rss_2.0_invalid_1.xml"};

// Written to test readers: entries that say nothing.
const std::set<std::string> with_empty_items{"incomplete-fields.atom", "missing-fields.atom"};

bool is_feed_file(const std::filesystem::path& path) {
    const std::string name = path.filename().string();
    if (name.ends_with(".serde.json")) return false;  // what another project's tests expect
    const std::string extension = path.extension().string();
    return extension == ".xml" || extension == ".rss" || extension == ".atom" || extension == ".json";
}

TEST(real_feeds, are_all_read) {
    const auto folder = shared_data("real-feeds");
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no " << folder;
    std::size_t documents = 0;
    std::size_t items = 0;
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
        if (!file.is_regular_file() || !is_feed_file(file.path())) continue;
        const std::string name = file.path().filename().string();
        const auto feed = parse_feed(read_file(file.path()), {.url = "https://host.example/feed", .content_type = {}});
        if (no_feeds.contains(name)) {
            EXPECT_FALSE(feed) << name;
            continue;
        }
        ASSERT_TRUE(feed) << name << ": " << feed.error().message();
        if (!without_items.contains(name)) {
            EXPECT_FALSE(feed->items.empty()) << name;
        }
        for (const item& i : feed->items) {
            const bool says_nothing =
                i.guid.empty() && i.url.empty() && i.title.empty() && i.text.empty() && i.enclosures.empty();
            EXPECT_TRUE(!says_nothing || with_empty_items.contains(name)) << name;
            for (const std::string* field : {&i.title, &i.text, &i.content_html, &i.summary_html, &i.guid, &i.url})
                EXPECT_TRUE(is_valid_utf8(*field) && field->find('\0') == std::string::npos) << name;
            EXPECT_THAT(i.content_html + i.summary_html,
                        testing::Not(testing::ContainsRegex("<script|<iframe|<style|javascript:")))
                << name;
        }
        ++documents;
        items += feed->items.size();
    }
    EXPECT_GT(documents, 180U);
    EXPECT_GT(items, 2900U);
}

// "items hash-of-titles" of each file, by its path: the titles themselves are their publishers'.
std::map<std::string, std::string> seen_in(const std::filesystem::path& folder) {
    std::map<std::string, std::string> seen;
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
        if (!file.is_regular_file() || !is_feed_file(file.path())) continue;
        const auto feed = parse_feed(read_file(file.path()), {.url = "https://host.example/feed", .content_type = {}});
        std::string titles = feed ? feed->feed.title : "no feed";
        for (std::size_t n = 0; feed && n < feed->items.size(); ++n) (titles += '\n') += feed->items[n].title;
        const std::string count = std::to_string(feed ? feed->items.size() : 0);
        seen[std::filesystem::relative(file.path(), folder).generic_string()] = count + ' ' + hash128_hex(titles);
    }
    return seen;
}

// `scripts/renew-golden` writes the file anew: look at the difference before it is committed.
TEST(real_feeds, have_the_items_and_titles_of_the_golden_file) {
    const auto folder = shared_data("real-feeds");
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no " << folder;
    const std::filesystem::path golden = FEEDWATCH_SOURCE_DIR "/tests/data/golden/real_feeds.tsv";
    const auto seen = seen_in(folder);
    if (std::getenv("FEEDWATCH_RENEW_GOLDEN") != nullptr) {
        std::ofstream out(golden);
        for (const auto& [name, what] : seen) out << name << '\t' << what << '\n';
        ASSERT_TRUE(out.flush()) << golden;
        GTEST_SKIP() << "written anew: " << golden;
    }
    std::map<std::string, std::string> expected;
    std::ifstream in(golden);
    for (std::string line; std::getline(in, line);)
        expected[line.substr(0, line.find('\t'))] = line.substr(line.find('\t') + 1);
    ASSERT_GT(expected.size(), 180U) << golden;
    for (const auto& [name, what] : expected) {
        const auto found = seen.find(name);
        EXPECT_EQ(found == seen.end() ? "no such file" : found->second, what) << name;
    }
    EXPECT_EQ(seen.size(), expected.size());
}

}  // namespace
}  // namespace feedwatch
