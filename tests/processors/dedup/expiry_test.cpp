#include "processors/dedup/expiry.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace feedwatch::dedup {
namespace {

using place = expiry_queue::place;

// Beside a slow one that looks at all.
TEST(Expiry, TheOldestIsTheOneOfASearchThroughAll) {
    std::mt19937_64 random(1);
    for (int round = 0; round < 50; ++round) {
        expiry_queue queue;
        std::map<slot, place> held;
        const auto look = [&](slot s) {
            const auto found = held.find(s);
            return found == held.end() ? std::nullopt : std::optional{found->second};
        };
        const int spread = round % 2 == 0 ? 3'000 : 3'000'000;  // milliseconds: many in one second, or few
        const auto any_time = [&] { return timestamp{duration{static_cast<std::int64_t>(random()) % spread}}; };
        for (int i = 0; i < 400; ++i) {
            const auto s = static_cast<slot>(random() % 60);
            switch (const auto at = held.find(s); random() % 4) {
                case 0:  // taken, or its last_seen changed either way
                case 1: {
                    const timestamp t = any_time();
                    const bool push = at == held.end() || t < at->second.last_seen;
                    held[s] = {t, at == held.end() ? random() % 4 : at->second.id_hash};
                    if (push) queue.push(held[s], s);
                    break;
                }
                case 2:
                    held.erase(s);
                    break;
                default: {
                    const auto oldest = queue.oldest(look);
                    ASSERT_EQ(oldest.has_value(), !held.empty());
                    if (!oldest) break;
                    for (const auto& [of, p] : held) {
                        const place& found = held.at(*oldest);
                        ASSERT_LE(std::tuple(found.last_seen, found.id_hash), std::tuple(p.last_seen, p.id_hash));
                    }
                }
            }
        }
    }
}

TEST(Expiry, ManyOfOneSecondCostNoMoreThanOthers) {
    expiry_queue queue;
    constexpr slot all = 100'000;  // each of which looks for the oldest: a search through those of the second would
                                   // take minutes
    std::size_t looks = 0;
    const auto look = [&looks](slot s) {
        ++looks;
        return std::optional{place{timestamp{}, all - s}};
    };
    for (slot s = 0; s < all; ++s) {
        queue.push({timestamp{}, all - s}, s);
        ASSERT_EQ(queue.oldest(look), s);
    }
    EXPECT_LE(looks, 3U * all);
}

TEST(Expiry, TimesPastWhatCanBeCountedAreStillInOrder) {
    expiry_queue queue;
    const std::map<slot, place> held{{1, {timestamp::max(), 1}}, {2, {timestamp::min(), 2}}, {3, {timestamp{}, 3}}};
    for (const auto& [s, p] : held) queue.push(p, s);
    EXPECT_EQ(queue.oldest([&](slot s) { return std::optional{held.at(s)}; }), 2U);
}

}  // namespace
}  // namespace feedwatch::dedup
