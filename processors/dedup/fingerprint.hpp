// What dedup knows of one item's words: hashes of title and text, and small samples of the text's shingles by which a
// copy is found (anchors) and proved (evidence, names, numbers). Language-neutral: it works on folded words, never on
// stems, so that a copy whose language was declared differently has the same fingerprint.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/text/analysis.hpp"

namespace feedwatch::dedup {

// Three words: long enough that unrelated texts share few, short enough that one in ten words can change and half
// survive.
inline constexpr std::size_t shingle_words = 3;
// The smallest hash of each run of so many shingles is an anchor (winnowing: Schleimer et al., 2003): two texts that
// share a run of anchor_window + shingle_words - 1 words share an anchor whatever surrounds it. Who asks has those of
// narrower windows, among which are all of these, to meet more of a copy that was altered in between.
inline constexpr std::size_t anchor_window = 38;
inline constexpr std::size_t asked_window = 24;
// A text of fewer shingles stores those of still narrower windows, and asks for all of its shingles.
inline constexpr std::size_t short_shingles = 98;
inline constexpr std::size_t short_anchor_window = 10;
// Past these a text is judged by its beginning. 8,192 words are 15 pages; the 16-bit sketches lose meaning far beyond.
inline constexpr std::size_t words_max = 8192;
// The evidence holds a quarter of the shingles, within these bounds.
inline constexpr std::size_t evidence_min = 96;
inline constexpr std::size_t evidence_max = 512;
inline constexpr std::size_t names_max = 32;
inline constexpr std::size_t numbers_max = 32;

struct fingerprint {
    std::uint64_t title_hash = 0;  // 0: no title
    std::uint64_t text_hash = 0;   // 0: no text
    std::uint32_t title_words = 0;
    std::uint32_t words = 0;              // of the text; these three are of all of it, the rest without surroundings
    std::vector<std::uint32_t> anchors;   // to be found by; distinct, ascending
    std::vector<std::uint32_t> asked;     // to find by; distinct, in the order of the text
    std::vector<std::uint16_t> shingles;  // 16-bit hashes, distinct, ascending
    std::vector<std::uint16_t> names;     // smallest hashes of capitalised words inside sentences, distinct, ascending
    std::vector<std::uint16_t> numbers;   // smallest hashes of the numbers of title and text, distinct, ascending

    // Shingles, each counted once.
    [[nodiscard]] std::uint32_t distinct() const noexcept { return static_cast<std::uint32_t>(shingles.size()); }
    // The smallest of `shingles`, ascending: what is kept of them.
    [[nodiscard]] std::span<const std::uint16_t> evidence() const noexcept;
};

// Holds ICU objects and buffers: keep one per thread.
class fingerprinter {
  public:
    // `out` is reused, not appended to.
    void take(std::string_view title, std::string_view text, fingerprint& out);

  private:
    void leave_surroundings(std::string_view text);
    void hash_shingles();
    void pick_anchors(fingerprint& out);
    void collect_shingles(fingerprint& out);

    text::analyser analyser_;
    std::vector<text::folded_word> title_words_;
    std::vector<text::folded_word> text_words_;
    std::vector<std::uint64_t> hashes_;  // of the shingles, in the order of the text
    std::vector<std::uint32_t> placed_;  // they with their places, and the smallest of runs of these
    std::vector<std::uint32_t> unsorted_anchors_;
    std::vector<std::uint16_t> unsorted_;
};

}  // namespace feedwatch::dedup
