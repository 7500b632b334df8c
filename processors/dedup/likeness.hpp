// Whether two texts are one piece of writing, from what is stored of one and the whole of the other.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/record/duplicate.hpp"
#include "processors/dedup/document.hpp"
#include "processors/dedup/fingerprint.hpp"

namespace feedwatch::dedup {

// Words from which equal texts are one piece: with the same title; from another source; and from the same source under
// another title (below, it is a caption, a sign-up text or the blurb of a series).
inline constexpr std::uint32_t same_text_same_title_words = 8;
inline constexpr std::uint32_t same_text_words = 20;
inline constexpr std::uint32_t same_text_same_source_words = 80;

struct comparison {
    double resemblance = 0;    // Jaccard's, of the shingles
    double containment = 0;    // of the shorter's shingles in the longer
    double length_ratio = 0;   // shorter to longer, 0..1
    std::uint32_t sample = 0;  // shingles of the shorter that the containment was measured on
    std::uint32_t words_shorter = 0;
    // Share of the names and numbers of the one with fewer that the other has too; 1 where there are too few to say, or
    // where the containment says no already.
    double names = 1;
    double numbers = 1;
    std::uint32_t facts = 0, facts_common = 0;  // names and numbers of the one with fewer; of them, what both have
};

// Sets a 16-bit hash's bit for each shingle of one text, to compare it with many.
class comparer {
  public:
    comparer();
    ~comparer() = default;
    void load(const fingerprint& f);  // must live, unchanged, until the next load
    [[nodiscard]] comparison compare(const document_view& d);

  private:
    [[nodiscard]] bool has(std::uint16_t s) const noexcept { return ((bitmap_[s / 64U] >> (s % 64U)) & 1U) != 0; }
    void set_bits();

    const fingerprint* loaded_ = nullptr;
    bool bits_are_set_ = false;  // of loaded_: most pieces are compared with nothing
    std::vector<std::uint64_t> bitmap_;
    std::vector<std::uint16_t> loaded_shingles_;           // what is set in it
    std::vector<std::uint16_t> stored_, names_, numbers_;  // buffers
};

struct verdict_of_likeness {
    likeness how = likeness::near;
    double similarity = 0;
};

// For pieces of different sources. nullopt: not proved to be one.
[[nodiscard]] std::optional<verdict_of_likeness> judge(const comparison& c) noexcept;

}  // namespace feedwatch::dedup
