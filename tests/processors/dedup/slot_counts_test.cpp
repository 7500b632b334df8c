#include "processors/dedup/slot_counts.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace feedwatch::dedup {
namespace {

TEST(SlotCounts, CountsAsAMapDoesAndForgetsWhenCleared) {
    std::mt19937_64 random(1);
    slot_counts counts;
    for (const std::uint64_t range : {10U, 2'000U, 30'000'000U}) {
        std::map<slot, std::uint32_t> expected;
        counts.clear();
        for (int i = 0; i < 5'000; ++i) {
            const auto s = static_cast<slot>(random() % range);
            ASSERT_EQ(counts.add(s), expected[s]++ == 0);
        }
        for (const auto& [s, count] : expected) ASSERT_EQ(counts.of(s), count);
        EXPECT_EQ(counts.of(31'000'000), 0U);
    }
}

}  // namespace
}  // namespace feedwatch::dedup
