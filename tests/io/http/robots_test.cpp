#include "io/http/robots.hpp"

#include <gtest/gtest.h>

#include <string>

namespace feedwatch::http {
namespace {

using namespace std::chrono_literals;

bool allows(const std::string& file, const std::string& path, const std::string& product = "feedwatch") {
    return robots::read(file, product).allows("https://site.example" + path);
}

TEST(robots, examples_of_the_rfc) {  // RFC 9309, section 5
    const std::string file =
        "User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\n"
        "User-Agent: foobot\nDisallow:/\nAllow:/example/page.html\nAllow:/example/allowed.gif\n\n"
        "User-Agent: barbot\nUser-Agent: bazbot\nDisallow: /example/page.html\n\nUser-Agent: quxbot\n";
    EXPECT_TRUE(allows(file, "/publications/x"));
    EXPECT_FALSE(allows(file, "/example/x"));
    EXPECT_FALSE(allows(file, "/a/b.gif"));
    EXPECT_TRUE(allows(file, "/a/b.gif?x"));
    EXPECT_TRUE(allows(file, "/example/page.html", "foobot"));
    EXPECT_TRUE(allows(file, "/example/allowed.gif", "foobot"));
    EXPECT_FALSE(allows(file, "/else", "foobot"));
    for (const char* bot : {"barbot", "bazbot"}) {
        EXPECT_FALSE(allows(file, "/example/page.html", bot));
        EXPECT_TRUE(allows(file, "/example/else", bot));
    }
    EXPECT_TRUE(allows(file, "/example/page.html", "quxbot")) << "a group without rules allows all";
    const std::string longest = "User-Agent: foobot\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n";
    EXPECT_FALSE(allows(longest, "/example/page/disallowed.gif", "foobot"));
    EXPECT_TRUE(allows(longest, "/example/page/allowed.gif", "foobot"));
}

TEST(robots, groups_of_one_product_are_one_and_names_have_no_case) {
    const std::string file =
        "user-agent: FeedWatch\r\ndisallow: /a\r\nuser-agent: other\rdisallow: /b\nUSER-AGENT: feedwatch/2.0 "
        "(x)\nDISALLOW: /c";
    EXPECT_FALSE(allows(file, "/a"));
    EXPECT_TRUE(allows(file, "/b"));
    EXPECT_FALSE(allows(file, "/c"));
    EXPECT_FALSE(allows(file, "/b", "other"));
    EXPECT_TRUE(allows("user-agent: feed\ndisallow: /", "/a")) << "a part of the name is another name";
}

TEST(robots, a_named_group_replaces_that_for_all) {
    const std::string file = "User-agent: *\nDisallow: /\n\nUser-agent: feedwatch\nDisallow: /private\n";
    EXPECT_TRUE(allows(file, "/news"));
    EXPECT_FALSE(allows(file, "/private/x"));
    EXPECT_FALSE(allows(file, "/news", "another"));
}

TEST(robots, other_lines_end_no_group) {
    EXPECT_FALSE(
        allows("User-agent: a\nSitemap: https://site.example/s.xml\nUser-agent: feedwatch\nDisallow: /x", "/x", "a"));
    EXPECT_FALSE(allows("User-agent: *\n# a comment\n\nnonsense\nDisallow: /x # why\n", "/x"));
}

TEST(robots, allow_wins_a_tie_and_nothing_is_a_rule_of_its_own) {
    EXPECT_TRUE(allows("User-agent: *\nDisallow: /page\nAllow: /page\n", "/page"));
    EXPECT_TRUE(allows("User-agent: *\nDisallow:\n", "/page"));
    EXPECT_TRUE(allows("", "/page"));
    EXPECT_TRUE(allows("Disallow: /\n", "/page")) << "a rule of no group";
    EXPECT_TRUE(allows("User-agent: *\nDisallow: /\n", "/robots.txt"));
}

TEST(robots, wildcards) {
    const auto matches = [](const std::string& pattern, const std::string& path) {
        return !allows("User-agent: *\nDisallow: " + pattern + "\n", path);
    };
    EXPECT_TRUE(matches("/fish", "/fish.html?id=1"));
    EXPECT_FALSE(matches("/fish", "/catfish"));
    EXPECT_FALSE(matches("/fish", "/Fish"));
    EXPECT_TRUE(matches("/fish*", "/fishheads"));
    EXPECT_FALSE(matches("/fish/", "/fish"));
    EXPECT_TRUE(matches("/*.php", "/folder/a.php5"));
    EXPECT_TRUE(matches("/*.php$", "/a.php.php"));
    EXPECT_FALSE(matches("/*.php$", "/a.php?x"));
    EXPECT_TRUE(matches("/fish*.php", "/fishheads/catfish.php?x"));
    EXPECT_FALSE(matches("/a*bc*c$", "/abc")) << "one letter is not matched twice";
    EXPECT_TRUE(matches("/$", "/"));
    EXPECT_FALSE(matches("/$", "/x"));
    EXPECT_TRUE(matches("*", "/x"));
    EXPECT_TRUE(matches("/*?*session=", "/x?a=1&session=2"));
}

TEST(robots, escapes_are_compared_by_what_they_mean) {
    const auto same = [](const std::string& pattern, const std::string& path) {
        return !allows("User-agent: *\nDisallow: " + pattern + "\n", path);
    };
    EXPECT_TRUE(same("/foo/bar?baz=quz", "/foo/bar?baz=quz"));
    EXPECT_TRUE(same("/foo/bar/\xE3\x83\x84", "/foo/bar/%E3%83%84"));
    EXPECT_TRUE(same("/foo/bar/%e3%83%84", "/foo/bar/\xE3\x83\x84"));
    EXPECT_TRUE(same("/foo/bar/%62%61%7A", "/foo/bar/baz"));
    EXPECT_FALSE(same("/a%2Fb", "/a/b")) << "an escaped slash parts no path";
    EXPECT_TRUE(same("/100%", "/100%"));
}

TEST(robots, crawl_delay) {
    EXPECT_EQ(robots::read("User-agent: *\nCrawl-delay: 2.5\nDisallow: /x", "feedwatch").crawl_delay(),
              duration(2500ms));
    EXPECT_EQ(robots::read("User-agent: *\nCrawl-delay: 1e99", "feedwatch").crawl_delay(), duration(24h));
    for (const char* value : {"", "soon", "-1", "nan"})
        EXPECT_FALSE(robots::read("User-agent: *\nCrawl-delay: " + std::string(value), "feedwatch").crawl_delay())
            << value;
    EXPECT_FALSE(robots::read("User-agent: other\nCrawl-delay: 5", "feedwatch").crawl_delay());
}

TEST(robots, what_is_past_its_limits_is_not_read) {
    std::string file = "User-agent: *\n";
    for (std::size_t i = 0; i < robots::rules_max; ++i) file += "Disallow: /" + std::to_string(i) + "$\n";
    EXPECT_FALSE(allows(file, "/9999"));
    EXPECT_TRUE(allows(file + "Disallow: /last\n", "/last"));
    EXPECT_TRUE(allows("User-agent: *\n" + std::string(600U << 10U, '#') + "\nDisallow: /last\n", "/last"));
}

TEST(robots, a_pattern_made_to_be_slow_is_not) {
    std::string pattern = "/";
    for (int i = 0; i < 20000; ++i) pattern += "*a";
    EXPECT_TRUE(allows("User-agent: *\nDisallow: " + pattern + "b$\n", "/" + std::string(100000, 'a')));
}

TEST(robots, for_all_and_for_none) {
    EXPECT_TRUE(robots::allow_all().allows("https://site.example/x"));
    EXPECT_FALSE(robots::disallow_all().allows("https://site.example/x"));
    EXPECT_FALSE(robots::disallow_all().allows("https://site.example"));
    EXPECT_FALSE(robots::disallow_all().allows("https://site.example?x"));
}

}  // namespace
}  // namespace feedwatch::http
