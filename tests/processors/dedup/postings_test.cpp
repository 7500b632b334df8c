#include "processors/dedup/postings.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <vector>

namespace feedwatch::dedup {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAreArray;

std::vector<slot> found(const postings& p, std::uint64_t hash) {
    std::vector<slot> all;
    p.find(hash, [&](slot s) {
        all.push_back(s);
        return true;
    });
    return all;
}

TEST(Postings, FindsNothingWhereNothingWasAdded) {
    const postings p;
    EXPECT_THAT(found(p, 7), IsEmpty());
}

TEST(Postings, KeepsManyValuesOfOneKeyAndForgetsThemOneByOne) {
    for (const std::uint64_t key : {std::uint64_t{0}, std::uint64_t{1} << 60U, ~std::uint64_t{0}}) {
        postings p;
        std::set<slot> model;
        for (slot s = 0; s < 100; ++s) {
            p.add(key, s);
            model.insert(s);
            ASSERT_THAT(found(p, key), UnorderedElementsAreArray(model));
        }
        for (slot s = 0; s < 100; ++s) {
            p.remove(key, (s * 37) % 100);
            model.erase((s * 37) % 100);
            ASSERT_THAT(found(p, key), UnorderedElementsAreArray(model));
        }
        EXPECT_EQ(p.size(), 0U);
    }
}

TEST(Postings, StopsWhenTheVisitorSaysSo) {
    for (const slot many : {10U, 100U}) {
        postings p;
        for (slot s = 0; s < many; ++s) p.add(7, s);
        std::vector<slot> first;
        p.find(7, [&](slot s) {
            first.push_back(s);
            return first.size() < 3;
        });
        EXPECT_THAT(first, SizeIs(3)) << many;
    }
}

TEST(Postings, OfAKeyThatMoreThanACrowdHasNoneIsVisitedWhereThatIsAskedFor) {
    postings p;
    const auto visited = [&p] {
        std::size_t n = 0;
        const bool told = p.find_unless_crowded(7, [&n](slot) { ++n; });
        return told ? std::optional{n} : std::nullopt;
    };
    EXPECT_EQ(visited(), 0U);
    for (slot s = 0; s < postings::crowd; ++s) {
        p.add(7, s);
        ASSERT_EQ(visited(), s + 1U);
    }
    p.add(7, 1000);
    p.add(7, 1001);
    EXPECT_EQ(visited(), std::nullopt);
    EXPECT_THAT(found(p, 7), SizeIs(postings::crowd + 2));
    p.remove(7, 3);
    EXPECT_EQ(visited(), std::nullopt);
    p.remove(7, 1000);
    EXPECT_EQ(visited(), postings::crowd);
}

TEST(Postings, TellsAllSlotsBelowTheLimitApart) {
    postings p;
    p.add(7, 0);
    p.add(7, slots_max - 1);
    EXPECT_THAT(found(p, 7), UnorderedElementsAreArray({slot{0}, slots_max - 1}));
}

// In one segment and close together, so that runs are long, push past the table's end and fall back again.
TEST(Postings, AnswersAsAMultimapAfterAnyChanges) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        std::mt19937_64 random(seed);
        postings p;
        std::map<std::uint64_t, std::set<slot>> model;
        const std::uint64_t keys = seed % 2 == 0 ? 40 : 4000;
        const auto hash_of = [&](std::uint64_t key) {
            return (seed % 3 == 0 ? 0 : ~std::uint64_t{0} << 54U) | key << 40U;
        };
        for (int i = 0; i < 30000; ++i) {
            const std::uint64_t key = random() % keys;
            const auto value = static_cast<slot>(random() % 40);
            if (random() % 20 < (i < 15000 ? 12U : 8U)) {
                if (model[key].insert(value).second) p.add(hash_of(key), value);
            } else {
                model[key].erase(value);
                p.remove(hash_of(key), value);
            }
        }
        for (std::uint64_t key = 0; key < keys; ++key) {
            ASSERT_THAT(found(p, hash_of(key)), UnorderedElementsAreArray(model[key])) << "seed " << seed;
        }
    }
}

}  // namespace
}  // namespace feedwatch::dedup
