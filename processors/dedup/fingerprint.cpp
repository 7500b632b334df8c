#include "processors/dedup/fingerprint.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>

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

constexpr std::uint64_t chained(std::uint64_t hash, std::uint64_t word) noexcept {
    return mix(hash ^ word) + 0x9E3779B97F4A7C15ULL;
}
constexpr std::uint64_t end_of_chain(std::uint64_t hash, std::size_t words) noexcept {
    if (words == 0) return 0;
    return hash == 0 ? 1 : hash;  // 0 says "none"
}

std::uint64_t hash_words(const std::vector<text::folded_word>& words) noexcept {
    std::uint64_t hash = first_of_chain;
    for (const text::folded_word& w : words) hash = chained(hash, w.word);
    return end_of_chain(hash, words.size());
}

constexpr std::uint16_t top16(std::uint64_t hash) noexcept {
    return static_cast<std::uint16_t>(hash >> 48U);
}
// Anchors are minima by the high half, which is therefore no hash of them any more: the low half is.
constexpr std::uint32_t low32(std::uint64_t hash) noexcept {
    return static_cast<std::uint32_t>(hash);
}

void sort_distinct(std::vector<std::uint32_t>& values) {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
}

// Neighbouring runs mostly have the same smallest value.
void take_anchors(const std::vector<std::uint64_t>& minima, std::vector<std::uint32_t>& out) {
    out.resize(minima.size());
    std::size_t taken = 0;
    std::uint64_t before = minima.empty() ? 0 : ~minima.front();
    for (const std::uint64_t m : minima) {
        out[taken] = low32(m);
        taken += static_cast<std::size_t>(m != before);
        before = m;
    }
    out.resize(taken);
    sort_distinct(out);
}

// By the low byte, then by the high one.
void sort_distinct(std::vector<std::uint16_t>& values, std::vector<std::uint16_t>& buffer) {
    std::array<std::uint32_t, 256> low{};
    std::array<std::uint32_t, 256> high{};
    for (const std::uint16_t v : values) {
        ++low[v & 0xFFU];
        ++high[v >> 8U];
    }
    std::exclusive_scan(low.begin(), low.end(), low.begin(), 0U);
    std::exclusive_scan(high.begin(), high.end(), high.begin(), 0U);
    buffer.resize(values.size());
    for (const std::uint16_t v : values) buffer[low[v & 0xFFU]++] = v;
    for (const std::uint16_t v : buffer) values[high[v >> 8U]++] = v;
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
    const std::optional<std::uint64_t> whole = leave_surroundings(text);
    out.names.clear();
    out.numbers.clear();
    collect_numbers(title, title_words_, out.numbers);
    collect_names_and_numbers(text, text_words_, out.names, out.numbers);
    keep_smallest(out.names, names_max);
    keep_smallest(out.numbers, numbers_max);
    out.text_hash = hash_text();
    if (whole) out.text_hash = *whole;
    pick_anchors(out);
    collect_shingles(out);
}

// What stands around a piece makes it no other piece and no longer. The hash of all words is the result, where there
// is such.
std::optional<std::uint64_t> fingerprinter::leave_surroundings(std::string_view text) {
    const std::string_view piece = without_surroundings(text);
    if (piece.size() == text.size()) return std::nullopt;
    const std::uint64_t whole = hash_words(text_words_);
    const auto begin = static_cast<std::uint32_t>(piece.data() - text.data());
    const auto at = [this](std::size_t offset) {
        return std::ranges::lower_bound(text_words_, offset, {}, &text::folded_word::offset);
    };
    text_words_.erase(at(begin + piece.size()), text_words_.end());
    text_words_.erase(text_words_.begin(), at(begin));
    return whole;
}

// The text's hash is one long chain: what is computed beside it costs next to nothing.
std::uint64_t fingerprinter::hash_text() {
    const std::size_t words = std::min(text_words_.size(), words_max);
    hashes_.resize(words < shingle_words ? 0 : words - shingle_words + 1);
    std::uint64_t text = first_of_chain;
    for (std::size_t i = 0; i < hashes_.size(); ++i) {
        const std::uint64_t joined = mix(text_words_[i].word + 0x9E3779B97F4A7C15ULL) ^
                                     std::rotl(mix(text_words_[i + 1].word), 21) ^
                                     std::rotl(mix(text_words_[i + 2].word ^ 0xD6E8FEB86659FD93ULL), 42);
        hashes_[i] = mix(joined);
        text = chained(text, text_words_[i].word);
    }
    for (std::size_t i = hashes_.size(); i < text_words_.size(); ++i) text = chained(text, text_words_[i].word);
    return end_of_chain(text, text_words_.size());
}

void fingerprinter::pick_anchors(fingerprint& out) {
    const bool is_short = hashes_.size() < short_shingles;
    minima_ = hashes_;
    const std::size_t asked = widen(minima_, 1, is_short ? 1 : asked_window);
    take_anchors(minima_, out.asked);
    widen(minima_, asked, is_short ? short_anchor_window : anchor_window);
    take_anchors(minima_, out.anchors);
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
