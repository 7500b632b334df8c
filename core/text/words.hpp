// One word as it stands in a text -> its hashes and texts. A pure function of bytes and language, remembered for words
// of everyday length: normalising and stemming cost a hundred times a look-up.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/fold.hpp"
#include "core/text/stem.hpp"

namespace feedwatch::text {

struct word_form {
    std::uint64_t word = 0;
    std::uint64_t stem = 0;
    std::uint64_t exact = 0;
    std::string_view text;  // the folded word and, where `stem_apart`, the stem after it
    std::uint32_t folded_length = 0;
    std::uint16_t stem_length = 0;
    bool stem_apart = false;
};

class words {
  public:
    words();
    std::uint8_t stemmer_of(std::string_view primary) { return stemmers_.index_of(primary); }
    // The views live until the next call. `raw` has no possessive and is not empty; it may be an acronym with its dots.
    word_form form_of(std::string_view raw, std::uint8_t stemmer);

  private:
    // 16 K entries of 96 bytes: 1.5 MB holds the everyday vocabulary of several languages.
    static constexpr std::size_t entries = 1U << 14U;
    static constexpr std::size_t text_bytes_max = 46;
    struct entry {
        std::uint64_t low = 0;
        std::uint64_t high = 0;
        std::uint64_t word = 0;
        std::uint64_t stem = 0;
        std::uint64_t exact = 0;
        std::uint32_t raw_length = 0;  // 0: empty
        std::uint8_t stemmer = 0;
        std::uint8_t folded_length = 0;
        std::uint8_t stem_length = 0;
        bool stem_apart = false;
        std::uint8_t text_length = 0;
        char text[text_bytes_max + 1] = {};
    };

    word_form compute(std::string_view raw, std::uint8_t stemmer);
    void fold_ascii(std::string_view raw);
    void fold_unicode(std::string_view raw);
    void remember(entry& into, const word_form& form) const;

    std::vector<entry> cache_;
    stemmers stemmers_;
    folder folder_;
    std::string compact_;  // raw without what an acronym or a number may be written with
    std::string cased_;    // case-folded, with accents
    std::string exact_;
    std::string text_;
    std::string stem_;
};

// "U.S", "U.S.", "i.c.e": single letters with full stops between them.
[[nodiscard]] bool is_acronym(std::string_view raw) noexcept;

}  // namespace feedwatch::text
