#include "app/config/feeds.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "core/hash.hpp"

namespace feedwatch::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using namespace std::chrono_literals;

class feeds_files : public testing::Test {
  protected:
    feeds_files() : folder_(std::filesystem::temp_directory_path() / ("feedwatch-feeds-" + std::to_string(getpid()))) {
        std::filesystem::create_directories(folder_);
    }
    ~feeds_files() override { std::filesystem::remove_all(folder_); }

    void add(const std::string& name, const std::string& content) {
        config_.files.push_back((folder_ / name).string());
        std::ofstream(config_.files.back()) << content;
    }
    loaded_feeds good() const {
        auto loaded = load_feeds(config_, [](std::string_view) { return std::nullopt; });
        EXPECT_TRUE(loaded) << loaded.error().detail;
        return loaded ? *loaded : loaded_feeds{};
    }
    std::string bad() const {
        const auto loaded = load_feeds(config_, [](std::string_view) { return std::nullopt; });
        EXPECT_FALSE(loaded);
        return loaded ? "" : loaded.error().detail;
    }
    std::filesystem::path folder_;
    feeds_config config_;
};

TEST_F(feeds_files, a_file_that_is_written_is_read_as_the_same_feeds) {
    std::vector<feed> feeds(3);
    feeds[0].url = "https://a.example/?a=1&b=\"2\"";
    feeds[0].id = feed_id(hash128_hex(feeds[0].url));
    feeds[1].url = "https://b.example/f";
    feeds[1].id = feed_id("b: #1");
    feeds[1].title = "- \"yes\": # 'no' \\ \t\x7f é \xC2\x85 日 {}[]!&*";
    feeds[1].publisher = "true";
    feeds[1].tags = {"null", "a, b", "~"};
    feeds[1].interval = {30s, 10min, 24h};
    feeds[1].first_fetch = {first_fetch::policy::latest, 5};
    feeds[1].language = "no";
    feeds[1].full_text = true;
    feeds[1].credentials = "bearer:env:TOKEN";
    feeds[2].url = "https://c.example/f";
    feeds[2].id = feed_id(hash128_hex(feeds[2].url));
    feeds[2].asked.paused = true;
    add("feeds.yaml", to_feeds_yaml(feeds));
    feeds[2].asked = {};
    feeds[2].paused = true;
    EXPECT_EQ(good().feeds, feeds) << to_feeds_yaml(feeds);
    EXPECT_THAT(good().where["b: #1"], testing::EndsWith("feeds.yaml:5"));
}
TEST_F(feeds_files, what_would_be_read_as_a_variable_is_left_out_and_said) {
    feed f;
    f.url = "https://a.example/f";
    f.id = feed_id(hash128_hex(f.url));
    f.title = "costs ${PRICE}";
    add("feeds.yaml", to_feeds_yaml({&f, 1}));
    EXPECT_EQ(good().feeds.at(0).title, "");
    EXPECT_THAT(to_feeds_yaml({&f, 1}), HasSubstr("# title is left out"));
}
TEST_F(feeds_files, no_feeds_are_a_file_too) {
    add("feeds.yaml", to_feeds_yaml({}));
    EXPECT_THAT(good().feeds, SizeIs(0));
}
TEST_F(feeds_files, a_url_with_a_password_is_refused_and_not_shown) {
    add("feeds.yaml",
        "feeds:\n  - { url: 'https://me:marker@a.example/f' }\n  - { url: 'https://a.example/f?at=@x' }\n");
    const std::string told = bad();
    EXPECT_THAT(told, HasSubstr("feeds.yaml:2:"));
    EXPECT_THAT(told, HasSubstr("credentials"));
    EXPECT_THAT(told, Not(HasSubstr("marker")));
    EXPECT_THAT(told, Not(HasSubstr("feeds.yaml:3:")));
}

TEST_F(feeds_files, full_text_is_off_unless_asked_for) {
    add("feeds.yaml",
        "feeds:\n  - { url: 'https://a.example/f', full_text: true }\n  - { url: 'https://b.example/f' }\n");
    const loaded_feeds loaded = good();
    ASSERT_THAT(loaded.feeds, SizeIs(2));
    EXPECT_TRUE(loaded.feeds[0].full_text);
    EXPECT_FALSE(loaded.feeds[1].full_text);
    EXPECT_THAT(loaded.warnings, IsEmpty());
}

TEST_F(feeds_files, a_url_with_a_password_in_opml_is_left_out_with_a_warning) {
    add("list.opml",
        "<opml version=\"2.0\"><body><outline text=\"A\" xmlUrl=\"https://me:marker@a.example/f\"/>"
        "<outline text=\"B\" xmlUrl=\"https://b.example/f\"/></body></opml>");
    const loaded_feeds loaded = good();
    ASSERT_THAT(loaded.feeds, SizeIs(1));
    ASSERT_THAT(loaded.warnings, SizeIs(1));
    EXPECT_THAT(loaded.warnings[0], Not(HasSubstr("marker")));
}

