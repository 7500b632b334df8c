#include "processors/dedup/fingerprint.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <numeric>

#include "core/text/word_hash.hpp"
#include "processors/dedup/names.hpp"
#include "processors/dedup/surroundings.hpp"
#include "processors/dedup/winnowing.hpp"

namespace feedwatch::dedup {
namespace {

// The finaliser of SplitMix64: every input bit reaches every output bit.
constexpr std::uint64_t mix(std::uint64_t x) noexcept {
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31U);
}

constexpr std::uint64_t first_of_chain = 0x9E3779B97F4A7C15ULL;

constexpr std::uint64_t end_of_chain(std::uint64_t hash, std::size_t words) noexcept {
    if (words == 0) return 0;
    hash = mix(hash + words);
    return hash == 0 ? 1 : hash;  // 0 says "none"
}
constexpr std::uint64_t chained(std::uint64_t hash, std::uint64_t word, std::uint64_t next) noexcept {
    return text::folded_product(hash ^ word, next ^ 0xBF58476D1CE4E5B9ULL);
}

std::uint64_t hash_words(const std::vector<text::folded_word>& words) noexcept {
    std::uint64_t hash = first_of_chain;
    std::size_t i = 0;
    for (; i + 2 <= words.size(); i += 2) hash = chained(hash, words.data()[i].word, words.data()[i + 1].word);
    if (i < words.size()) hash = chained(hash, words.back().word, 0);
    return end_of_chain(hash, words.size());
}

// Words are hashes already: one multiplication keeps their places apart, and one makes all bits depend on all.
constexpr std::uint64_t shingle(std::uint64_t first, std::uint64_t second, std::uint64_t third) noexcept {
    const std::uint64_t joined = first + std::rotl(second, 21) * 0xD6E8FEB86659FD93ULL + std::rotl(third, 42);
    return text::folded_product(joined ^ (joined >> 32U), 0xFF51AFD7ED558CCDULL);
}

constexpr std::uint16_t top16(std::uint64_t hash) noexcept {
    return static_cast<std::uint16_t>(hash >> 48U);
}
// Anchors are minima by the high half, which is therefore no hash of them any more: the low half is.
constexpr std::uint32_t low32(std::uint64_t hash) noexcept {
    return static_cast<std::uint32_t>(hash);
}

// The low halves of the hashes at the smallest values' positions, each once, in the order of the text. Neighbouring
// runs mostly have the same smallest value.
void take_anchors(const std::vector<std::uint32_t>& minima, const std::vector<std::uint64_t>& hashes,
                  std::vector<std::uint32_t>& out) {
    out.resize(minima.size());
    std::size_t places = 0;
    std::uint32_t before = minima.empty() ? 0 : ~minima.front();
    for (const std::uint32_t m : minima) {
        out[places] = m;
        places += static_cast<std::size_t>(m != before);
        before = m;
    }
    // What a text repeats has the same hash at several places.
    constexpr std::size_t filter_bits = 1024;
    std::array<std::uint64_t, filter_bits / 64> filter{};
    std::size_t taken = 0;
    for (std::size_t i = 0; i < places; ++i) {
        const std::uint32_t anchor = low32(hashes[position_of(out[i])]);
        std::uint64_t& part = filter[anchor % filter_bits / 64];
        const std::uint64_t bit = std::uint64_t{1} << (anchor % 64);
        const auto end = out.begin() + static_cast<std::ptrdiff_t>(taken);
        if ((part & bit) != 0 && std::find(out.begin(), end, anchor) != end) continue;
        part |= bit;
        out[taken++] = anchor;
    }
    out.resize(taken);
}

// Distinct values, few of them: each goes where as many are smaller. No branch depends on the values.
void sort_few(std::vector<std::uint32_t>& values, std::vector<std::uint32_t>& buffer) {
    constexpr std::size_t few = 40;
    if (values.size() > few) {
        std::ranges::sort(values);
        return;
    }
    buffer = values;
    for (const std::uint32_t v : buffer) {
        std::size_t smaller = 0;
        for (const std::uint32_t other : buffer) smaller += static_cast<std::size_t>(other < v);
        values[smaller] = v;
    }
}

// By the low byte, then by the high one; both are counted in one table.
void sort_distinct(std::vector<std::uint16_t>& values, std::vector<std::uint16_t>& buffer) {
    static_assert(words_max <= std::numeric_limits<std::uint16_t>::max());
    constexpr std::uint32_t one_low = 1, one_high = 1U << 16U;
    std::array<std::uint32_t, 256> places{};
    for (const std::uint16_t v : values) {
        places[v & 0xFFU] += one_low;
        places[v >> 8U] += one_high;
    }
    std::exclusive_scan(places.begin(), places.end(), places.begin(), 0U);
    buffer.resize(values.size());
    for (const std::uint16_t v : values) {
        std::uint32_t& place = places[v & 0xFFU];
        buffer.data()[place & 0xFFFFU] = v;
        place += one_low;
    }
    for (const std::uint16_t v : buffer) {
        std::uint32_t& place = places[v >> 8U];
        values.data()[place >> 16U] = v;
        place += one_high;
    }
    values.erase(std::unique(values.begin(), values.end()), values.end());
}

// Keeps the `most` smallest distinct values, in order. The same values of two texts are kept or left out alike, which
// is what makes samples of two texts comparable.
void keep_smallest(std::vector<std::uint16_t>& values, std::size_t most) {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    if (values.size() > most) values.resize(most);
}

}  // namespace

