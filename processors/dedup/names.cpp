#include "processors/dedup/names.hpp"

#include <algorithm>
#include <array>

namespace feedwatch::dedup {
namespace {

unsigned char byte_at(std::string_view text, std::size_t i) noexcept {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
}

// Latin, Greek and Cyrillic capitals, by their UTF-8.
bool is_capital(std::string_view text, std::size_t at) noexcept {
    const unsigned char a = byte_at(text, at);
    const unsigned char b = byte_at(text, at + 1);
    if (a < 0x80) return a >= 'A' && a <= 'Z';
    if (a == 0xC3) return b >= 0x80 && b <= 0x9E && b != 0x97;
    if (a == 0xC4 || a == 0xC5) return b % 2 == 0;  // Latin Extended-A alternates, near enough for a sample
    if (a == 0xCE) return b >= 0x86 && b <= 0xA9;
    return a == 0xD0 && b >= 0x80 && b <= 0xAF;
}

// Whether only spaces, quotes and brackets stand between the word and the end of the sentence before.
bool begins_sentence(std::string_view text, std::size_t at) noexcept {
    while (at > 0) {
        const unsigned char c = byte_at(text, --at);
        switch (c) {
            case '.':
            case '!':
            case '?':
            case ':':
            case ';':
            case '\n':
                return true;
            case ' ':
            case '\t':
            case '\r':
            case '"':
            case '\'':
            case '(':
            case '[':
            case '-':
            case '*':
                continue;
            default:
                break;
        }
        if (c < 0x80) return false;
        // The last byte of U+2018..201F (quotes), U+2013/2014 (dashes), U+00A0/AB/BB: look through them.
        const bool general_punctuation = at >= 2 && byte_at(text, at - 2) == 0xE2 && byte_at(text, at - 1) == 0x80;
        if (general_punctuation) {
            at -= 2;
            continue;
        }
        if (at >= 1 && byte_at(text, at - 1) == 0xC2) {
            at -= 1;
            continue;
        }
        return false;
    }
    return true;
}

constexpr bool is_digit(unsigned char c) noexcept {
    return c >= '0' && c <= '9';
}

// First bytes of digits and, possibly, of capitals: most words have another.
constexpr std::array<bool, 256> may_tell = [] {
    std::array<bool, 256> t{};
    for (std::size_t c = 0; c < 256; ++c) t[c] = is_digit(static_cast<unsigned char>(c)) || (c >= 'A' && c <= 'Z');
    for (const std::size_t lead : {0xC3, 0xC4, 0xC5, 0xCE, 0xD0}) t[lead] = true;
    return t;
}();

bool begins_line(std::string_view text, std::size_t at) noexcept {
    while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t')) --at;
    return at == 0 || text[at - 1] == '\n';
}

// The number of "4. Title" and "4) Title", of one or two digits, at the start of a line; 0: there is none.
unsigned enumerator_at(std::string_view text, std::size_t at) noexcept {
    unsigned value = byte_at(text, at) - '0';
    std::size_t end = at + 1;
    if (is_digit(byte_at(text, end))) value = 10 * value + (byte_at(text, end++) - '0');
    const bool marked = byte_at(text, end) == '.' || byte_at(text, end) == ')';
    return marked && byte_at(text, end + 1) == ' ' && begins_line(text, at) ? value : 0;
}

// Whether a line says only when something was published: "14 Aug 2031, 09:15", "Updated 2031-08-14 at 10:02".
bool is_stamp(std::string_view line) noexcept {
    constexpr std::size_t bytes_max = 60;
    constexpr int numbers_most = 5, others_most = 4;
    if (line.size() > bytes_max) return false;
    int numbers = 0, others = 0;
    bool year = false, clock = false;
    for (std::size_t at = 0; at < line.size();) {
        const bool number = is_digit(byte_at(line, at));
        const auto goes_on = [&](unsigned char c) {
            const bool letter = c >= 0x80 || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            return number ? is_digit(c) : letter;
        };
        const std::size_t begin = at;
        while (at < line.size() && goes_on(byte_at(line, at))) ++at;
        if (at == begin) {
            ++at;
            continue;
        }
        ++(number ? numbers : others);
        const std::string_view word = line.substr(begin, at - begin);
        year = year || (number && word.size() == 4 && (word.starts_with("19") || word.starts_with("20")));
        const bool after_hour = byte_at(line, at) == ':' || byte_at(line, at) == 'h';
        clock = clock || (number && word.size() <= 2 && after_hour && is_digit(byte_at(line, at + 1)) &&
                          is_digit(byte_at(line, at + 2)));
    }
    return year && clock && numbers <= numbers_most && others <= others_most;
}

struct range {
    std::size_t begin = 0, end = 0;
    [[nodiscard]] bool has(std::size_t at) const noexcept { return at >= begin && at < end; }
};
range find_stamp(std::string_view text) noexcept {
    constexpr int lines_read = 3;
    std::size_t begin = 0;
    for (int n = 0; n < lines_read && begin < text.size(); ++n) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        if (is_stamp(text.substr(begin, end - begin))) return {begin, end};
        begin = end + 1;
    }
    return {};
}

// The lines of a list are counted by whoever lists them. Lines that follow each other by number and go on with one
// word ("12. August", "13. August") are dated, not counted.
class numbering {
  public:
    numbering(std::string_view text, const std::vector<text::folded_word>& words) {
        std::size_t last = words.size();
        unsigned last_value = 0;
        for (std::size_t i = 0; i + 1 < words.size(); ++i) {
            if (!is_digit(words[i].first)) continue;
            const unsigned value = enumerator_at(text, words[i].offset);
            if (value == 0) continue;
            if (last != words.size() && value == last_value + 1 && words[i + 1].word != words[last + 1].word) {
                if (counted_.empty() || counted_.back() != last) counted_.push_back(last);
                counted_.push_back(i);
            }
            last = i;
            last_value = value;
        }
    }
    [[nodiscard]] bool counts(std::size_t word) const noexcept { return std::ranges::binary_search(counted_, word); }

  private:
    std::vector<std::size_t> counted_;  // ascending
};

std::uint16_t hash16(std::uint64_t word) noexcept {
    return static_cast<std::uint16_t>((word * 0x9E3779B97F4A7C15ULL) >> 48U);
}

}  // namespace

void collect_numbers(const std::vector<text::folded_word>& words, std::vector<std::uint16_t>& out) {
    for (const text::folded_word& w : words) {
        if (is_digit(w.first)) out.push_back(hash16(w.word));
    }
}

void collect_names_and_numbers(std::string_view text, const std::vector<text::folded_word>& words,
                               std::vector<std::uint16_t>& names, std::vector<std::uint16_t>& numbers) {
    const range stamp = find_stamp(text);
    const numbering list(text, words);
    for (std::size_t i = 0; i < words.size(); ++i) {
        const text::folded_word& w = words[i];
        if (!may_tell[w.first] || stamp.has(w.offset)) continue;
        if (is_digit(w.first)) {
            if (!list.counts(i)) numbers.push_back(hash16(w.word));
        } else if (is_capital(text, w.offset) && !begins_sentence(text, w.offset)) {
            names.push_back(hash16(w.word));
        }
    }
}

}  // namespace feedwatch::dedup
