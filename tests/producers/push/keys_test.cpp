#include "producers/push/keys.hpp"

#include <gmock/gmock.h>

#include <set>

namespace feedwatch::push {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const char* const key = "a key that nobody guesses, surely";
const keys own(secret(key), "https://feedwatch.example/push");

std::string path_of(const address& of) {
    return own.callback(of).substr(std::string("https://feedwatch.example").size());
}

TEST(keys, a_callback_is_read_back_whatever_the_feeds_id) {
    for (const char* id : {"news", "a/b", "a b?c#d%2F", "\xC3\xBC", "1", "websub/x/1/y", ""}) {
        const address of{feed_id(id), 1'764'072'000'000};
        EXPECT_THAT(own.callback(of), StartsWith("https://feedwatch.example/push/websub/"));
        EXPECT_EQ(own.read_callback(path_of(of)), of) << id;
        const std::string path = path_of(of);
        EXPECT_EQ(own.read_callback(path.substr(path.find("/websub/"))), of) << "a proxy took the prefix off";
    }
}
TEST(keys, a_callback_is_refused_when_anything_in_it_differs) {
    const std::string good = path_of({feed_id("news"), 7});
    ASSERT_TRUE(own.read_callback(good));
    for (std::size_t at = good.find("news"); at < good.size(); ++at) {
        std::string bad = good;
        bad[at] = bad[at] == 'a' ? 'b' : 'a';
        EXPECT_EQ(own.read_callback(bad), std::nullopt) << bad;
    }
    for (const std::string& bad :
         {std::string(), std::string("/websub/"), std::string("/websub/news"), std::string("/websub/news/7"),
          std::string("/websub/news/7/"), good + "a", good + "/", good.substr(0, good.size() - 1),
          std::string("/websub/news/99999999999999999999/x")})
        EXPECT_EQ(own.read_callback(bad), std::nullopt) << bad;
    EXPECT_EQ(keys(secret("another key"), "https://feedwatch.example/push").read_callback(good), std::nullopt);
}
TEST(keys, every_subscription_has_a_secret_and_a_callback_of_its_own) {
    std::set<std::string> all;
    for (const char* id : {"a", "b", "1"})
        for (const std::uint64_t number : {1U, 2U, 11U}) {
            all.insert(own.hub_secret({feed_id(id), number}));
            all.insert(own.callback({feed_id(id), number}));
        }
    EXPECT_EQ(all.size(), 18U);
    for (const std::string& one : all) EXPECT_THAT(one, Not(HasSubstr(key)));
    EXPECT_LT(own.hub_secret({feed_id("a"), 1}).size(), 200U) << "as WebSub wants";
}

}  // namespace
}  // namespace feedwatch::push
