#include "processors/match/pattern.hpp"

namespace feedwatch::match_query {
namespace {

std::size_t next_character(std::string_view s, std::size_t at) noexcept {
    ++at;
    while (at < s.size() && (static_cast<unsigned char>(s[at]) & 0xC0U) == 0x80U) ++at;
    return at;
}

}  // namespace

bool matches_pattern(std::string_view pattern, std::string_view word) noexcept {
    if (word.size() > pattern_word_bytes_max) return false;
    // The last * takes up what is between; going back to earlier ones is never needed.
    std::size_t p = 0;
    std::size_t w = 0;
    std::size_t star = std::string_view::npos;
    std::size_t star_word = 0;
    while (w < word.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = ++p;
            star_word = w;
        } else if (p < pattern.size() && pattern[p] == '?') {
            ++p;
            w = next_character(word, w);
        } else if (p < pattern.size() && pattern[p] == word[w]) {
            ++p;
            ++w;
        } else if (star != std::string_view::npos) {
            p = star;
            star_word = next_character(word, star_word);
            w = star_word;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

}  // namespace feedwatch::match_query
