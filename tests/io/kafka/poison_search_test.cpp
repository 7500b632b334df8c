#include "io/kafka/poison_search.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace feedwatch::kafka {
namespace {

position at(std::int64_t offset) {
    return {{topic::fetched, 0}, offset};
}

// Plays a partition of `records` whose batches fail while they hold a record of `bad`; returns those found.
std::set<std::int64_t> culprits(std::uint32_t records, std::uint32_t batch_max, std::set<std::int64_t> bad) {
    poison_search search;
    std::set<std::int64_t> found;
    std::int64_t next = 0;
    for (int rounds = 0; next < records && rounds < 10'000; ++rounds) {
        const auto size = std::min<std::int64_t>(search.limit().value_or(batch_max), records - next);
        const auto fails = std::any_of(
            bad.begin(), bad.end(), [&](std::int64_t b) { return b >= next && b < next + size && !found.contains(b); });
        if (!fails) {
            search.committed(static_cast<std::uint32_t>(size));
            next += size;
        } else if (search.failed(at(next), static_cast<std::uint32_t>(size)) == poison_search::finding::poison) {
            found.insert(next);
        }
    }
    EXPECT_EQ(next, records);
    return found;
}

TEST(poison_search, two_aborts_raise_no_suspicion) {
    poison_search search;
    EXPECT_EQ(search.failed(at(0), 100), poison_search::finding::none);
    EXPECT_EQ(search.failed(at(0), 100), poison_search::finding::none);
    EXPECT_FALSE(search.limit());
    search.failed(at(0), 100);
    EXPECT_EQ(search.limit(), 50U);
}

TEST(poison_search, finds_the_one_record_wherever_it_is) {
    for (const std::int64_t bad : {0, 1, 499, 500, 998, 999})
        EXPECT_EQ(culprits(1000, 1000, {bad}), std::set<std::int64_t>{bad});
}

TEST(poison_search, finds_several_and_condemns_no_other) {
    const std::set<std::int64_t> bad{3, 4, 700, 1999};
    EXPECT_EQ(culprits(2000, 512, bad), bad);
}

TEST(poison_search, goes_back_to_full_batches) {
    poison_search search;
    for (int i = 0; i < 3; ++i) search.failed(at(0), 4);
    search.committed(2);
    EXPECT_EQ(search.limit(), 2U);
    search.committed(2);
    EXPECT_FALSE(search.limit());
}

}  // namespace
}  // namespace feedwatch::kafka
