// The families of tests/data/stories: what belongs together is found, what does not stays apart.
#include <gmock/gmock.h>

#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "processors/dedup/story_index.hpp"
#include "tests/processors/dedup/families.hpp"
#include "tests/processors/dedup/samples.hpp"

namespace feedwatch::dedup {
namespace {

// Empty if it is as expected, else what is wrong. `prefix` is what the ids were given to keep families apart.
std::string what_is_wrong(const expectation& e, const std::string& prefix, const decision& d) {
    if (name_of(d.what) != e.verdict) return "is " + std::string(name_of(d.what)) + ", not " + e.verdict;
    if (d.story.str() != prefix + e.story) return "is in story " + d.story.str() + ", not " + prefix + e.story;
    if (d.what != decision::kind::duplicate) return {};
    const std::string how{feedwatch::name_of(d.how)};
    const bool right = std::find(e.how.begin(), e.how.end(), how) != e.how.end();
    return right ? std::string{} : "is a duplicate by " + how;
}

class Stories : public ::testing::TestWithParam<const char*> {};

TEST_P(Stories, EachFamilyByItselfGetsTheVerdictsThatItsLabelsSay) {
    const auto families = read_families(GetParam());
    ASSERT_FALSE(families.empty());
    for (const family& f : families) {
        story_index index({});
        for (const expectation& e : f.items) {
            EXPECT_EQ(what_is_wrong(e, "", index.decide(to_item(e.item))), "") << f.name << " " << e.item.id;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Kinds, Stories, ::testing::Values("copies", "excerpts", "updates", "separate"),
                         [](const auto& kind) { return std::string(kind.param); });

TEST(StoriesTogether, PrecisionAndRecallWithAllFamiliesOfAKindInOneIndex) {
    std::cout << "kind: items, right verdicts, copies found of copies, wrong joins\n";
    for (const char* kind : {"copies", "excerpts", "updates", "separate"}) {
        story_index index({});
        int items = 0, right = 0, copies = 0, found = 0, wrong_joins = 0;
        for (const family& f : read_families(kind)) {
            const std::string prefix = f.name + "/";
            for (expectation e : f.items) {
                e.item.id = prefix + e.item.id;
                const decision d = index.decide(to_item(e.item));
                const bool joined = d.what == decision::kind::duplicate;
                ++items;
                right += what_is_wrong(e, prefix, d).empty() ? 1 : 0;
                if (e.verdict == "duplicate") {
                    ++copies;
                    found += joined && d.story.str() == prefix + e.story ? 1 : 0;
                }
                wrong_joins += joined && (e.verdict == "new" || d.story.str() != prefix + e.story) ? 1 : 0;
            }
        }
        std::cout << "  " << kind << ": " << items << ", " << right << ", " << found << " of " << copies << ", "
                  << wrong_joins << "\n";
        EXPECT_EQ(right, items) << kind;
        EXPECT_EQ(found, copies) << kind;
        EXPECT_EQ(wrong_joins, 0) << kind;
    }
}

// Written apart from the code that they judge, hard cases among them: what is found may only grow, what is joined
// wrongly only shrink.
struct wide_kind {
    const char* file;
    double found_min;  // of the copies
    double right_min;  // of all verdicts
    int wrong_joins_max = 0;
};

TEST(StoriesTogether, HardFamiliesAreFoundNoLessThanBefore) {
    std::cout << "file: items, right verdicts, copies found of copies, wrong joins\n";
    for (const wide_kind& kind :
         {wide_kind{"copies-english", 0.96, 0.97}, wide_kind{"copies-languages", 0.98, 0.98},
          wide_kind{"excerpts-english", 0.97, 0.98}, wide_kind{"excerpts-languages", 1, 1},
          wide_kind{"separate-newsrooms", 0, 1}, wide_kind{"separate-templates", 0, 1},
          wide_kind{"separate-languages", 0, 1}, wide_kind{"updates-more", 1, 1}, wide_kind{"short", 1, 1},
          wide_kind{"wrapped", 1, 1}, wide_kind{"separate-wrapped", 0, 1}}) {
        story_index index({});
        int items = 0, right = 0, copies = 0, found = 0, wrong_joins = 0;
        for (const family& f : read_families(kind.file)) {
            const std::string prefix = f.name + "/";
            for (expectation e : f.items) {
                e.item.id = prefix + e.item.id;
                const decision d = index.decide(to_item(e.item));
                const bool joined = d.what == decision::kind::duplicate;
                const std::string wrong = what_is_wrong(e, prefix, d);
                ++items;
                right += wrong.empty() ? 1 : 0;
                if (!wrong.empty()) std::cout << "    " << e.item.id << " " << wrong << "\n";
                if (e.verdict == "duplicate") {
                    ++copies;
                    found += joined && d.story.str().starts_with(prefix) ? 1 : 0;
                }
                wrong_joins += joined && (e.verdict == "new" || !d.story.str().starts_with(prefix)) ? 1 : 0;
            }
        }
        std::cout << "  " << kind.file << ": " << items << ", " << right << ", " << found << " of " << copies << ", "
                  << wrong_joins << "\n";
        EXPECT_LE(wrong_joins, kind.wrong_joins_max) << kind.file;
        EXPECT_GE(found, kind.found_min * copies) << kind.file;
        EXPECT_GE(right, kind.right_min * items) << kind.file;
    }
}

}  // namespace
}  // namespace feedwatch::dedup
