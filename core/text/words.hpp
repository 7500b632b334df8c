// One word as it stands in a text -> its hashes and texts. A pure function of bytes and language, remembered for words
// of everyday length: normalising and stemming cost a hundred times a look-up.
#pragma once

#include <bit>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
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

// A word of at most 16 bytes that was met before, in one cache line.
struct alignas(64) known_word {
    static constexpr std::size_t bytes_max = 16;
    std::uint64_t low = 0;  // the bytes as written
    std::uint64_t high = 0;
    std::uint64_t word = 0;
    std::uint64_t stem = 0;
    std::uint64_t exact = 0;
    std::uint8_t raw_length = 0;  // 0: empty
    std::uint8_t stemmer = 0;
    std::uint8_t folded_length = 0;
    std::uint8_t stem_length = 0;
    bool stem_apart = false;
    std::uint8_t text_length = 0;
    char text[bytes_max] = {};  // folded, and the stem after it where that is apart
};

class words {
  public:
    words();
    std::uint8_t stemmer_of(std::string_view primary) { return stemmers_.index_of(primary); }

    // Where a word would be known, if it is.
    struct place {
        std::uint64_t low = 0;  // its bytes
        std::uint64_t high = 0;
        known_word* slot = nullptr;  // null: the word is long
    };

    // The quick way, in two: has the cache lines brought that find() reads. `raw` is as for form_of; `readable`: bytes
    // from the word's first to the end of the text.
    place ask_for(std::string_view raw, std::uint8_t stemmer, std::size_t readable) {
        if (raw.size() > known_word::bytes_max) return {};
        const key k = key_of(raw, readable);
        known_word* slot = &known_[slot_of(k, raw.size(), stemmer)];
        __builtin_prefetch(slot);
        __builtin_prefetch(slot + 1);
        return {k.low, k.high, slot};
    }

    // Null where the word is long or new. `length` and `stemmer` are those of the question.
    const known_word* find(const place& at, std::size_t length, std::uint8_t stemmer) {
        known_word* slot = at.slot;
        if (slot == nullptr) return nullptr;
        const key k{at.low, at.high};
        if (is(*slot, k, length, stemmer)) return slot;
        if (!is(slot[1], k, length, stemmer)) return nullptr;
        std::swap(slot[0], slot[1]);
        return slot;
    }

    // The views live until the next call. `raw` has no possessive and is not empty; it may be an acronym with its dots.
    word_form form_of(std::string_view raw, std::uint8_t stemmer);

  private:
    // 2 MB hold the everyday vocabulary of several languages; with half as much dedup takes a tenth longer on news.
    static constexpr std::size_t known_words = 1U << 15U;
    // Longer words, as those of scripts with several bytes a letter, by two hashes of their bytes.
    static constexpr std::size_t long_words = 1U << 12U;
    static constexpr std::size_t long_text_bytes_max = 96;
    struct long_word {
        std::uint64_t low = 0;
        std::uint64_t high = 0;
        std::uint32_t raw_length = 0;  // 0: empty
        std::uint8_t stemmer = 0;
        std::string text;
        word_form form;  // its text is set when it is read
    };
    struct key {
        std::uint64_t low = 0;
        std::uint64_t high = 0;
    };

    // Up to 16 bytes, themselves, filled up with zeros. `readable` bytes of text begin where the word does: with 16 the
    // key takes no branch on the word's length, which is hard to foretell.
    static key key_of(std::string_view raw, std::size_t readable) {
        key k;
        if (readable < 16 || std::endian::native != std::endian::little) {
            char bytes[16] = {};
            std::memcpy(bytes, raw.data(), raw.size());
            std::memcpy(&k, bytes, 16);
            return k;
        }
        std::memcpy(&k, raw.data(), 16);
        const std::size_t low = raw.size() < 8 ? raw.size() : 8;
        const std::size_t high = raw.size() - low;
        k.low &= ~std::uint64_t{0} >> (64 - 8 * low);
        k.high &= high == 0 ? 0 : ~std::uint64_t{0} >> ((64 - 8 * high) & 63U);
        return k;
    }
    static std::size_t slot_of(const key& k, std::size_t length, std::uint8_t stemmer) {
        std::uint64_t h = k.low ^ (k.high * 0x9E3779B97F4A7C15U) ^ (std::uint64_t{stemmer} << 56U) ^ (length << 48U);
        h = (h ^ (h >> 32U)) * 0x9FB21C651E98DF25U;
        return static_cast<std::size_t>(h >> 40U) & (known_words - 2);  // even: two ways
    }
    static bool is(const known_word& w, const key& k, std::size_t length, std::uint8_t stemmer) {
        return w.low == k.low && w.high == k.high && w.raw_length == length && w.stemmer == stemmer;
    }

    word_form compute(std::string_view raw, std::uint8_t stemmer);
    word_form long_form(std::string_view raw, std::uint8_t stemmer);
    void fold_ascii(std::string_view raw);
    void fold_unicode(std::string_view raw);
    void remember(std::string_view raw, std::uint8_t stemmer, const word_form& form);

    struct free_memory {
        void operator()(void* at) const noexcept { std::free(at); }
    };
    // Zeros, which are empty places: a page is taken when a word comes there, and few do where texts are only folded.
    std::unique_ptr<void, free_memory> memory_;
    known_word* known_;
    std::vector<long_word> long_;
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
