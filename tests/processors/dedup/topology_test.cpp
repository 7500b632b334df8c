// Dedup under random batches, aborts, crashes and restarts: the same stories as without any of them.
#include "tests/support/topology.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "core/record/duplicate.hpp"
#include "core/record/forget.hpp"
#include "processors/dedup/dedup.hpp"
#include "tests/processors/dedup/samples.hpp"

namespace feedwatch::dedup {
namespace {

using feedwatch::testing::topology;
using feedwatch::testing::topology_options;
using ::testing::IsEmpty;

// Some stories, carried by several publishers as they are, edited or cut, with repeats, updates and a garbled record,
// over more than the window and with more documents than the budget holds.
std::vector<std::string> stream(std::uint64_t seed) {
    std::mt19937_64 random(seed);
    timestamp now{std::chrono::days{20000}};
    std::vector<std::string> records;
    for (int i = 0; i < 45; ++i) {
        now += std::chrono::hours{static_cast<int>(random() % 12)};
        const std::uint64_t story = random() % 14;
        const std::string publisher = std::to_string(random() % 4);
        std::string text = prose(story, 90);
        switch (random() % 6) {
            case 0:
                text = edited(text, random(), 5);
                break;
            case 1:
                text = text.substr(0, 400);
                break;
            case 2:
                text += prose(random(), 5);
                break;
            default:
                break;
        }
        item it = to_item({.id = publisher + "/" + std::to_string(story),
                           .title = "Story " + std::to_string(story),
                           .text = text,
                           .publisher = publisher,
                           .feed = publisher,
                           .observed = now});
        records.push_back(random() % 25 == 0 ? "garbled" : to_json(it));
    }
    return records;
}

struct outcome {
    std::vector<std::string> told;  // values of items and duplicates, by id of the input in order
    std::map<std::string, std::string> seen;
    friend bool operator==(const outcome&, const outcome&) = default;
};

dedup_config small_state() {
    dedup_config c;
    c.window = std::chrono::days{7};
    c.index_bytes_max = 8'000;
    return c;
}

outcome run(std::uint64_t seed, topology_options options, const std::vector<std::string>& records) {
    topology t(seed, options);
    t.add_step([] { return std::make_unique<dedup>(small_state(), null_meter()); });
    outcome result;
    std::size_t told = 0;
    std::size_t inputs = 0;
    t.on_commit([&](std::string_view, const auto& in, const auto& out) {
        inputs += in.size();
        for (const output_record& o : out) {
            if (o.to == topic::seen) continue;
            ++told;
            result.told.push_back(o.key + " " + o.value.value_or(""));
        }
    });
    std::size_t next = 0;
    while (next < records.size()) {
        const std::string& record = records[next++];
        if (record.starts_with("forget:")) {
            t.publish(topic::fetched, record, std::nullopt);
        } else {
            t.publish(topic::fetched, "feed", record);
        }
        if (seed % 3 != 0) t.act();
    }
    EXPECT_TRUE(t.run_until_idle());
    EXPECT_THAT(t.broken_promises(), IsEmpty()) << "seed " << seed;
    EXPECT_EQ(inputs, records.size()) << "seed " << seed;
    const bool asked = std::ranges::any_of(records, [](const std::string& r) { return r.starts_with("forget:"); });
    if (!asked) {
        EXPECT_EQ(told, records.size()) << "one of items, duplicates and dead for each record; seed " << seed;
    }
    for (const auto& r : t.log().compacted(topic::seen, 0)) result.seen[r.key] = *r.value;
    return result;
}

// Restarts restore from `seen` or from a snapshot and what came after it, as chance has it.
TEST(DedupTopology, AnyBatchesAbortsRestartsAndPartitionsGiveTheSameStories) {
    constexpr std::uint64_t streams = 40;
    constexpr std::uint64_t runs = 50;
    const topology_options quiet{
        .partitions = 1, .batch_records_max = 1, .faults = {.abort = 0, .crash = 0, .rebalance = 0}};
    for (std::uint64_t s = 0; s < streams; ++s) {
        const std::vector<std::string> records = stream(s);
        const outcome expected = run(0, quiet, records);
        for (std::uint64_t seed = 1; seed <= runs; ++seed) {
            topology_options faulty;
            faulty.partitions = static_cast<std::int32_t>(1 + seed % 7);
            faulty.batch_records_max = 1 + seed % 9;
            faulty.faults = {.abort = 0.15, .crash = 0.05, .rebalance = 0.05};
            ASSERT_EQ(run(seed, faulty, records), expected) << "stream " << s << " seed " << seed;
        }
    }
}

std::vector<std::string> stream_with_takedowns(std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::vector<std::string> records = stream(seed);
    for (int n = 0; n < 4; ++n) {
        const std::string item = std::to_string(random() % 4) + "/" + std::to_string(random() % 14);
        const auto what = n % 2 == 0 ? forget_request::by::story : forget_request::by::item;
        records.insert(records.begin() + static_cast<std::ptrdiff_t>(random() % records.size()),
                       to_key({what, item, 0}));
    }
    return records;
}

TEST(DedupTopology, AnyBatchesAbortsAndRestartsTakeTheSameStoriesDown) {
    const topology_options quiet{
        .partitions = 1, .batch_records_max = 1, .faults = {.abort = 0, .crash = 0, .rebalance = 0}};
    std::size_t markers = 0;
    for (std::uint64_t s = 0; s < 40; ++s) {
        const std::vector<std::string> records = stream_with_takedowns(s);
        const outcome expected = run(0, quiet, records);
        for (const auto& [key, value] : expected.seen) markers += key.starts_with("forgotten:") ? 1 : 0;
        for (std::uint64_t seed = 1; seed <= 30; ++seed) {
            topology_options faulty;
            faulty.batch_records_max = 1 + seed % 9;
            faulty.faults = {.abort = 0.15, .crash = 0.05, .rebalance = 0.05};
            ASSERT_EQ(run(seed, faulty, records), expected) << "stream " << s << " seed " << seed;
        }
    }
    EXPECT_GT(markers, 20U);
}

TEST(DedupTopology, TheStreamsOfThisTestHaveEveryKindOfVerdict) {
    std::map<std::string, int> kinds;
    for (std::uint64_t s = 0; s < 40; ++s) {
        story_index index({.window = std::chrono::days{7}, .bytes_max = 8'000});
        for (const std::string& record : stream(s)) {
            const auto i = item_from_json(record);
            if (!i) {
                ++kinds["garbled"];
                continue;
            }
            const decision d = index.decide(*i);
            ++kinds[std::string(name_of(d.what)) +
                    (d.what == decision::kind::duplicate ? "/" + std::string(feedwatch::name_of(d.how)) : "")];
            kinds["evicted"] += static_cast<int>(index.evicted());
            kinds["expired"] += static_cast<int>(index.forgotten().size() - index.evicted());
        }
    }
    for (const char* kind : {"new", "update", "duplicate/same-id", "duplicate/same-text", "duplicate/near",
                             "duplicate/excerpt", "garbled", "evicted", "expired"}) {
        EXPECT_GT(kinds[kind], 0) << kind;
    }
}

}  // namespace
}  // namespace feedwatch::dedup
