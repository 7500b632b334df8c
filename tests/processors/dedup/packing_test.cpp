#include "processors/dedup/packing.hpp"

#include <gmock/gmock.h>

#include <random>
#include <set>

namespace feedwatch::dedup {
namespace {

using sample = std::vector<std::uint16_t>;

sample again(const sample& s) {
    packed_bytes packed;
    put_sample(packed, s);
    const std::size_t size = packed.size();
    packed.resize(size + 8);
    const std::byte* at = packed.data();
    sample read{1, 2, 3};
    get_sample(at, read);
    if (at != packed.data() + size) ADD_FAILURE() << "read " << at - packed.data() << " of " << size;
    const std::byte* skipped = packed.data();
    skip_sample(skipped);
    if (skipped != at) ADD_FAILURE() << "skipping goes elsewhere than reading";
    return read;
}

TEST(Packing, SamplesOfAnySizeAndSpreadComeBack) {
    EXPECT_EQ(again({}), sample{});
    EXPECT_EQ(again({0}), sample{0});
    EXPECT_EQ(again({65535}), sample{65535});
    EXPECT_EQ(again({0, 65535}), (sample{0, 65535}));
    sample close;  // then one far away: its gap takes many bits
    for (std::uint16_t i = 0; i < 500; ++i) close.push_back(i);
    close.push_back(65535);
    EXPECT_EQ(again(close), close);
    std::mt19937_64 random(1);
    for (int i = 0; i < 2000; ++i) {
        std::set<std::uint16_t> values;
        const std::uint64_t upto = 1 + random() % 65536;
        for (std::uint64_t n = random() % 600; n > 0; --n) values.insert(static_cast<std::uint16_t>(random() % upto));
        const sample s(values.begin(), values.end());
        ASSERT_EQ(again(s), s) << i;
    }
}

TEST(Packing, TheEvidenceOfAnArticleTakesTenBitsAHash) {
    std::mt19937_64 random(1);
    std::set<std::uint16_t> shingles;
    while (shingles.size() < 300) shingles.insert(static_cast<std::uint16_t>(random()));
    sample smallest(shingles.begin(), shingles.end());
    smallest.resize(80);
    packed_bytes packed;
    put_sample(packed, smallest);
    EXPECT_LE(packed.size(), 103U);
}

}  // namespace
}  // namespace feedwatch::dedup
