// A query's words, analysed in a language: what a word of a text must be to match.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/text/analysis.hpp"
#include "processors/match/query.hpp"

namespace feedwatch::match_query {

struct term {
    enum class kind : std::uint8_t { word, exact, pattern };
    enum kind is = kind::word;
    char sigil = 0;            // '#' or '@': matches only where that stands before the word
    std::uint64_t word = 0;    // of word: hash64 of the folded word
    std::uint64_t stem = 0;    // of word: hash64 of its stem
    std::uint64_t exact = 0;   // of exact
    std::string pattern;       // of pattern: folded
    std::uint32_t length = 0;  // bytes of the word: longer ones are rarer
    friend bool operator==(const term&, const term&) = default;
};

[[nodiscard]] bool matches(const term& t, const text::analysed_text& in, const text::token& at) noexcept;

// The terms of one written word, in order: the parts of a hyphenated one, the words of a run of CJK.
class term_maker {
  public:
    std::vector<term> make(const word& w, std::string_view language);

  private:
    void add_pattern(std::string_view chunk, std::string_view language, std::vector<term>& out);
    void add_plain(std::string_view chunk, bool exact, std::string_view language, std::vector<term>& out);
    text::analyser analyser_;
    text::analysed_text analysed_;
};

}  // namespace feedwatch::match_query
