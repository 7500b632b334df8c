#include "processors/dedup/document_store.hpp"

#include <gmock/gmock.h>

#include <array>
#include <numeric>
#include <span>
#include <string>
#include <vector>

namespace feedwatch::dedup {
namespace {

using ::testing::IsEmpty;

constexpr timestamp day(int n) {
    return timestamp{std::chrono::days{20000 + n}};
}

document make(std::string_view id, timestamp last_seen, std::uint32_t anchor = 5) {
    static constexpr auto anchors = [] {
        std::array<std::uint32_t, 16> each{};
        std::iota(each.begin(), each.end(), 0U);
        return each;
    }();
    static constexpr std::array<std::uint16_t, 1> evidence{9};
    document d{.id = id, .story = id, .feed = "f", .publisher = "p"};
    d.anchors = std::span(anchors).subspan(anchor, 1);
    d.evidence = evidence;
    d.text_hash = 11;
    d.url_hash = 12;
    d.indexed = true;
    d.distinct = 1;
    d.first_seen = d.last_seen = last_seen;
    return d;
}

// Through the packed form.
seen record_of(const document& d) {
    document_store store;
    return to_seen(store.at(store.add(d)));
}

std::vector<slot> of_url(const document_store& store, std::uint64_t hash) {
    std::vector<slot> found;
    store.by_url(hash, [&](slot s) {
        found.push_back(s);
        return true;
    });
    return found;
}

std::vector<slot> of_text(const document_store& store, std::uint64_t hash) {
    std::vector<slot> found;
    store.by_text(hash, [&](slot s) {
        found.push_back(s);
        return true;
    });
    return found;
}

std::vector<slot> of_anchor(const document_store& store, std::uint32_t hash) {
    std::vector<slot> found;
    store.by_anchor(hash, [&](slot s) {
        found.push_back(s);
        return true;
    });
    return found;
}

TEST(DocumentStore, FindsADocumentByAllOfItsIdentities) {
    document_store store;
    const slot s = store.add(make("a", day(1)));
    EXPECT_EQ(store.find("a"), s);
    EXPECT_THAT(of_url(store, 12), ::testing::ElementsAre(s));
    EXPECT_THAT(of_text(store, 11), ::testing::ElementsAre(s));
    EXPECT_THAT(of_anchor(store, 5), ::testing::ElementsAre(s));
    store.remove(s);
    EXPECT_EQ(store.find("a"), std::nullopt);
    EXPECT_THAT(of_url(store, 12), IsEmpty());
    EXPECT_THAT(of_anchor(store, 5), IsEmpty());
    EXPECT_EQ(store.bytes(), 0U);
}

TEST(DocumentStore, TheOldestIsTheOneLastSeenLongestAgoHoweverLateItCame) {
    document_store store;
    const slot a = store.add(make("a", day(3)));
    const slot b = store.add(make("b", day(1)));
    EXPECT_EQ(store.oldest(), b);
    store.touch(b, day(9));
    EXPECT_EQ(store.oldest(), a);
    store.remove(a);
    EXPECT_EQ(store.oldest(), b);
}

TEST(DocumentStore, RollingBackRestoresWhatWasThereBeforeBothBatches) {
    document_store store;
    const slot a = store.add(make("a", day(1)));
    store.advance(day(1));
    const std::size_t bytes = store.bytes();
    store.begin_batch(1);
    store.touch(a, day(5));
    store.advance(day(5));
    store.add(make("b", day(5), 6));
    store.begin_batch(2);
    store.replace(a, make("a", day(6), 7));
    store.remove(a);
    store.add(make("c", day(6), 8));
    store.rollback_batch(1);
    EXPECT_EQ(store.size(), 1U);
    EXPECT_EQ(store.bytes(), bytes);
    EXPECT_EQ(store.stream_time(), day(1));
    ASSERT_EQ(store.find("a"), a);
    EXPECT_EQ(store.at(a).last_seen, day(1));
    EXPECT_EQ(store.oldest(), a);
    EXPECT_THAT(of_anchor(store, 5), ::testing::ElementsAre(a));
    EXPECT_THAT(of_anchor(store, 7), IsEmpty());
    EXPECT_THAT(of_anchor(store, 8), IsEmpty());
}

TEST(DocumentStore, TheSecondBatchCanBeRolledBackWhenTheFirstIsDurable) {
    document_store store;
    store.begin_batch(1);
    store.add(make("a", day(1)));
    store.begin_batch(2);
    store.add(make("b", day(2)));
    store.commit_batch(1);
    store.rollback_batch(2);
    EXPECT_TRUE(store.find("a").has_value());
    EXPECT_FALSE(store.find("b").has_value());
}

TEST(Document, SurvivesTheWayThroughASeenRecord) {
    document d = make("some item", day(4));
    d.story = "another";
    d.source = "Wire";
    d.title_hash = 3;
    d.words = 200;
    const seen s = record_of(d);
    const auto again = to_document(s);
    ASSERT_TRUE(again);
    EXPECT_EQ(record_of(*again), s);
    EXPECT_TRUE(again->indexed);
    EXPECT_EQ(s.story, story_id{"another"});
    EXPECT_EQ(s.source, "Wire");
    EXPECT_THAT(s.fingerprint, ::testing::ElementsAre(5));
    EXPECT_EQ(s.words, 200U);
}

TEST(Document, WordsThatWereHashedAnotherWayAreLeftOutAndStayMarked) {
    seen s = record_of(make("a", day(1)));
    s.hashes = 0;
    const auto d = to_document(s);
    ASSERT_TRUE(d);
    const seen again = record_of(*d);
    EXPECT_EQ(again.hashes, 0U);
    EXPECT_EQ(again.url_hash, s.url_hash);
    EXPECT_EQ(again.words, s.words);
    EXPECT_EQ(again.text_hash, "");
    EXPECT_THAT(again.fingerprint, ::testing::IsEmpty());
    EXPECT_EQ(again.shingles, 0U);
}

TEST(Document, TimesPastWhatIsKeptAreTheNearest) {
    document d = make("a", timestamp::max());
    d.first_seen = timestamp::min();
    const seen s = record_of(d);
    EXPECT_EQ(s.last_seen, as_kept(timestamp::max()));
    EXPECT_EQ(s.first_seen, as_kept(timestamp::min()));
    EXPECT_EQ(as_kept(day(1)), day(1));
}

TEST(Document, ASeenRecordWhoseSamplesDoNotAscendIsRefused) {
    seen s = record_of(make("a", day(1)));
    s.evidence = {9, 9};
    EXPECT_EQ(to_document(s).error().code, make_error_code(errc::malformed));
    s.evidence = {9};
    s.numbers = {7, 3};
    EXPECT_EQ(to_document(s).error().code, make_error_code(errc::malformed));
}

TEST(Document, ASeenRecordWithAHashThatIsNoneIsRefused) {
    seen s = record_of(make("a", day(1)));
    s.text_hash = "not hexadecimal";
    EXPECT_EQ(to_document(s).error().code, make_error_code(errc::malformed));
}

}  // namespace
}  // namespace feedwatch::dedup
