#include "processors/dedup/packing.hpp"

#include <gmock/gmock.h>

#include <random>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace feedwatch::dedup {
namespace {

using sample = std::vector<std::uint16_t>;

template <class Hash>
std::vector<Hash> again(const std::vector<Hash>& s) {
    packed_bytes packed;
    put_sample(packed, std::span<const Hash>(s));
    const std::size_t size = packed.size();
    packed.resize(size + 8);
    const std::byte* at = packed.data();
    std::vector<Hash> read{1, 2, 3};
    get_sample(at, read);
    if (at != packed.data() + size) ADD_FAILURE() << "read " << at - packed.data() << " of " << size;
    const std::byte* skipped = packed.data();
    skip_sample(skipped);
    if (skipped != at) ADD_FAILURE() << "skipping goes elsewhere than reading";
    return read;
}

TEST(Packing, SamplesOfAnySizeAndSpreadComeBack) {
    EXPECT_EQ(again(sample{}), sample{});
    EXPECT_EQ(again(sample{0}), sample{0});
    EXPECT_EQ(again(sample{65535}), sample{65535});
    EXPECT_EQ(again(sample{0, 65535}), (sample{0, 65535}));
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
    put_sample(packed, std::span<const std::uint16_t>(smallest));
    EXPECT_LE(packed.size(), 103U);
}

TEST(Packing, AnchorsOfAnySizeAndSpreadComeBack) {
    using anchors = std::vector<std::uint32_t>;
    EXPECT_EQ(again(anchors{}), anchors{});
    EXPECT_EQ(again(anchors{0xFFFFFFFF}), anchors{0xFFFFFFFF});
    EXPECT_EQ(again(anchors{0, 0xFFFFFFFF}), (anchors{0, 0xFFFFFFFF}));
    EXPECT_EQ(again(anchors{0, 1, 2, 3, 4, 5, 6, 0xFFFFFFFF}), (anchors{0, 1, 2, 3, 4, 5, 6, 0xFFFFFFFF}));
    std::mt19937_64 random(1);
    for (int i = 0; i < 5000; ++i) {
        std::set<std::uint32_t> values;
        const std::uint64_t upto = 1 + random() % (std::uint64_t{1} << (1 + random() % 32));
        for (std::uint64_t n = random() % 100; n > 0; --n) values.insert(static_cast<std::uint32_t>(random() % upto));
        const anchors a(values.begin(), values.end());
        ASSERT_EQ(again(a), a) << i;
    }
}

std::string id_again(std::string_view id, std::size_t& size) {
    packed_bytes packed;
    put_id(packed, id);
    const std::byte* at = packed.data();
    const auto read = get_id(at);
    size = read.size();
    if (at != packed.data() + packed.size() || size != packed.size()) ADD_FAILURE() << id;
    return unpacked_id(read);
}

TEST(Packing, IdsComeBackAndHashedOnesTakeHalf) {
    std::size_t size = 0;
    const std::string hashed = "1:00112233445566778899aabbccddeeff";
    EXPECT_EQ(id_again(hashed, size), hashed);
    EXPECT_EQ(size, 17U);
    for (const std::string& id : {std::string{}, std::string("a"), hashed + "0", "2" + hashed.substr(1),
                                  std::string("1:00112233445566778899AABBCCDDEEFF"), std::string(300, 'x')}) {
        EXPECT_EQ(id_again(id, size), id);
        EXPECT_GT(size, id.size());
    }
}

}  // namespace
}  // namespace feedwatch::dedup
