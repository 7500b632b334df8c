#include "producers/poll/window.hpp"

#include <gmock/gmock.h>

#include "producers/poll/content.hpp"
#include "producers/poll/renaming.hpp"
#include "producers/poll/retraction.hpp"

namespace feedwatch::polling {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

const timestamp t0 = parse_rfc3339("2026-11-25T12:00:00Z").value();

std::vector<item> numbered(int first, int last) {
    std::vector<item> out;
    for (int n = first; n <= last; ++n) {
        item& i = out.emplace_back();
        i.guid = i.title = std::to_string(n);
        i.id = item_id(std::to_string(n));
    }
    return out;
}

TEST(compare, an_item_is_forgotten_by_when_it_was_last_there) {
    const window_limits limits{10h, 100};
    const auto first = compare({}, numbered(1, 3), t0, limits);
    EXPECT_THAT(first.fresh, ElementsAre(0, 1, 2));
    const auto second = compare(first.window, numbered(3, 4), t0 + 9h, limits);
    EXPECT_THAT(second.fresh, ElementsAre(1));
    EXPECT_EQ(second.window.size(), 4u);  // 1 and 2 are remembered
    const auto third = compare(second.window, numbered(1, 1), t0 + 10h, limits);
    EXPECT_THAT(third.fresh, IsEmpty());
    const auto later = compare(second.window, numbered(3, 4), t0 + 11h, limits);
    EXPECT_EQ(later.window.size(), 2u);
}
TEST(refreshed, keeps_what_was_in_the_last_document_and_lets_the_rest_age) {
    const window_limits limits{10h, 100};
    auto window = compare({}, numbered(1, 2), t0, limits).window;
    window = compare(window, numbered(2, 3), t0 + 1h, limits).window;
    EXPECT_EQ(present_in_last(window), 2u);
    window = refreshed(window, t0 + 9h, limits);
    EXPECT_EQ(window.size(), 3u);
    window = refreshed(window, t0 + 18h, limits);
    EXPECT_EQ(window.size(), 2u);
    EXPECT_EQ(present_in_last(window), 2u);
}
TEST(compare, past_the_limit_what_left_longest_ago_goes_first) {
    const window_limits limits{1000h, 5};
    auto window = compare({}, numbered(1, 3), t0, limits).window;
    window = compare(window, numbered(4, 5), t0 + 1h, limits).window;
    window = compare(window, numbered(6, 8), t0 + 2h, limits).window;
    ASSERT_EQ(window.size(), 5u);
    EXPECT_EQ(window[3].id, "4");
    EXPECT_EQ(window[4].id, "5");
}
TEST(compare, the_largest_window_fits_a_record) {
    poll p;
    p.feed = feed_id(std::string(64, 'f'));
    for (std::size_t i = 0; i < window_limits{}.entries_max; ++i)
        p.window.push_back({"1:" + std::string(32, 'a'), std::string(32, 'b'), t0 + 123ms, "1:" + std::string(32, 'c'),
                            ~0U, ~0U, ~0U, false});
    p.boilerplate.assign(512, std::string(32, 'c'));
    p.warnings.assign(20, std::string(300, '"'));
    p.detail = std::string(2000, '"');
    p.etag = p.last_modified = std::string(1024, '"');
    p.events.assign(
        6, {"possibly_missed", ~0U, std::string(2000, '"'), std::vector<std::string>(50, "1:" + std::string(32, 'a')),
            std::vector<std::string>(6, "served_by")});
    EXPECT_LE(to_json(p).size(), record_bytes_max);
}

// An item that stays in the document stays known, however it is answered; one that left is forgotten a window later.
TEST(refreshed, months_of_unchanged_documents_forget_nothing_that_is_there) {
    const window_limits limits{30 * 24h, 100};
    auto window = compare({}, numbered(1, 3), t0, limits).window;
    window = compare(window, numbered(2, 4), t0 + 1h, limits).window;
    timestamp now = t0 + 1h;
    for (int day = 1; day <= 90; ++day) window = refreshed(window, now += 24h, limits);
    EXPECT_EQ(window.size(), 3u);
    const auto back = compare(window, numbered(1, 4), now + 1h, limits);
    EXPECT_THAT(back.fresh, ElementsAre(0)) << "1 was forgotten";
}
TEST(refreshed, a_document_without_items_forgets_nothing_at_once) {
    const window_limits limits{30 * 24h, 100};
    auto window = compare({}, numbered(1, 3), t0, limits).window;
    const auto empty = compare(window, {}, t0 + 1h, limits);
    EXPECT_THAT(empty.retracted, IsEmpty());
    window = refreshed(empty.window, t0 + 2h, limits);
    EXPECT_THAT(compare(window, numbered(1, 3), t0 + 3h, limits).fresh, IsEmpty());
}

// fault 33
TEST(compare, a_clock_that_was_set_back_does_not_confuse_what_left_with_what_is_there) {
    const window_limits limits{30 * 24h, 100};
    auto window = compare({}, numbered(1, 3), t0, limits).window;
    window = compare(window, numbered(3, 5), t0 - 1h, limits).window;
    EXPECT_EQ(present_in_last(window), 3u);
    EXPECT_FALSE(compare(window, numbered(1, 2), t0 - 30min, limits).overlap);
    window = refreshed(window, t0 - 2h, limits);
    EXPECT_EQ(present_in_last(window), 3u);
}
TEST(is_mass_change, is_of_more_items_than_kept_theirs_and_of_a_quarter_of_the_document) {
    EXPECT_TRUE(is_mass_change({.renamed = 5, .same_words = 0, .kept = 4, .items = 9}));
    EXPECT_FALSE(is_mass_change({.renamed = 5, .same_words = 5, .kept = 5, .items = 10}));
    EXPECT_TRUE(is_mass_change({.renamed = 5, .same_words = 0, .kept = 0, .items = 20}));
    EXPECT_FALSE(is_mass_change({.renamed = 5, .same_words = 5, .kept = 0, .items = 21}));
    EXPECT_FALSE(is_mass_change({.renamed = 1, .same_words = 0, .kept = 0, .items = 1}));
    EXPECT_TRUE(is_mass_change({.renamed = 1, .same_words = 1, .kept = 0, .items = 1}));
    EXPECT_FALSE(is_mass_change({.renamed = 0, .same_words = 0, .kept = 0, .items = 0}));
}
TEST(order_of, is_told_by_dates_and_else_by_where_new_items_stand) {
    const auto dated = [](const std::vector<int>& hours) {
        std::vector<item> out(hours.size());
        for (std::size_t at = 0; at < hours.size(); ++at) {
            if (hours[at] >= 0) out[at].published = t0 + std::chrono::hours{hours[at]};
        }
        return out;
    };
    const auto order = [&](const std::vector<int>& hours, const std::vector<bool>& known) {
        return order_of(dated(hours), known);
    };
    EXPECT_EQ(order({3, -1, 2, 1}, {true, true, true, true}), document_order::newest_first);
    EXPECT_EQ(order({1, 2, 3}, {false, true, true}), document_order::oldest_first);
    EXPECT_EQ(order({1, 3, 2, 4}, {true, true, true, true}), document_order::unknown);
    EXPECT_EQ(order({-1, -1, -1}, {false, true, true}), document_order::newest_first);
    EXPECT_EQ(order({-1, -1, -1}, {true, true, false}), document_order::oldest_first);
    EXPECT_EQ(order({-1, -1, -1}, {true, false, true}), document_order::unknown);
    EXPECT_EQ(order({-1, -1}, {true, true}), document_order::unknown);
    EXPECT_EQ(order({-1, -1}, {false, false}), document_order::unknown);
    EXPECT_EQ(order({}, {}), document_order::unknown);
}
TEST(retracted, at_least_two_older_ones_must_remain) {
    using order = document_order;
    const auto at = [](std::size_t place) { return was_there{place, false}; };
    const was_there gone;
    EXPECT_THAT(retracted({gone, at(0), at(1)}, order::newest_first), ElementsAre(0));
    EXPECT_THAT(retracted({gone, at(0)}, order::newest_first), IsEmpty()) << "it may be pinned";
    EXPECT_THAT(retracted({gone, at(0), at(1)}, order::oldest_first), IsEmpty());
    EXPECT_THAT(retracted({at(0), at(1), gone}, order::oldest_first), ElementsAre(2));
    EXPECT_THAT(retracted({gone, at(0), at(1)}, order::unknown), IsEmpty());
    EXPECT_THAT(retracted({at(0), at(1), gone, at(2), at(3)}, order::unknown), ElementsAre(2));
    EXPECT_THAT(retracted({gone, at(1), at(0)}, order::newest_first), IsEmpty()) << "in no order";
    EXPECT_THAT(retracted({gone, at(1), {0, true}, at(2)}, order::newest_first), ElementsAre(0)) << "an update moved";
    EXPECT_THAT(retracted({gone, gone, gone, at(0), at(1)}, order::newest_first), IsEmpty()) << "another selection";
    EXPECT_THAT(retracted({}, order::newest_first), IsEmpty());
}

}  // namespace
}  // namespace feedwatch::polling
