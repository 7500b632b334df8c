#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>

#include "core/ascii.hpp"
#include "core/hash.hpp"
#include "core/text/analyser_state.hpp"
#include "core/text/character.hpp"

namespace feedwatch::text {
namespace {

// How many of the 16 bytes at `p`, from the first, are ASCII letters, digits or underscores.
#ifdef __SSE2__
unsigned word_prefix(const unsigned char* p) {
    const __m128i c = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    const auto within = [](__m128i v, char first, char last) {
        const __m128i above = _mm_sub_epi8(v, _mm_set1_epi8(first));
        return _mm_cmpeq_epi8(_mm_min_epu8(above, _mm_set1_epi8(static_cast<char>(last - first))), above);
    };
    const __m128i letters = within(_mm_or_si128(c, _mm_set1_epi8(0x20)), 'a', 'z');
    const __m128i others = _mm_or_si128(within(c, '0', '9'), _mm_cmpeq_epi8(c, _mm_set1_epi8('_')));
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(letters, others)));
    return static_cast<unsigned>(std::countr_one(mask));
}
#else
unsigned word_prefix(const unsigned char* p) {
    unsigned n = 0;
    while (n < 16 && (ascii[p[n]] & inside) != 0) ++n;
    return n;
}
#endif

// What may stand before an apostrophe as an elided article or pronoun: "l'immigration" is "immigration".
constexpr std::array<std::string_view, 15> french_elisions{
    "l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "quoiqu", "lorsqu", "puisqu", "presqu", "quelqu"};
constexpr std::array<std::string_view, 23> italian_elisions{
    "l",    "d",    "un",   "c",    "m",    "t",    "s",     "v",     "n",    "gl",   "agl", "all",
    "dall", "dell", "degl", "nell", "sull", "coll", "quest", "quell", "dagl", "negl", "sugl"};
constexpr std::array<std::string_view, 6> catalan_elisions{"d", "l", "m", "n", "s", "t"};

bool is_elided(elision in, std::string_view prefix) {
    const std::string lower = ascii_lower(prefix);
    const auto has = [&](const auto& list) { return std::find(list.begin(), list.end(), lower) != list.end(); };
    switch (in) {
        case elision::french:
            return has(french_elisions);
        case elision::italian:
            return has(italian_elisions);
        case elision::catalan:
            return has(catalan_elisions);
        case elision::none:
            break;
    }
    return false;
}

}  // namespace

// Whether a word of ASCII letters and digits surely ends before `at`, so that no rule needs to look closer.
bool analyser::state::ends_here(std::size_t at) const {
    if (at == text.size()) return true;
    const unsigned char c = byte(at);
    if (c >= 0x80) return class_at(at) == word_class::other;
    if (c != '\'' && c != '.' && c != ',' && c != ';') return true;
    if (at + 1 == text.size()) return true;
    const unsigned char next = byte(at + 1);
    return next < 0x80 && !is_ascii_word(next);
}

word_class analyser::state::class_at(std::size_t at) const {
    return at < text.size() ? class_of(decode(text, at).code_point) : word_class::other;
}

char analyser::state::sigil_before(std::size_t begin) const {
    if (begin == 0) return 0;
    const char c = text[begin - 1];
    if (c != '#' && c != '@') return 0;
    // "user@host" is no handle, "&#39" no tag.
    if (begin >= 2 && (is_ascii_word(byte(begin - 2)) || byte(begin - 2) == '&' || byte(begin - 2) == '.')) return 0;
    return c;
}

void analyser::state::add(std::size_t begin, std::size_t end) {
    if (folded != nullptr) {
        add_folded(begin, end);
        return;
    }
    const auto at = forms.ask_for(text.substr(begin, end - begin), stemmer, text.size() - begin);
    if (asked_to - asked_from == asked_max) look_up(asked[asked_from++ % asked_max]);
    asked[asked_to++ % asked_max] = {begin, end, at};
}

