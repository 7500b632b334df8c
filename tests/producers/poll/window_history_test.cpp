// Random histories of a feed, in which everything happens that a publisher may do: what compare() says must be what the
// oracle says, and some things must hold whatever happens.
#include <gmock/gmock.h>

#include <algorithm>
#include <random>
#include <set>

#include "core/hash.hpp"
#include "producers/parse/parse.hpp"
#include "producers/poll/content.hpp"
#include "producers/poll/identity.hpp"
#include "tests/producers/poll/window_oracle.hpp"

namespace feedwatch::polling {
namespace {

using namespace std::chrono_literals;

class publisher {
  public:
    explicit publisher(std::uint64_t seed) : random_(seed) {
        dated_ = chance(0.5);
        falling_ = chance(0.8);
        one_link_ = chance(0.15);
        few_words_ = chance(0.2);
        churning_ = chance(0.15);
        const auto items = below(12);
        for (std::size_t n = 0; n < items; ++n) add();
    }

    [[nodiscard]] std::vector<item> next_document() {
        switch (below(12)) {
            case 0:
                rename();
                break;
            case 1:
                move_host();
                break;
            case 2:
                if (!items_.empty()) items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(below(items_.size())));
                break;
            case 3:
                if (!items_.empty()) items_[below(items_.size())].title += " (corrected)";
                break;
            case 4:
                if (chance(0.3)) std::shuffle(items_.begin(), items_.end(), random_);
                break;
            case 5:
                if (!gone_.empty()) items_.push_back(gone_[below(gone_.size())]);
                break;
            case 6:
                if (chance(0.3)) items_.clear();
                break;
            default:
                for (std::size_t n = below(4); n > 0; --n) add();
        }
        if (churning_) rename();
        while (items_.size() > 10) {
            const auto oldest = falling_ ? items_.end() - 1 : items_.begin();
            gone_.push_back(*oldest);
            items_.erase(oldest);
        }
        std::vector<item> out = items_;
        (void)identify(out, feed_id("f"));
        return out;
    }

    [[nodiscard]] bool chance(double p) { return std::uniform_real_distribution<double>(0, 1)(random_) < p; }
    [[nodiscard]] std::size_t below(std::size_t n) { return random_() % n; }

  private:
    void add() {
        const std::string n = std::to_string(++last_);
        item i;
        if (!chance(0.1)) i.guid = "g" + n;
        i.canonical_url = "https://" + host_ + (one_link_ ? "/" : "/" + n);
        if (chance(0.05)) i.canonical_url.clear();
        i.title = few_words_ ? "Briefing " + std::to_string(below(3)) : "Title " + n;
        if (!chance(0.2)) i.content_html = few_words_ ? "Read more" : "Text " + n;
        if (dated_) i.published = timestamp{} + std::chrono::hours{last_};
        items_.insert(falling_ ? items_.begin() : items_.end(), i);
    }
    void rename() {
        const std::string with = std::to_string(random_() % 5);
        for (item& i : items_) i.guid = chance(0.9) ? i.guid.substr(0, i.guid.find('?')) + "?" + with : i.guid;
    }
    void move_host() {
        host_ = "h" + std::to_string(below(3)) + ".example";
        for (item& i : items_) {
            if (i.canonical_url.empty()) continue;
            i.canonical_url = "https://" + host_ + i.canonical_url.substr(i.canonical_url.find('/', 8));
        }
    }

    std::mt19937_64 random_;
    bool dated_, falling_, one_link_, few_words_, churning_;
    std::string host_ = "h.example";
    int last_ = 0;
    std::vector<item> items_, gone_;
};

struct tally {
    std::size_t renamed = 0, retracted = 0, reappeared = 0, fresh = 0;
};

void play(std::uint64_t seed, tally& seen) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    publisher p(seed);
    std::vector<window_entry> window;
    timestamp now = parse_rfc3339("2026-11-25T12:00:00Z").value();
    const window_limits limits{20h, 25};
    for (int poll = 0; poll < 20; ++poll, now += 1h) {
        const std::vector<item> items = p.next_document();
        const bool whole = p.chance(0.9);
        const comparison is = compare(window, items, now, limits, whole);
        const comparison should = oracle::compare(window, items, now, limits, whole);
        ASSERT_EQ(is.fresh, should.fresh);
        ASSERT_EQ(is.updated, should.updated);
        ASSERT_EQ(is.known, should.known);
        ASSERT_EQ(is.overlap, should.overlap);
        ASSERT_EQ(is.renamed, should.renamed);
        ASSERT_EQ(is.reappeared, should.reappeared);
        ASSERT_EQ(is.retracted, should.retracted);
        ASSERT_TRUE(is.window == should.window) << "poll " << poll;

        ASSERT_EQ(is.fresh.size() + is.updated.size() + is.known, items.size());
        ASSERT_LE(is.window.size(), limits.entries_max);
        for (std::size_t at = 0; at < items.size(); ++at) {
            const window_entry& e = is.window[at];
            ASSERT_EQ(e.alias.empty() ? e.id : e.alias, items[at].id.str());
        }
        // The same document again, or in another process that read the window from its record, says nothing new.
        const comparison again = compare(is.window, items, now + 1min, limits, whole);
        ASSERT_TRUE(again.fresh.empty());
        ASSERT_EQ(again.known, items.size());
        ASSERT_TRUE(again.retracted.empty() && again.renamed.empty() && again.reappeared.empty());
        if (p.chance(0.03)) now -= 3h;  // the clock is set back
        window = p.chance(0.1) ? refreshed(is.window, now + 30min, limits) : is.window;
        seen.renamed += is.renamed.size();
        seen.retracted += is.retracted.size();
        seen.reappeared += is.reappeared.size();
        seen.fresh += is.fresh.size();
    }
}

TEST(histories, are_read_as_the_oracle_reads_them) {
    tally seen;
    for (std::uint64_t seed = 1; seed <= 3000 && !HasFatalFailure(); ++seed) play(seed, seen);
    EXPECT_GT(seen.renamed, 10'000u) << "too little happened to prove anything";
    EXPECT_GT(seen.retracted, 500u);
    EXPECT_GT(seen.reappeared, 50u);
    EXPECT_GT(seen.fresh, 10'000u);
}

}  // namespace
}  // namespace feedwatch::polling