void fingerprinter::take(std::string_view title, std::string_view text, fingerprint& out) {
    analyser_.fold_words(title, title_words_);
    analyser_.fold_words(text, text_words_);
    out.title_hash = hash_words(title_words_);
    out.title_words = static_cast<std::uint32_t>(title_words_.size());
    out.words = static_cast<std::uint32_t>(text_words_.size());
    out.text_hash = hash_words(text_words_);
    leave_surroundings(text);
    out.names.clear();
    out.numbers.clear();
    collect_numbers(title_words_, out.numbers);
    collect_names_and_numbers(text, text_words_, out.names, out.numbers);
    keep_smallest(out.names, names_max);
    keep_smallest(out.numbers, numbers_max);
    hash_shingles();
    pick_anchors(out);
    collect_shingles(out);
}

// What stands around a piece makes it no other piece and no longer.
void fingerprinter::leave_surroundings(std::string_view text) {
    const std::string_view piece = without_surroundings(text);
    if (piece.size() == text.size()) return;
    const auto begin = static_cast<std::uint32_t>(piece.data() - text.data());
    const auto at = [this](std::size_t offset) {
        return std::ranges::lower_bound(text_words_, offset, {}, &text::folded_word::offset);
    };
    text_words_.erase(at(begin + piece.size()), text_words_.end());
    text_words_.erase(text_words_.begin(), at(begin));
}

void fingerprinter::hash_shingles() {
    const std::size_t words = std::min(text_words_.size(), words_max);
    hashes_.resize(words < shingle_words ? 0 : words - shingle_words + 1);
    placed_.resize(hashes_.size());
    const text::folded_word* const word = text_words_.data();
    std::uint64_t* const hashes = hashes_.data();
    std::uint32_t* const places = placed_.data();
    for (std::size_t i = 0, count = hashes_.size(); i < count; ++i) {
        const std::uint64_t hash = shingle(word[i].word, word[i + 1].word, word[i + 2].word);
        hashes[i] = hash;
        places[i] = placed(hash, i);
    }
}

void fingerprinter::pick_anchors(fingerprint& out) {
    static_assert(words_max <= std::size_t{1} << position_bits);
    const bool is_short = hashes_.size() < short_shingles;
    const std::size_t asked = widen(placed_, 1, is_short ? 1 : asked_window);
    take_anchors(placed_, hashes_, out.asked);
    widen(placed_, asked, is_short ? short_anchor_window : anchor_window);
    take_anchors(placed_, hashes_, out.anchors);
    sort_few(out.anchors, unsorted_anchors_);
}

void fingerprinter::collect_shingles(fingerprint& out) {
    out.shingles.resize(hashes_.size());
    std::ranges::transform(hashes_, out.shingles.begin(), top16);
    sort_distinct(out.shingles, unsorted_);
}

std::span<const std::uint16_t> fingerprint::evidence() const noexcept {
    return std::span(shingles).first(
        std::min(shingles.size(), std::clamp(shingles.size() / 4, evidence_min, evidence_max)));
}

}  // namespace feedwatch::dedup
