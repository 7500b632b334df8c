// What an index saves is what it is.
#include <gmock/gmock.h>

#include <random>

#include "core/hash.hpp"
#include "processors/dedup/dedup.hpp"
#include "processors/dedup/story_index.hpp"
#include "tests/processors/dedup/samples.hpp"
#include "tests/support/memory_bytes.hpp"

namespace feedwatch::dedup {
namespace {

using feedwatch::testing::memory_reader;
using feedwatch::testing::memory_writer;

constexpr timestamp begin{std::chrono::days{20000}};

// Stories of several publishers with copies, edits and updates, some so old that they are forgotten on the way.
item item_number(std::size_t n) {
    std::mt19937_64 random(n);
    const std::uint64_t story = random() % 60;
    const std::string publisher = std::to_string(random() % 5);
    const int changes = static_cast<int>(random() % 12);
    return to_item({.id = publisher + "/" + std::to_string(story),
                    .title = "Story " + std::to_string(story),
                    .text = edited(prose(story, 60 + static_cast<int>(story)), random(), changes),
                    .publisher = publisher,
                    .feed = publisher,
                    .observed = begin + std::chrono::hours{static_cast<int>(n)}});
}

std::vector<std::byte> saved(const story_index& index) {
    memory_writer out;
    index.save(out);
    return out.bytes;
}

TEST(snapshot, answers_as_the_index_that_saved_it) {
    const index_options options{.window = std::chrono::days{7}, .bytes_max = 20'000};
    story_index index(options);
    for (std::size_t n = 0; n < 600; ++n) {
        if (n % 97 == 0) {
            const auto bytes = saved(index);
            story_index again(options);
            memory_reader in{bytes};
            ASSERT_TRUE(again.load(in));
            EXPECT_TRUE(in.at_end());
            EXPECT_EQ(again.size(), index.size());
            EXPECT_EQ(again.bytes(), index.bytes());
            for (std::size_t next = n; next < n + 150; ++next) {
                const item i = item_number(next);
                index.begin_batch(next);
                ASSERT_EQ(again.decide(i), index.decide(i)) << "item " << next << " after a snapshot at " << n;
                ASSERT_EQ(again.forgotten(), index.forgotten());
                ASSERT_EQ(again.remembered().size(), index.remembered().size());
                for (std::size_t r = 0; r < index.remembered().size(); ++r)
                    ASSERT_EQ(again.record_of(again.remembered()[r]), index.record_of(index.remembered()[r]));
            }
            for (std::size_t next = n + 150; next-- > n;) index.rollback_batch(next);
        }
        static_cast<void>(index.decide(item_number(n)));
    }
}

TEST(snapshot, keeps_what_was_taken_down) {
    story_index index({});
    for (std::size_t n = 0; n < 20; ++n) static_cast<void>(index.decide(item_number(n)));
    for (std::size_t n = 0; n < 10; ++n) {
        const std::string story = index.decide(item_number(n)).story.str();
        ASSERT_TRUE(index.take_down({forget_request::by::story, story, 0}, {"of-" + story}, begin));
    }
    const auto bytes = saved(index);
    for (std::size_t size = bytes.size() - 300; size < bytes.size(); ++size) {
        story_index again({});
        memory_reader in{std::span(bytes).first(size)};
        EXPECT_FALSE(again.load(in)) << size;
    }
    story_index again({});
    memory_reader in{bytes};
    ASSERT_TRUE(again.load(in));
    EXPECT_EQ(again.bytes(), index.bytes());
    int held = 0;
    for (std::size_t n = 0; n < 200; ++n) {
        const decision d = index.decide(item_number(n));
        held += d.what == decision::kind::forgotten ? 1 : 0;
        ASSERT_EQ(again.decide(item_number(n)), d) << n;
        ASSERT_EQ(again.marked(), index.marked());
    }
    EXPECT_GT(held, 10);
}

TEST(snapshot, keeps_lists_of_many_documents_with_one_url) {
    story_index index({});
    const auto page = [](int n) {
        item i = to_item({.id = std::to_string(n),
                          .title = "T" + std::to_string(n),
                          .text = prose(1000 + static_cast<unsigned>(n), 60)});
        i.url = "https://example.org/page";
        return i;
    };
    for (int n = 0; n < 60; ++n) static_cast<void>(index.decide(page(n)));
    const auto bytes = saved(index);
    story_index again({});
    memory_reader in{bytes};
    ASSERT_TRUE(again.load(in));
    for (int n = 55; n < 65; ++n) EXPECT_EQ(again.decide(page(n)), index.decide(page(n))) << n;
}

TEST(snapshot, that_ends_early_is_refused_wherever) {
    story_index index({});
    for (std::size_t n = 0; n < 3; ++n) static_cast<void>(index.decide(item_number(n)));
    const auto bytes = saved(index);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        story_index again({});
        memory_reader in{std::span(bytes).first(size)};
        EXPECT_FALSE(again.load(in)) << size;
    }
}

// Whoever changes what is saved, the hashes of words and shingles included, sees this fail: then the number in
// dedup::snapshot_format() goes up, so that no index is loaded that was saved by another rule.
TEST(snapshot, of_these_items_has_been_the_same_since_its_format_got_its_number) {
    story_index index({});
    for (std::size_t n = 0; n < 40; ++n) static_cast<void>(index.decide(item_number(n)));
    const auto bytes = saved(index);
    const dedup step({}, null_meter());
    EXPECT_EQ(step.snapshot_format().substr(0, 10), "stories/6 ");
    EXPECT_EQ(hash64({reinterpret_cast<const char*>(bytes.data()), bytes.size()}), 9286167461632973841ULL);
}

TEST(snapshot, is_not_of_other_families) {
    dedup_config config;
    const std::string shipped = dedup(config, null_meter()).snapshot_format();
    auto families = std::make_shared<publisher_families>();
    config.families = families;
    EXPECT_EQ(dedup(config, null_meter()).snapshot_format(), shipped);
    ASSERT_FALSE(families->add("Valley", "valley.example"));
    const std::string added = dedup(config, null_meter()).snapshot_format();
    EXPECT_NE(added, shipped);
    ASSERT_FALSE(families->add("Valley", "hill.example"));
    EXPECT_NE(dedup(config, null_meter()).snapshot_format(), added);
}

}  // namespace
}  // namespace feedwatch::dedup
