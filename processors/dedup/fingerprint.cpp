#include "processors/dedup/fingerprint.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "processors/dedup/names.hpp"

namespace feedwatch::dedup {
namespace {

// The finaliser of SplitMix64: every input bit reaches every output bit.
constexpr std::uint64_t mix(std::uint64_t x) noexcept {
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31U);
}

std::uint64_t hash_words(const std::vector<text::token>& tokens) noexcept {
    if (tokens.empty()) return 0;
    std::uint64_t hash = 0x9E3779B97F4A7C15ULL;
    for (const text::token& t : tokens) hash = mix(hash ^ t.word) + 0x9E3779B97F4A7C15ULL;
    return hash == 0 ? 1 : hash;  // 0 says "none"
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

// Keeps the `most` smallest distinct values, in order. The same values of two texts are kept or left out alike, which
// is what makes samples of two texts comparable.
void keep_smallest(std::vector<std::uint16_t>& values, std::size_t most) {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    if (values.size() > most) values.resize(most);
}

}  // namespace

fingerprinter::fingerprinter() : bitmap_((1U << 16U) / 64U), filled_(bitmap_.size() / 64U) {}

void fingerprinter::take(std::string_view title, std::string_view text, fingerprint& out) {
    analyser_.analyse(title, {}, title_tokens_);
    analyser_.analyse(text, {}, text_tokens_);
    out.title_hash = hash_words(title_tokens_.tokens);
    out.text_hash = hash_words(text_tokens_.tokens);
    out.title_words = static_cast<std::uint32_t>(title_tokens_.tokens.size());
    out.words = static_cast<std::uint32_t>(text_tokens_.tokens.size());
    out.names.clear();
    out.numbers.clear();
    collect_names(text, text_tokens_.tokens, out.names);
    collect_numbers(title, title_tokens_.tokens, out.numbers);
    collect_numbers(text, text_tokens_.tokens, out.numbers);
    keep_smallest(out.names, names_max);
    keep_smallest(out.numbers, numbers_max);
    hash_shingles(text_tokens_.tokens);
    const bool is_short = hashes_.size() < short_shingles;
    pick_anchors(is_short ? asked_window : anchor_window, out.anchors);
    pick_anchors(is_short ? 1 : asked_window, out.asked);
    collect_shingles(out);
}

void fingerprinter::hash_shingles(const std::vector<text::token>& tokens) {
    hashes_.clear();
    const std::size_t words = std::min(tokens.size(), words_max);
    for (std::size_t i = 0; i + shingle_words <= words; ++i) {
        const std::uint64_t joined = mix(tokens[i].word + 0x9E3779B97F4A7C15ULL) ^
                                     std::rotl(mix(tokens[i + 1].word), 21) ^
                                     std::rotl(mix(tokens[i + 2].word ^ 0xD6E8FEB86659FD93ULL), 42);
        hashes_.push_back(mix(joined));
    }
}

void fingerprinter::pick_anchors(std::size_t window, std::vector<std::uint32_t>& out) const {
    out.clear();
    if (hashes_.empty()) return;
    window = std::min(window, hashes_.size());
    std::size_t least = hashes_.size();  // position of the smallest in the window; the rightmost of equals
    for (std::size_t end = window; end <= hashes_.size(); ++end) {
        const std::size_t begin = end - window;
        if (least >= hashes_.size() || least < begin) {
            least = begin;
            for (std::size_t i = begin + 1; i < end; ++i) {
                if (hashes_[i] <= hashes_[least]) least = i;
            }
        } else if (hashes_[end - 1] <= hashes_[least]) {
            least = end - 1;
        } else {
            continue;
        }
        out.push_back(low32(hashes_[least]));
    }
    sort_distinct(out);
}

void fingerprinter::collect_shingles(fingerprint& out) {
    for (const std::uint64_t hash : hashes_) {
        const std::uint16_t s = top16(hash);
        bitmap_[s / 64U] |= std::uint64_t{1} << (s % 64U);
        filled_[s / 4096U] |= std::uint64_t{1} << (s / 64U % 64U);
    }
    out.shingles.clear();
    for (std::size_t f = 0; f < filled_.size(); ++f) {
        for (std::uint64_t words = std::exchange(filled_[f], 0); words != 0; words &= words - 1) {
            const std::size_t i = f * 64U + static_cast<unsigned>(std::countr_zero(words));
            for (std::uint64_t word = std::exchange(bitmap_[i], 0); word != 0; word &= word - 1) {
                out.shingles.push_back(
                    static_cast<std::uint16_t>(i * 64U + static_cast<unsigned>(std::countr_zero(word))));
            }
        }
    }
}

std::span<const std::uint16_t> fingerprint::evidence() const noexcept {
    return std::span(shingles).first(
        std::min(shingles.size(), std::clamp(shingles.size() / 4, evidence_min, evidence_max)));
}

}  // namespace feedwatch::dedup
