// Which remembered item the one at hand is a copy of.
#include <algorithm>
#include <limits>

#include "processors/dedup/piece.hpp"
#include "processors/dedup/story_index.hpp"

namespace feedwatch::dedup {
namespace {

// A link that more items than this have in common names a page, not a piece.
constexpr std::size_t items_per_url_max = 16;
// Fewer words are a teaser: they neither prove nor disprove that one link leads to one piece.
constexpr std::uint32_t teaser_words = 20;
// Of the anchors that the shorter of two texts has, one in so many must be common before they are compared: unrelated
// texts share one or two, of phrases. Of 8,000 altered copies of Reuters stories that judge() accepts, none shares less
// than one in ten, nine less than one in five.
constexpr std::size_t anchors_per_common_one = 10;
// Candidates with the most anchors in common that are compared.
constexpr std::size_t candidates_max = 32;
// A copy this close to a member is found wherever that member is.
constexpr double stands_for_resemblance = 0.7, stands_for_containment = 0.8;

}  // namespace

// Set, not history, decides: the most alike, then the head, then the first seen, then the smallest id.
void story_index::keep_better(std::optional<match>& best, const match& m) const {
    if (!best) {
        best = m;
        return;
    }
    const document_view a = store_.at(m.at);
    const document_view b = store_.at(best->at);
    const auto rank = [](const match& x, const document_view& d) {
        return std::tuple(-x.similarity, !d.is_head(), d.first_seen, d.id());
    };
    if (rank(m, a) < rank(*best, b)) best = m;
}

std::optional<story_index::match> story_index::match_url(const piece& p) {
    if (p.url_hash == 0) return std::nullopt;
    std::vector<slot> with_url;
    store_.by_url(p.url_hash, [&](slot s) {
        with_url.push_back(s);
        return with_url.size() <= items_per_url_max;
    });
    if (with_url.size() > items_per_url_max) return std::nullopt;
    std::optional<match> best;
    for (const slot s : with_url) {
        if (!alive(store_.at(s))) continue;
        if (const auto m = compare_same_url(p, s)) keep_better(best, *m);
    }
    return best;
}

// One link does not make one piece: some feeds give all of their items the same. The words must agree, or one side has
// too few to disagree.
std::optional<story_index::match> story_index::compare_same_url(const piece& p, slot s) {
    constexpr double alike = 0.5, alike_under_one_title = 0.2;
    const document_view d = store_.at(s);
    match m{.at = s, .how = likeness::same_url, .similarity = 1, .stands_for_it = true};
    if (p.print->text_hash != 0 && p.print->text_hash == d.text_hash && p.print->words >= teaser_words) return m;
    const auto head = d.is_indexed() ? std::optional{s} : head_of(d);
    const bool comparable = head && store_.at(*head).is_indexed() && p.print->words >= teaser_words &&
                            d.words >= teaser_words && store_.at(*head).words >= teaser_words;
    if (!comparable) {
        m.similarity = p.same_title(d) ? 1 : 0;
        m.stands_for_it = p.print->words < teaser_words;
        const bool joined = p.same_title(d) || (!p.publisher.empty() && !p.same_source(d));
        return joined ? std::optional{m} : std::nullopt;
    }
    const comparison c = comparer_.compare(store_.at(*head));
    m.similarity = c.containment;
    m.stands_for_it = c.resemblance >= stands_for_resemblance || p.print->distinct() <= store_.at(*head).distinct;
    const double needed = p.same_title(d) ? alike_under_one_title : alike;
    return c.containment >= needed ? std::optional{m} : std::nullopt;
}

// Whether a copy of what the item said before is found by what it says now, and will be after the next update: a longer
// version that has all of a shorter one may lose it again.
bool story_index::stands_for(const piece& p, const document_view& before) {
    if (!before.is_indexed() || before.words < same_text_words || p.print->text_hash == before.text_hash) return true;
    const comparison c = comparer_.compare(before);
    return c.resemblance >= stands_for_resemblance && judge(c).has_value();
}

std::optional<story_index::match> story_index::match_text(const piece& p) const {
    const std::uint32_t words = p.print->words;
    if (p.print->text_hash == 0 || words < same_text_same_title_words) return std::nullopt;
    std::optional<match> best;
    std::vector<std::uint16_t> numbers;
    store_.by_text(p.print->text_hash, [&](slot s) {
        const document_view d = store_.at(s);
        if (!alive(d)) return true;
        bool one = p.same_title(d);
        if (!one && p.same_source(d)) {
            one = words >= same_text_same_source_words && std::ranges::equal(p.print->numbers, d.numbers(numbers));
        } else if (!one) {
            one = words >= same_text_words;
        }
        if (one) keep_better(best, {.at = s, .how = likeness::same_text, .similarity = 1, .stands_for_it = true});
        return true;
    });
    return best;
}

// Leaves in candidates_ those of other sources that share most anchors.
void story_index::gather_candidates(const piece& p) {
    candidates_.clear();
    hits_.clear();
    std::size_t asked = 0;
    for (const std::uint32_t anchor : p.print->asked) {
        const bool tells = store_.by_anchor(anchor, [&](slot s) {
            if (!hits_.add(s)) return;
            candidates_.push_back(s);
            store_.expect_anchors_of(s);
        });
        asked += tells ? 1U : 0U;
    }
    // How many of those asked for an equal text would have stored.
    const std::size_t of_asked = asked * p.print->anchors.size() / std::max<std::size_t>(p.print->asked.size(), 1);
    std::erase_if(candidates_, [&](slot s) {
        const std::size_t most = std::min(of_asked, store_.anchors_of(s));
        if (hits_.of(s) * anchors_per_common_one < most) return true;
        const document_view d = store_.at(s);
        return p.same_source(d) || !alive(d);
    });
    if (candidates_.size() > candidates_max) {
        const auto rank = [this](slot s) {
            const document_view d = store_.at(s);
            return std::tuple(-static_cast<int>(hits_.of(s)), d.first_seen, d.id());
        };
        std::ranges::nth_element(candidates_, candidates_.begin() + candidates_max, {}, rank);
        candidates_.resize(candidates_max);
    }
}

std::optional<story_index::match> story_index::match_likeness(const piece& p) {
    gather_candidates(p);
    std::optional<match> best;
    for (const slot s : candidates_) {
        const document_view d = store_.at(s);
        const comparison c = comparer_.compare(d);
        const auto verdict = judge(c);
        if (!verdict) continue;
        const bool inside = p.print->distinct() <= d.distinct && c.containment >= stands_for_containment;
        keep_better(best, {.at = s,
                           .how = verdict->how,
                           .similarity = verdict->similarity,
                           .stands_for_it = c.resemblance >= stands_for_resemblance || inside});
    }
    return best;
}

}  // namespace feedwatch::dedup
