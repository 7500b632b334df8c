#include "core/text/words.hpp"

#include <algorithm>
#include <cstring>

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

struct key {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
};

// The bytes themselves up to 16, two hashes past that.
key key_of(std::string_view raw) {
    key k;
    if (raw.size() > 16) return {hash64(raw, 1), hash64(raw, 2)};
    if (raw.size() >= 8) {
        std::memcpy(&k.low, raw.data(), 8);
        std::memcpy(&k.high, raw.data() + raw.size() - 8, 8);  // overlaps; the length tells them apart
    } else if (raw.size() >= 4) {
        std::uint32_t head = 0;
        std::uint32_t tail = 0;
        std::memcpy(&head, raw.data(), 4);
        std::memcpy(&tail, raw.data() + raw.size() - 4, 4);
        k.low = head | (std::uint64_t{tail} << 32U);
    } else {
        for (std::size_t i = 0; i < raw.size(); ++i)
            k.low |= std::uint64_t{static_cast<unsigned char>(raw[i])} << (8 * i);
    }
    return k;
}

std::size_t slot_of(const key& k, std::size_t length, std::uint8_t stemmer, std::size_t entries) {
    std::uint64_t h = (k.low ^ (k.high * 0x9E3779B97F4A7C15U)) + length * 0xC2B2AE3D27D4EB4FU + stemmer;
    h *= 0x9FB21C651E98DF25U;
    h ^= h >> 35U;
    h *= 0x9FB21C651E98DF25U;
    return static_cast<std::size_t>(h >> 40U) & (entries - 2);  // even: two ways
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

words::words() : cache_(entries) {}

void words::fold_ascii(std::string_view raw) {
    exact_.assign(raw);
    cased_.assign(raw);
    for (char& c : cased_) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
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

void words::remember(entry& into, const word_form& form) const {
    into.word = form.word;
    into.stem = form.stem;
    into.exact = form.exact;
    into.folded_length = static_cast<std::uint8_t>(form.folded_length);
    into.stem_length = static_cast<std::uint8_t>(form.stem_length);
    into.stem_apart = form.stem_apart;
    into.text_length = static_cast<std::uint8_t>(form.text.size());
    std::memcpy(into.text, form.text.data(), form.text.size());
}

word_form words::form_of(std::string_view raw, std::uint8_t stemmer) {
    const key k = key_of(raw);
    const std::size_t slot = slot_of(k, raw.size(), stemmer, entries);
    const auto holds = [&](const entry& e) {
        return e.low == k.low && e.high == k.high && e.raw_length == raw.size() && e.stemmer == stemmer;
    };
    const auto form_in = [](const entry& e) {
        return word_form{e.word,          e.stem,        e.exact,     std::string_view(e.text, e.text_length),
                         e.folded_length, e.stem_length, e.stem_apart};
    };
    if (holds(cache_[slot])) return form_in(cache_[slot]);
    if (holds(cache_[slot + 1])) {
        std::swap(cache_[slot], cache_[slot + 1]);
        return form_in(cache_[slot]);
    }
    const word_form form = compute(raw, stemmer);
    if (form.text.size() <= text_bytes_max && raw.size() <= text_bytes_max) {
        cache_[slot + 1] = cache_[slot];
        entry& e = cache_[slot];
        e.low = k.low;
        e.high = k.high;
        e.raw_length = static_cast<std::uint32_t>(raw.size());
        e.stemmer = stemmer;
        remember(e, form);
    }
    return form;
}

}  // namespace feedwatch::text
