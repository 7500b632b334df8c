#include "core/publisher/families.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>

namespace feedwatch {
namespace {

TEST(family_of, is_the_family_for_its_domains_and_names) {
    const publisher_families& known = publisher_families::shipped();
    for (const char* name : {"bbc.com", "bbc.co.uk", "www.bbc.co.uk", "news.bbc.co.uk", "BBC.com", "BBC News", "bbc"})
        EXPECT_EQ(known.family_of(name), "BBC") << name;
    EXPECT_EQ(known.family_of("wsj.com"), known.family_of("marketwatch.com"));
    EXPECT_NE(known.family_of("wsj.com"), known.family_of("nytimes.com"));
}

TEST(family_of, is_the_registrable_domain_or_the_name_for_others) {
    const publisher_families& known = publisher_families::shipped();
    EXPECT_EQ(known.family_of("courier.example"), "courier.example");
    EXPECT_EQ(known.family_of("www.courier.co.uk"), "courier.co.uk");
    EXPECT_EQ(known.family_of("Courier.Example"), "courier.example");
    EXPECT_EQ(known.family_of("The Courier"), "The Courier");
    EXPECT_EQ(known.family_of("St. Mary's Gazette"), "St. Mary's Gazette");
    EXPECT_EQ(known.family_of("192.0.2.7"), "192.0.2.7");
    EXPECT_EQ(known.family_of("co.uk"), "co.uk");
    EXPECT_EQ(known.family_of("..."), "...");
    EXPECT_EQ(known.family_of(""), "");
}

TEST(publisher_families, are_shipped_with_every_member_in_one_of_them) {
    std::ifstream file(FEEDWATCH_SOURCE_DIR "/core/publisher/families.txt");
    ASSERT_TRUE(file);
    std::set<std::string> seen;
    int families = 0;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line.starts_with('#')) continue;
        ++families;
        const std::string family = line.substr(0, line.find(" | "));
        for (std::size_t at = 0; at < line.size();) {
            const std::size_t end = std::min(line.find(" | ", at), line.size());
            const std::string member = line.substr(at, end - at);
            EXPECT_TRUE(seen.insert(member).second) << member;
            EXPECT_EQ(publisher_families::shipped().family_of(member), family) << member;
            at = end + 3;
        }
    }
    EXPECT_GT(families, 30);
}

TEST(publisher_families, take_what_users_add) {
    publisher_families families;
    EXPECT_EQ(families.add("Valley Papers", "www.valley.example"), std::nullopt);
    EXPECT_EQ(families.add("Valley Papers", "The Hill Echo"), std::nullopt);
    EXPECT_EQ(families.add("Valley Papers", "valley.example"), std::nullopt);
    EXPECT_EQ(families.family_of("news.valley.example"), "Valley Papers");
    EXPECT_EQ(families.family_of("the hill ECHO"), "Valley Papers");
    EXPECT_EQ(families.family_of("valley papers"), "Valley Papers");
    EXPECT_EQ(families.add("Others", "valley.example"), "Valley Papers");
    EXPECT_EQ(families.family_of("valley.example"), "Valley Papers");
    EXPECT_EQ(publisher_families::shipped().family_of("valley.example"), "valley.example");
}

TEST(publisher_families, give_way_to_what_users_say) {
    publisher_families families;
    EXPECT_EQ(families.add("Gannett", "local.example"), std::nullopt);
    EXPECT_EQ(families.family_of("local.example"), families.family_of("usatoday.com"));
    EXPECT_EQ(families.add("Mine", "freep.com"), std::nullopt);
    EXPECT_EQ(families.family_of("freep.com"), "Mine");
    EXPECT_TRUE(families.dissolve("Reach"));
    EXPECT_FALSE(families.dissolve("Reach"));
    EXPECT_FALSE(families.dissolve("Nobody"));
    EXPECT_EQ(families.family_of("mirror.co.uk"), "mirror.co.uk");
}

}  // namespace
}  // namespace feedwatch
