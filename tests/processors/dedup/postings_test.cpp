#include "processors/dedup/postings.hpp"

#include <gmock/gmock.h>

#include <map>
#include <random>
#include <set>

namespace feedwatch::dedup {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAreArray;

TEST(Postings, FindsNothingWhereNothingWasAdded) {
    const postings<std::uint32_t> p;
    EXPECT_THAT(p.find(7), IsEmpty());
}

TEST(Postings, KeepsSeveralValuesOfOneKey) {
    postings<std::uint64_t> p;
    p.add(7, 3);
    p.add(7, 1);
    p.add(7, 2);
    EXPECT_THAT(p.find(7), UnorderedElementsAreArray({1U, 2U, 3U}));
    p.remove(7, 3);
    p.remove(7, 1);
    EXPECT_THAT(p.find(7), ElementsAre(2U));
    p.remove(7, 2);
    EXPECT_THAT(p.find(7), IsEmpty());
}

TEST(Postings, AnswersAsAMultimapAfterAnyChanges) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        std::mt19937_64 random(seed);
        postings<std::uint32_t> p;
        std::map<std::uint32_t, std::set<slot>> model;
        for (int i = 0; i < 3000; ++i) {
            // Small keys only, as anchors are: a poor hash would pile them up.
            const auto key = static_cast<std::uint32_t>(random() % 400);
            const auto value = static_cast<slot>(random() % 8);
            if (random() % 2 == 0) {
                if (model[key].insert(value).second) p.add(key, value);
            } else {
                model[key].erase(value);
                p.remove(key, value);
            }
        }
        for (std::uint32_t key = 0; key < 400; ++key) {
            ASSERT_THAT(p.find(key), UnorderedElementsAreArray(model[key])) << "seed " << seed << " key " << key;
        }
    }
}

}  // namespace
}  // namespace feedwatch::dedup