TEST_F(feeds_files, a_feed_has_what_is_written_and_defaults_for_the_rest) {
    config_.interval = {2min, 3min, 4min};
    add("feeds.yaml",
        "feeds:\n"
        "  - { url: 'https://a.example/f', title: A, publisher: a, tags: [x, y], first_fetch: all, interval: { min: 1s "
        "} }\n"
        "  - { url: 'https://b.example/f', id: b }\n");
    const auto feeds = good().feeds;
    ASSERT_THAT(feeds, SizeIs(2));
    EXPECT_EQ(feeds[0].id.str(), hash128_hex("https://a.example/f"));
    EXPECT_EQ(feeds[0].title, "A");
    EXPECT_THAT(feeds[0].tags, ElementsAre("x", "y"));
    EXPECT_EQ(feeds[0].first_fetch.kind, first_fetch::policy::all);
    EXPECT_EQ(feeds[0].interval, (poll_interval{1s, 3min, 4min}));
    EXPECT_EQ(feeds[1].id.str(), "b");
    EXPECT_EQ(feeds[1].interval, config_.interval);
}
TEST_F(feeds_files, mistakes_of_all_files_come_at_once_with_their_lines) {
    add("one.yaml", "feeds:\n  - { ulr: 'https://a.example/f' }\n");
    add("two.yaml", "feeds:\n  - { url: 'ftp://a/f' }\n  - { url: 'https://a.example/f', first_fetch: some }\n");
    config_.files.push_back((folder_ / "three.yaml").string());
    const std::string told = bad();
    EXPECT_THAT(told, HasSubstr("one.yaml:2:7: feeds[0]: unknown key ulr; did you mean url?"));
    EXPECT_THAT(told, HasSubstr("two.yaml:2:12: feeds[0].url: not an http or https URL"));
    EXPECT_THAT(told, HasSubstr("feeds[1].first_fetch: expected baseline"));
    EXPECT_THAT(told, HasSubstr("three.yaml: No such file"));
}
TEST_F(feeds_files, a_feed_named_twice_is_a_mistake_that_names_both_places) {
    add("one.yaml", "feeds:\n  - { url: 'https://a.example/f' }\n");
    add("two.yaml", "feeds:\n  - { url: 'https://a.example/f' }\n");
    EXPECT_THAT(bad(), HasSubstr("the same url as in " + (folder_ / "one.yaml").string() + ":2"));
}
TEST_F(feeds_files, opml_gives_feeds_with_their_folders_as_tags) {
    add("list.opml",
        "<?xml version=\"1.0\"?><opml version=\"2.0\"><head><title>t</title></head><body><outline text=\"News\">"
        "<outline type=\"rss\" text=\"A\" xmlUrl=\"https://a.example/f\"/></outline></body></opml>");
    add("feeds.yaml", "feeds: [{ url: 'https://b.example/f' }]\n");
    const auto loaded = good();
    ASSERT_THAT(loaded.feeds, SizeIs(2));
    EXPECT_EQ(loaded.feeds[0].title, "A");
    EXPECT_THAT(loaded.feeds[0].tags, ElementsAre("News"));
}
TEST_F(feeds_files, a_feed_of_an_opml_file_that_is_known_already_is_a_warning) {
    add("feeds.yaml", "feeds: [{ url: 'https://a.example/f', title: mine }]\n");
    add("list.opml", "<opml version=\"2.0\"><body><outline text=\"A\" xmlUrl=\"https://a.example/f\"/></body></opml>");
    const auto loaded = good();
    ASSERT_THAT(loaded.feeds, SizeIs(1));
    EXPECT_EQ(loaded.feeds[0].title, "mine");
    EXPECT_THAT(loaded.warnings, ElementsAre(HasSubstr("is also in")));
}
TEST_F(feeds_files, credentials_are_references) {
    add("feeds.yaml",
        "feeds:\n  - { url: 'https://a.example/f', credentials: 'env:TOKEN' }\n"
        "  - { url: 'https://b.example/f', credentials_file: secret }\n"
        "  - { url: 'https://c.example/f', credentials: header:X-Api-Key:file:/run/secrets/c }\n");
    const auto feeds = good().feeds;
    ASSERT_THAT(feeds, SizeIs(3));
    EXPECT_EQ(feeds[2].credentials, "header:X-Api-Key:file:/run/secrets/c");
    EXPECT_EQ(feeds[0].credentials, "env:TOKEN");
    EXPECT_EQ(feeds[1].credentials, "file:" + (folder_ / "secret").string());
}
TEST_F(feeds_files, a_secret_in_the_place_of_a_reference_is_refused_and_not_shown) {
    add("feeds.yaml", "feeds: [{ url: 'https://a.example/f', credentials: 'user:MARKER' }]\n");
    EXPECT_THAT(bad(), testing::AllOf(HasSubstr("file:/path or env:NAME"), Not(HasSubstr("MARKER"))));
    add("kinds.yaml", "feeds: [{ url: 'https://b.example/f', credentials: 'bearer:MARKER' }]\n");
    EXPECT_THAT(bad(), testing::AllOf(HasSubstr("kinds.yaml:1:"), Not(HasSubstr("MARKER"))));
}
TEST_F(feeds_files, no_feeds_are_fine) {
    add("feeds.yaml", "feeds: []\n");
    EXPECT_THAT(good().feeds, SizeIs(0));
}

}  // namespace
}  // namespace feedwatch::app
