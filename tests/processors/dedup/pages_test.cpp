// Memory in pages of its own, and whether what an index counts is what it takes.
#include "processors/dedup/pages.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "processors/dedup/paged_vector.hpp"
#include "processors/dedup/story_index.hpp"
#include "tests/processors/dedup/samples.hpp"

namespace feedwatch::dedup {
namespace {

TEST(Pages, WhatIsThereStaysAndWhatIsNewIsZero) {
    pages p;
    EXPECT_EQ(p.data(), nullptr);
    // From the heap to pages, and on.
    for (const std::size_t size : {10U, 1'000U, 100'000U, 1'000'000U}) {
        const std::size_t before = p.size();
        p.grow(size);
        ASSERT_GE(p.size(), size);
        for (std::size_t i = 0; i < before; ++i) ASSERT_EQ(p.data()[i], std::byte{7});
        for (std::size_t i = before; i < p.size(); ++i) {
            ASSERT_EQ(p.data()[i], std::byte{0});
            p.data()[i] = std::byte{7};
        }
    }
    pages q = std::move(p);
    EXPECT_EQ(q.data()[0], std::byte{7});
    p = pages();
    q = std::move(p);
    EXPECT_EQ(q.size(), 0U);
}

TEST(Pages, AVectorInThemIsAVector) {
    paged_vector<std::uint32_t> v;
    EXPECT_TRUE(v.empty());
    for (std::uint32_t i = 0; i < 50'000; ++i) v.push_back(i);
    ASSERT_EQ(v.size(), 50'000U);
    for (std::uint32_t i = 0; i < 50'000; ++i) ASSERT_EQ(v[i], i);
    v.pop_back();
    paged_vector<std::uint32_t> moved = std::move(v);
    EXPECT_EQ(moved.size(), 49'999U);
    EXPECT_EQ(*(moved.end() - 1), 49'998U);
}

std::size_t resident_bytes() {
    std::ifstream in("/proc/self/statm");
    std::size_t size = 0;
    std::size_t resident = 0;
    in >> size >> resident;
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

TEST(StoryIndexMemory, WhatIsCountedIsWhatIsResidentWithinASeventh) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "memory is not what it is otherwise";
#endif
    story_index index({});
    const auto decide = [&index](int from, int to) {
        for (int i = from; i < to; ++i) {
            const std::string n = std::to_string(i);
            index.decide(to_item({.id = "1:" + std::string(32 - n.size(), '0') + n,
                                  .text = prose(static_cast<std::uint64_t>(i), 200),
                                  .publisher = "p" + std::to_string(i % 100),
                                  .url = "https://p.example/" + n,
                                  .observed = timestamp{std::chrono::seconds{i}}}));
        }
    };
    // Past the first ones: buffers that do not grow with what is remembered, and tables that move from the heap to
    // pages.
    decide(0, 12'000);
    const std::size_t resident = resident_bytes();
    const std::size_t counted = index.bytes();
    decide(12'000, 48'000);
    const auto more = static_cast<double>(index.bytes() - counted);
    EXPECT_NEAR(static_cast<double>(resident_bytes() - resident) / more, 1, 0.15);
}

}  // namespace
}  // namespace feedwatch::dedup