void analyser::state::look_up(const asked_word& w) {
    const auto [begin, end, at] = w;
    const std::string_view raw = text.substr(begin, end - begin);
    token& t = out->tokens.emplace_back();
    t.offset = static_cast<std::uint32_t>(begin);
    t.length = static_cast<std::uint32_t>(end - begin);
    t.position = position++;
    t.folded = static_cast<std::uint32_t>(folded_size);
    t.sigil = sigil_before(begin);
    std::string& texts = out->folded;
    if (const known_word* known = forms.find(at, raw.size(), stemmer)) {
        t.word = known->word;
        t.stem = known->stem;
        t.exact = known->exact;
        t.folded_length = known->folded_length;
        t.stem_length = known->stem_length;
        t.stem_apart = known->stem_apart;
        if (texts.size() - folded_size < known_word::bytes_max) texts.resize(texts.size() * 2 + 256);
        std::memcpy(texts.data() + folded_size, known->text, known_word::bytes_max);
        folded_size += known->text_length;
        return;
    }
    const word_form form = forms.form_of(raw, stemmer);
    t.word = form.word;
    t.stem = form.stem;
    t.exact = form.exact;
    t.folded_length = form.folded_length;
    t.stem_length = form.stem_length;
    t.stem_apart = form.stem_apart;
    if (texts.size() - folded_size < form.text.size()) texts.resize(texts.size() * 2 + form.text.size() + 256);
    std::memcpy(texts.data() + folded_size, form.text.data(), form.text.size());
    folded_size += form.text.size();
}

void analyser::state::add_elided(std::size_t begin, std::size_t end) {
    if (elides != elision::none) {
        for (std::size_t i = begin; i < end;) {
            const decoded c = decode(text, i);
            if (class_of(c.code_point) == word_class::apostrophe) {
                if (i + c.length < end && is_elided(elides, text.substr(begin, i - begin))) begin = i + c.length;
                break;
            }
            i += c.length;
        }
    }
    add(begin, end);
}

bool analyser::state::joins(word_class middle, word_class before, std::size_t after) const {
    word_class next = class_at(after);
    while (next == word_class::ignored || next == word_class::mark) {
        after += decode(text, after).length;
        next = class_at(after);
    }
    const bool letters = before == word_class::letter && next == word_class::letter;
    const bool digits = before == word_class::number && next == word_class::number;
    switch (middle) {
        case word_class::mid_letter:
            return letters;
        case word_class::mid_number:
            return digits;
        default:
            return letters || digits;
    }
}

// The end of "'s" where that stands at the apostrophe and the word ends with it; 0 otherwise.
std::size_t analyser::state::possessive_end(std::size_t apostrophe) const {
    const std::size_t s = apostrophe + decode(text, apostrophe).length;
    if (s >= text.size() || (text[s] != 's' && text[s] != 'S')) return 0;
    const std::size_t after = s + 1;
    switch (class_at(after)) {
        case word_class::letter:
        case word_class::number:
        case word_class::connector:
        case word_class::mark:
        case word_class::ignored:
            return 0;
        case word_class::apostrophe:
        case word_class::mid_any:
        case word_class::mid_letter:
            return joins(class_at(after), word_class::letter, after + decode(text, after).length) ? 0 : after;
        default:
            return after;
    }
}

