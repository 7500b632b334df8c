// Titles and texts are analysed once, here, for dedup and match alike: Unicode normal form, case folding, words (CJK
// too), stems by language. Pure and deterministic; an analyser holds ICU and Snowball objects, so keep one per thread.
// docs/topics.md ("How text is read") says the rules that users see.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace feedwatch::text {

struct token {
    std::uint64_t word = 0;      // hash64 of the folded word ("1750" for "1,750"; "u.s." and "US" alike)
    std::uint64_t stem = 0;      // hash64 of its stem in the text's language; equals `word` where there is none
    std::uint64_t exact = 0;     // hash64 of the word as written (possessive stripped), for =Exact
    std::uint32_t offset = 0;    // bytes in the analysed text
    std::uint32_t length = 0;    // bytes in the analysed text
    std::uint32_t position = 0;  // counts words; parts of a hyphenated word have positions of their own
    std::uint32_t folded = 0;    // offset of the folded word in analysed_text::folded
    std::uint32_t folded_length = 0;
    std::uint16_t stem_length = 0;  // bytes of the stem's text; 0: the stem is the word
    bool stem_apart = false;        // the stem's text follows the word's in `folded`; otherwise it is a prefix of it
    char sigil = 0;                 // '#' or '@' directly before the word ("#handle"); offset does not include it
};

struct analysed_text {
    std::vector<token> tokens;
    std::string folded;  // the folded words, one after another (for wildcards)

    [[nodiscard]] std::string_view word_text(const token& t) const noexcept {
        return std::string_view(folded).substr(t.folded, t.folded_length);
    }
    [[nodiscard]] std::string_view stem_text(const token& t) const noexcept {
        if (t.stem_length == 0) return word_text(t);
        return std::string_view(folded).substr(t.folded + (t.stem_apart ? t.folded_length : 0), t.stem_length);
    }
};

// A token's word and `offset`: what is needed to tell texts apart.
struct folded_word {
    std::uint64_t word = 0;  // word_hash() of the folded word
    std::uint32_t offset = 0;
    unsigned char first = 0;  // the byte there
};

class analyser {
  public:
    analyser();
    ~analyser();
    analyser(analyser&&) noexcept;
    analyser& operator=(analyser&&) noexcept;

    // `language`: BCP 47, empty for unknown (no stemming). `out` is reused, not appended to. Texts of 4 GiB and more
    // are read up to there.
    void analyse(std::string_view utf8, std::string_view language, analysed_text& out);
    // The words that analyse() finds with no language, for a tenth of its time.
    void fold_words(std::string_view utf8, std::vector<folded_word>& out);

  private:
    struct state;
    std::unique_ptr<state> state_;
};

// "en", "de", "ar" ...; "" where the text is too short or unclear (CLD2).
[[nodiscard]] std::string detect_language(std::string_view utf8);

// Lower-case primary subtag ("en" of "en-US", "pt" of "pt_BR"), with ISO 639 aliases made one ("iw" is "he", "nb" and
// "nn" are "no"); "" for something that is no language tag.
[[nodiscard]] std::string primary_language(std::string_view tag);

// Whether there is a stemmer for the primary language.
[[nodiscard]] bool has_stemmer(std::string_view primary) noexcept;

}  // namespace feedwatch::text
