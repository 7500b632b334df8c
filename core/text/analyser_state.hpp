// What an analyser holds: the rules that find words, of which analyser.cpp has those of whole tokens and
// folded_words.cpp the quick way to folded words alone. Private to core/text.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/text/analysis.hpp"
#include "core/text/character.hpp"
#include "core/text/dictionary.hpp"
#include "core/text/letters.hpp"
#include "core/text/words.hpp"

namespace feedwatch::text {

// What a byte is to the quick way through ASCII.
enum : std::uint8_t { inside = 1, starts = 2, looks_ahead = 4 };
inline constexpr std::array<std::uint8_t, 256> ascii = [] {
    std::array<std::uint8_t, 256> t{};
    for (std::size_t c = 0; c < 256; ++c) {
        const auto byte = static_cast<unsigned char>(c);
        if (c >= 0x80 || c == '\'' || c == '.' || c == ',' || c == ';') t[c] = looks_ahead;
        if (is_ascii_word(byte)) t[c] = inside;
        if (is_ascii_word(byte) && c != '_') t[c] = inside | starts;
    }
    return t;
}();

enum class elision { none, french, italian, catalan };

// Appends to a vector whose size is ahead of what is written: one that grows word by word takes longer than the words.
class folded_words {
  public:
    explicit folded_words(std::vector<folded_word>& out) : out_(out) { out_.resize(out_.capacity()); }

    void push_back(const folded_word& w) { *room_for(1) = w, ++size_; }
    // Room for so many after those that are there, which advance_to() then takes in.
    folded_word* room_for(std::size_t more) {
        if (out_.size() - size_ < more) out_.resize(2 * out_.size() + more);
        return out_.data() + size_;
    }
    void advance_to(const folded_word* end) noexcept { size_ = static_cast<std::size_t>(end - out_.data()); }
    void finish() { out_.resize(size_); }

  private:
    std::vector<folded_word>& out_;
    std::size_t size_ = 0;
};

struct analyser::state {
    words forms;
    const two_byte_letters& alphabets = two_byte_letters::all();
    dictionary_breaker dictionary;
    std::string_view text;
    analysed_text* out = nullptr;
    folded_words* folded = nullptr;  // where only these are wanted: instead of `out`
    std::uint8_t stemmer = 0;
    elision elides = elision::none;
    std::uint32_t position = 0;
    std::size_t folded_size = 0;  // bytes of out->folded that are written; it is cut to that at the end

    // Words that were found and asked for, but not looked at yet: their cache lines are on the way meanwhile.
    struct asked_word {
        std::size_t begin = 0;
        std::size_t end = 0;
        words::place at;
    };
    static constexpr std::size_t asked_max = 8;
    std::array<asked_word, asked_max> asked{};
    std::size_t asked_from = 0;
    std::size_t asked_to = 0;

    void run();
    void add(std::size_t begin, std::size_t end);
    void add_folded(std::size_t begin, std::size_t end);
    std::size_t step_folded(std::size_t at);
    void run_folded();
    std::size_t scan_folded(std::size_t begin);
    void look_up(const asked_word& w);
    std::size_t scan_word(std::size_t begin);
    std::size_t scan_dictionary(std::size_t begin);
    std::size_t scan_other(std::size_t begin);
    void add_elided(std::size_t begin, std::size_t end);

    [[nodiscard]] unsigned char byte(std::size_t i) const { return static_cast<unsigned char>(text[i]); }
    [[nodiscard]] bool ends_here(std::size_t at) const;
    [[nodiscard]] word_class class_at(std::size_t at) const;
    [[nodiscard]] bool joins(word_class middle, word_class before, std::size_t after) const;
    [[nodiscard]] std::size_t possessive_end(std::size_t apostrophe) const;
    [[nodiscard]] char sigil_before(std::size_t begin) const;
};

}  // namespace feedwatch::text