// UAX #29's rules from the first character of a word; returns where to go on.
std::size_t analyser::state::scan_word(std::size_t begin) {
    std::size_t at = begin;
    std::size_t end = begin;  // of the word: trailing connectors and ignored characters are not part of it
    word_class before = word_class::other;
    bool keycap = false;
    std::size_t resume = 0;
    while (at < text.size()) {
        const decoded c = decode(text, at);
        const word_class is = class_of(c.code_point);
        const std::size_t next = at + c.length;
        if (is == word_class::letter || is == word_class::number) {
            end = next;
            before = is;
        } else if (is == word_class::connector) {
            before = is;
        } else if (is == word_class::mark) {
            keycap = keycap || c.code_point == 0x20E3;
            if (end == at) end = next;
        } else if (is == word_class::ignored) {
            // as if it were not there
        } else if (is == word_class::apostrophe && (resume = possessive_end(at)) != 0) {
            break;
        } else if ((is == word_class::mid_letter || is == word_class::mid_number || is == word_class::mid_any ||
                    is == word_class::apostrophe) &&
                   joins(is, before, next)) {
            // part of the word: the letter or digit after it moves the end
        } else {
            break;
        }
        at = next;
    }
    if (keycap) return at;  // an emoji made of a digit
    if (end < text.size() && text[end] == '.' && end == at && is_acronym(text.substr(begin, end - begin))) {
        at = ++end;
        if (class_at(at) == word_class::apostrophe) resume = possessive_end(at);
    }
    add_elided(begin, end);
    return resume != 0 ? resume : at;
}

std::size_t analyser::state::scan_dictionary(std::size_t begin) {
    std::size_t end = begin;
    std::size_t at = begin;
    for (;;) {
        const word_class is = class_at(at);
        if (is == word_class::dictionary || is == word_class::mark) {
            at += decode(text, at).length;
            end = at;
        } else if (is == word_class::ignored) {
            at += decode(text, at).length;
        } else {
            break;
        }
    }
    for (const dictionary_breaker::piece& p : dictionary.split(text.substr(begin, end - begin))) {
        add(begin + p.offset, begin + p.offset + p.length);
    }
    return at;
}

std::size_t analyser::state::scan_other(std::size_t begin) {
    const decoded c = decode(text, begin);
    switch (class_of(c.code_point)) {
        case word_class::letter:
        case word_class::number:
            return scan_word(begin);
        case word_class::dictionary:
            return scan_dictionary(begin);
        default:
            return begin + c.length;
    }
}

void analyser::state::run() {
    std::size_t at = 0;
    const std::size_t size = text.size();
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    while (at < size) {
        const unsigned char c = bytes[at];
        if (c >= 0x80) {
            at = scan_other(at);
        } else if ((ascii[c] & starts) == 0) {
            ++at;
        } else {
            std::size_t end = at + 1;
            unsigned more = 16;
            while (more == 16 && end + 16 <= size) end += more = word_prefix(bytes + end);
            if (more == 16) {
                while (end < size && (ascii[bytes[end]] & inside) != 0) ++end;
            }
            if (end < size && (ascii[bytes[end]] & looks_ahead) != 0 && !ends_here(end)) {
                at = scan_word(at);
                continue;
            }
            const std::size_t resume = end;
            while (bytes[end - 1] == '_') --end;
            add(at, end);
            at = resume;
        }
    }
    while (asked_from != asked_to) look_up(asked[asked_from++ % asked_max]);
}

analyser::analyser() : state_(std::make_unique<state>()) {}
analyser::~analyser() = default;
analyser::analyser(analyser&&) noexcept = default;
analyser& analyser::operator=(analyser&&) noexcept = default;

void analyser::analyse(std::string_view utf8, std::string_view language, analysed_text& out) {
    out.tokens.clear();
    const std::string primary = primary_language(language);
    state& s = *state_;
    s.text = utf8.substr(0, std::numeric_limits<std::uint32_t>::max());
    s.out = &out;
    s.stemmer = s.forms.stemmer_of(primary);
    s.elides = primary == "fr"   ? elision::french
               : primary == "it" ? elision::italian
               : primary == "ca" ? elision::catalan
                                 : elision::none;
    s.position = 0;
    s.folded_size = 0;
    out.folded.resize(utf8.size() + known_word::bytes_max);
    s.folded = nullptr;
    s.run();
    out.folded.resize(s.folded_size);
}

}  // namespace feedwatch::text
