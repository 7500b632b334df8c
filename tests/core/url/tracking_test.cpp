#include "core/url/tracking.hpp"

#include <gtest/gtest.h>

#include "core/url/domain.hpp"

namespace feedwatch::url {
namespace {

using testing::Test;

TEST(tracking_rules, are_understood_to_the_last_word) {
    for (const std::string& e : rules().errors()) ADD_FAILURE() << e;
    EXPECT_FALSE(rules().version().empty());
}

TEST(tracking_rules, drop_what_the_tools_add) {
    for (const char* name : {"__cft__", "_ga", "fbclid", "gclid", "igshid", "mc_cid", "mkt_tok", "msclkid", "ref_src",
                             "srsltid", "twclid", "wt_mc", "xtor", "yclid", "ysclid", "utm_anything", "UTM_Source"})
        EXPECT_TRUE(rules().drops(name, "1", "/a", {})) << name;
}

TEST(tracking_rules, leave_parameters_that_choose_an_article) {
    for (const char* name :
         {"id",  "p",       "page",   "article", "story",  "v",   "q",    "s",    "t",     "cid", "ref",   "source",
          "mod", "feature", "action", "c",       "newsid", "sid", "type", "view", "print", "amp", "format"})
        EXPECT_FALSE(rules().drops(name, "12", "/a", {})) << name;
}

std::vector<std::string> errors_of(std::string_view text) {
    return rule_set(text).errors();
}

TEST(a_rule_set, says_what_it_does_not_understand) {
    EXPECT_EQ(errors_of("version 1\n[*]\nutm_*\n[site.example/dir]\na b=c !d #e\n").size(), 0U);
    EXPECT_EQ(errors_of("[*]\nx\n"), std::vector<std::string>{"no version: "});
    EXPECT_EQ(errors_of("version 1\nx\n"), std::vector<std::string>{"in no section: x"});
    EXPECT_EQ(errors_of("version 1\n[*\n"), std::vector<std::string>{"a section that does not end: [*"});
    EXPECT_EQ(errors_of("version 1\n[/x]\n"), std::vector<std::string>{"a section without a site: /x"});
    EXPECT_EQ(errors_of("version 1\n[*]\nUTM\n"), std::vector<std::string>{"not in lower case: UTM"});
    EXPECT_EQ(errors_of("version 1\n[hosts]\na.example\n"),
              std::vector<std::string>{"a host without its main name: a.example"});
    EXPECT_EQ(errors_of("version 1\n[hosts]\na b a c\n"), std::vector<std::string>{"a host with two main names: a"});
    EXPECT_EQ(errors_of("version 1\n[*]\n" + std::string(65, 'x')).size(), 1U);
}

TEST(a_rule_set, holds_where_its_sections_say) {
    const rule_set r(
        "version 1\n@class one two\n[*]\nall only=1 kind=@class\n[a.example]\nhere !all\n"
        "[b.*/dir]\nthere\n[*/show.php]\ns=@hex32\n");
    const auto drops = [&](std::string_view host, std::string_view before, std::string_view path, std::string_view name,
                           std::string_view value = "x") {
        return r.drops(name, value, path, r.sections_of(host, before));
    };
    EXPECT_TRUE(drops("c.example", "c", "/", "all"));
    EXPECT_FALSE(drops("sub.a.example", "a", "/", "all"));
    EXPECT_TRUE(drops("c.example", "c", "/", "only", "1"));
    EXPECT_FALSE(drops("c.example", "c", "/", "only", "2"));
    EXPECT_TRUE(drops("c.example", "c", "/", "kind", "Two-7"));
    EXPECT_FALSE(drops("c.example", "c", "/", "kind", "three"));
    EXPECT_TRUE(drops("sub.a.example", "a", "/", "here"));
    EXPECT_FALSE(drops("aa.example", "aa", "/", "here"));
    EXPECT_TRUE(drops("b.co.uk", "b", "/dir/x", "there"));
    EXPECT_FALSE(drops("b.co.uk", "b", "/other", "there"));
    EXPECT_TRUE(drops("c.example", "c", "/f/show.php", "s", std::string(32, 'a')));
    EXPECT_FALSE(drops("c.example", "c", "/f/show.php", "s", std::string(31, 'a')));
    EXPECT_FALSE(drops("c.example", "c", "/f/list.php", "s", std::string(32, 'a')));
}

TEST(a_name_in_a_registry, stands_before_a_suffix_under_which_registries_give_names) {
    EXPECT_EQ(name_in_registry("google.com"), "google");
    EXPECT_EQ(name_in_registry("google.co.uk"), "google");
    EXPECT_EQ(name_in_registry("google.github.io"), "");  // anybody may have it
    EXPECT_EQ(name_in_registry("10.0.0.1"), "");
    EXPECT_EQ(name_in_registry("localhost"), "");
}

}  // namespace
}  // namespace feedwatch::url
