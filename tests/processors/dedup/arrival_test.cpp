// In which order copies come does not change which are one story.
#include <gmock/gmock.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "processors/dedup/story_index.hpp"
#include "tests/processors/dedup/families.hpp"
#include "tests/processors/dedup/samples.hpp"

namespace feedwatch::dedup {
namespace {

using stories = std::set<std::set<std::string>>;  // of the ids of their items

stories told_apart(const std::vector<sample>& in_order) {
    story_index index({});
    std::map<std::string, std::set<std::string>> by_story;
    timestamp now{std::chrono::hours{24}};
    for (sample s : in_order) {
        s.observed = now += std::chrono::seconds{1};
        by_story[index.decide(to_item(s)).story.str()].insert(s.id);
    }
    stories out;
    for (auto& [story, ids] : by_story) out.insert(std::move(ids));
    return out;
}

TEST(OrderOfArrival, DoesNotChangeWhichGeneratedCopiesAreOneStory) {
    const std::uint64_t seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    constexpr int pieces = 60, orders = 8;
    std::vector<sample> items;
    stories expected;
    for (int n = 0; n < pieces; ++n) {
        const std::string original = prose(random(), 80 + static_cast<int>(random() % 400));
        std::set<std::string> ids;
        for (std::uint64_t copy = 0, copies = 1 + random() % 5; copy < copies; ++copy) {
            // Two copies differ by twice as much: that must be well within what is found.
            const int percent = copy == 0 ? 0 : static_cast<int>(random() % 4);
            const std::string id = std::to_string(n) + "/" + std::to_string(copy);
            items.push_back({.id = id,
                             .title = "Of " + id,
                             .text = edited(original, random(), percent),
                             .publisher = "paper" + std::to_string(copy) + ".example"});
            ids.insert(id);
        }
        expected.insert(std::move(ids));
    }
    for (int order = 0; order < orders; ++order) {
        std::shuffle(items.begin(), items.end(), random);
        ASSERT_EQ(told_apart(items), expected);
    }
}

// Where two of a family are like a third but not like each other, it takes the third to join them; everywhere else the
// order says nothing.
bool alike_two_by_two(const std::vector<sample>& items) {
    for (const sample& a : items) {
        for (const sample& b : items) {
            if (a.id != b.id && told_apart({a, b}).size() != 1) return false;
        }
    }
    return true;
}

TEST(OrderOfArrival, DoesNotChangeWhichLabelledCopiesAreOneStory) {
    const std::uint64_t seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    int families = 0, held_to_it = 0;
    for (const char* kind : {"copies", "copies-english", "copies-languages"}) {
        for (const family& f : read_families(kind)) {
            std::vector<sample> items;
            for (const expectation& e : f.items) items.push_back(e.item);
            ++families;
            if (!alike_two_by_two(items)) continue;
            ++held_to_it;
            for (int order = 0; order < 6; ++order) {
                std::shuffle(items.begin(), items.end(), random);
                EXPECT_EQ(told_apart(items).size(), 1U) << f.name;
            }
        }
    }
    std::cout << held_to_it << " of " << families << " families are alike two by two\n";
    EXPECT_GE(held_to_it, 0.55 * families);
}

}  // namespace
}  // namespace feedwatch::dedup
