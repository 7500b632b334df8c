#include "core/text/words.hpp"

#include <algorithm>
#include <cstring>
#include <new>

#include "core/ascii.hpp"
#include "core/hash.hpp"
#include "core/text/character.hpp"

namespace feedwatch::text {
namespace {

// A stemmer sees words only: something longer is a run of data.
constexpr std::size_t stemmed_bytes_max = 255;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// 1,750 and 12,345,678.90: groups of three.
bool has_thousands(std::string_view s) {
    const std::size_t first = s.find(',');
    if (first == std::string_view::npos || first == 0 || first > 3) return false;
    std::size_t i = 0;
    for (; i < first; ++i) {
        if (!is_digit(s[i])) return false;
    }
    while (i < s.size() && s[i] == ',') {
        if (s.size() - i < 4 || !is_digit(s[i + 1]) || !is_digit(s[i + 2]) || !is_digit(s[i + 3])) return false;
        i += 4;
    }
    if (i == s.size()) return true;
    if (s[i] != '.' || i + 1 == s.size()) return false;
    return std::all_of(s.begin() + static_cast<std::ptrdiff_t>(i) + 1, s.end(), is_digit);
}

bool is_ascii(std::string_view s) {
    return std::all_of(s.begin(), s.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

bool is_acronym(std::string_view raw) noexcept {
    std::size_t letters = 0;
    std::size_t i = 0;
    while (i < raw.size()) {
        const decoded c = decode(raw, i);
        if (class_of(c.code_point) != word_class::letter) return false;
        ++letters;
        i += c.length;
        if (i == raw.size()) break;
        if (raw[i] != '.') return false;
        ++i;
    }
    return letters >= 2;
}

words::words() : memory_(std::calloc(known_words + 1, sizeof(known_word))), long_(long_words) {
    void* at = memory_.get();
    std::size_t room = (known_words + 1) * sizeof(known_word);
    if (at == nullptr) throw std::bad_alloc();
    known_ = static_cast<known_word*>(std::align(alignof(known_word), known_words * sizeof(known_word), at, room));
}

void words::fold_ascii(std::string_view raw) {
    exact_.assign(raw);
    cased_.assign(raw);
    for (char& c : cased_) c = ascii_lower(c);
    text_ = cased_;
}

void words::fold_unicode(std::string_view raw) {
    folder_.compose(raw, exact_);
    folder_.case_fold(raw, cased_);
    folder_.strip_accents(cased_, text_);
    // A word of nothing but marks or ignorable characters is still a word: it must not equal every other such one.
    if (text_.empty()) text_ = exact_.empty() ? std::string(raw) : exact_;
}

word_form words::compute(std::string_view raw, std::uint8_t stemmer) {
    if (std::all_of(raw.begin(), raw.end(), is_digit)) {
        word_form form;
        form.word = form.stem = form.exact = hash64(raw);
        form.text = raw;
        form.folded_length = static_cast<std::uint32_t>(raw.size());
        return form;
    }
    const bool acronym = raw.find('.') != std::string_view::npos && is_acronym(raw);
    compact_.assign(raw);
    if (acronym) std::erase(compact_, '.');
    if (has_thousands(compact_)) std::erase(compact_, ',');
    if (is_ascii(compact_)) {
        fold_ascii(compact_);
    } else {
        fold_unicode(compact_);
    }
    // The country is not the pronoun.
    const bool country = exact_ == "US" || (acronym && text_ == "us");
    if (country) text_ = "u.s.";

    word_form form;
    form.exact = hash64(exact_);
    form.word = hash64(text_);
    form.stem = form.word;
    form.folded_length = static_cast<std::uint32_t>(text_.size());
    const bool stemmed = stemmer != 0 && !country && !acronym && cased_.size() <= stemmed_bytes_max;
    if (stemmed) {
        const std::string_view stem = stemmers_.stem(stemmer, cased_);
        if (is_ascii(stem)) {
            stem_.assign(stem);
        } else {
            folder_.strip_accents(stem, stem_);
        }
        if (!stem_.empty() && stem_ != text_) {
            form.stem = hash64(stem_);
            form.stem_length = static_cast<std::uint16_t>(stem_.size());
            form.stem_apart = !text_.starts_with(stem_);
            if (form.stem_apart) text_ += stem_;
        }
    }
    form.text = text_;
    return form;
}

void words::remember(std::string_view raw, std::uint8_t stemmer, const word_form& form) {
    if (form.text.size() > known_word::bytes_max) return;
    const key k = key_of(raw, raw.size());
    known_word* slot = &known_[slot_of(k, raw.size(), stemmer)];
    slot[1] = slot[0];
    known_word& w = slot[0];
    w.low = k.low;
    w.high = k.high;
    w.word = form.word;
    w.stem = form.stem;
    w.exact = form.exact;
    w.raw_length = static_cast<std::uint8_t>(raw.size());
    w.stemmer = stemmer;
    w.folded_length = static_cast<std::uint8_t>(form.folded_length);
    w.stem_length = static_cast<std::uint8_t>(form.stem_length);
    w.stem_apart = form.stem_apart;
    w.text_length = static_cast<std::uint8_t>(form.text.size());
    std::memcpy(w.text, form.text.data(), form.text.size());
}

word_form words::long_form(std::string_view raw, std::uint8_t stemmer) {
    const std::uint64_t low = hash64(raw, 1);
    const std::uint64_t high = hash64(raw, 2);
    long_word& w = long_[low & (long_words - 1)];
    if (w.low != low || w.high != high || w.raw_length != raw.size() || w.stemmer != stemmer) {
        const word_form form = compute(raw, stemmer);
        if (form.text.size() > long_text_bytes_max) return form;
        w.low = low;
        w.high = high;
        w.raw_length = static_cast<std::uint32_t>(raw.size());
        w.stemmer = stemmer;
        w.text = form.text;
        w.form = form;
    }
    word_form form = w.form;
    form.text = w.text;
    return form;
}

word_form words::form_of(std::string_view raw, std::uint8_t stemmer) {
    if (raw.size() > known_word::bytes_max) return long_form(raw, stemmer);
    const word_form form = compute(raw, stemmer);
    // Figures come in endless variety and cost little: they would only push words out.
    if (raw[0] < '0' || raw[0] > '9') remember(raw, stemmer, form);
    return form;
}

}  // namespace feedwatch::text
