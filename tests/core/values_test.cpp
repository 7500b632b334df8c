#include <gtest/gtest.h>

#include <set>

#include "core/error.hpp"
#include "core/hash.hpp"
#include "core/topic.hpp"

namespace feedwatch {
namespace {

// Ids and state are made from these: another value would make every item of every feed new.
TEST(hash, has_the_values_that_xxh3_publishes) {
    EXPECT_EQ(hash64(""), 0x2D06800538D394C2ULL);
    EXPECT_EQ(hash128_hex(""), "99aa06d3014798d86001c324468d497f");
}

TEST(hash, tells_seeds_and_bytes_apart) {
    EXPECT_NE(hash64("a"), hash64("b"));
    EXPECT_NE(hash64("a", 1), hash64("a", 2));
    EXPECT_EQ(hash64("a"), hash64("a", 0));
    EXPECT_EQ(hash128_hex("a").size(), 32U);
    EXPECT_NE(hash128_hex("a"), hash128_hex(std::string_view("a\0", 2)));
}

TEST(topics, have_distinct_names_that_lead_back) {
    std::set<std::string_view> names;
    for (const topic t : all_topics) {
        names.insert(name_of(t));
        EXPECT_EQ(topic_named(name_of(t)), t);
    }
    EXPECT_EQ(names.size(), all_topics.size());
    EXPECT_FALSE(topic_named("Items"));
    EXPECT_FALSE(topic_named(""));
}

TEST(topics, are_compacted_or_have_a_retention) {
    for (const topic t : all_topics)
        EXPECT_EQ(traits_of(t).compacted, traits_of(t).retention == duration::zero()) << name_of(t);
    EXPECT_EQ(traits_of(topic::fetched).retention, duration{std::chrono::hours{24 * 7}});
    EXPECT_EQ(traits_of(topic::fetched).partitions, partitioning::single);
    EXPECT_EQ(traits_of(topic::seen).partitions, partitioning::single);
    EXPECT_EQ(traits_of(topic::feeds).partitions, traits_of(topic::polls).partitions);
}

TEST(errors, have_distinct_words_and_say_their_detail) {
    std::set<std::string> words;
    for (int code = static_cast<int>(errc::malformed); code <= static_cast<int>(errc::internal); ++code)
        words.insert(make_error_code(static_cast<errc>(code)).message());
    EXPECT_EQ(words.size(), 10U);
    EXPECT_FALSE(words.contains("unknown"));
    EXPECT_EQ(error(errc::too_large, "9 bytes").message(), "too_large: 9 bytes");
    EXPECT_EQ(error(errc::timeout).message(), "timeout");
}

TEST(errors, are_retryable_where_time_may_help) {
    for (const errc code : {errc::unavailable, errc::timeout}) EXPECT_TRUE(is_retryable(error(code)));
    for (const errc code : {errc::malformed, errc::too_large, errc::not_found, errc::unsupported, errc::conflict,
                            errc::refused, errc::invalid_config, errc::internal})
        EXPECT_FALSE(is_retryable(error(code)));
}

}  // namespace
}  // namespace feedwatch
