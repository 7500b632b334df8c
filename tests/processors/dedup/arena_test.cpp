#include "processors/dedup/arena.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <vector>

namespace feedwatch::dedup {
namespace {

TEST(Arena, CellsKeepTheirBytesWhateverIsFreedBesideThem) {
    struct cell {
        arena::address at;
        std::vector<std::byte> bytes;
    };
    arena cells;
    std::vector<cell> held;
    std::mt19937_64 random(1);
    for (int i = 0; i < 20'000; ++i) {
        if (!held.empty() && random() % 5 < 2) {
            std::swap(held[random() % held.size()], held.back());
            const cell& last = held.back();
            ASSERT_EQ(std::memcmp(cells.at(last.at), last.bytes.data(), last.bytes.size()), 0);
            cells.free(last.at, last.bytes.size());
            held.pop_back();
            continue;
        }
        std::vector<std::byte> bytes(1 + (random() % 200 == 0 ? random() % 100'000 : random() % 400));
        for (std::byte& b : bytes) b = static_cast<std::byte>(random());
        const auto at = cells.put(bytes);
        held.push_back({at, std::move(bytes)});
    }
    for (const cell& c : held) EXPECT_EQ(std::memcmp(cells.at(c.at), c.bytes.data(), c.bytes.size()), 0);
}

TEST(Arena, AFreedCellIsTakenAgain) {
    arena cells;
    const std::vector<std::byte> small(50);
    const std::vector<std::byte> large(50'000);
    const auto a = cells.put(small);
    const auto b = cells.put(large);
    cells.free(a, small.size());
    cells.free(b, large.size());
    EXPECT_EQ(cells.put(small), a);
    EXPECT_EQ(cells.put(large), b);
}

}  // namespace
}  // namespace feedwatch::dedup
