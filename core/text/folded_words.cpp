// Folded words alone: a tenth of the time of an analysis, and what it says of them.
#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include "core/ascii.hpp"
#include "core/text/analyser_state.hpp"
#include "core/text/ascii_block.hpp"
#include "core/text/word_hash.hpp"

namespace feedwatch::text {

// Words of ASCII and of the alphabets of two bytes a letter, without a look-up. Returns where to go on; 0 where a rule
// has to look closer.
std::size_t analyser::state::scan_folded(std::size_t begin) {
    constexpr std::size_t most = 64;
    unsigned char word[most + 16];
    const auto* const bytes = reinterpret_cast<const unsigned char*>(text.data());
    const std::size_t text_size = text.size();
    std::size_t size = 0;
    std::size_t at = begin;
    while (at < text_size && size < most) {
        const unsigned char c = bytes[at];
        if (c >= 0x80) {
            if ((c & 0xE0U) != 0xC0 || at + 1 == text_size || (bytes[at + 1] & 0xC0U) != 0x80) break;
            const two_byte_letters::folding f = alphabets.of(c, bytes[at + 1]);
            if (f.length == 0) break;
            std::memcpy(word + size, &f.bytes, sizeof(f.bytes));
            size += f.length;
            at += 2;
        } else {
            if ((ascii[c] & starts) == 0) break;
            word[size++] = static_cast<unsigned char>(ascii_lower(static_cast<char>(c)));
            ++at;
        }
    }
    if (size == 0 || size >= most) return 0;
    if (at < text_size && (bytes[at] == '_' || ((ascii[bytes[at]] & looks_ahead) != 0 && !ends_here(at)))) return 0;
    if (text.substr(begin, at - begin) == "US") return 0;
    folded->push_back({padded_word_hash(word, size), static_cast<std::uint32_t>(begin), byte(begin)});
    return at;
}

void analyser::state::add_folded(std::size_t begin, std::size_t end) {
    const std::string_view raw = text.substr(begin, end - begin);
    std::string_view word;
    const known_word* known = forms.find(forms.ask_for(raw, 0, text.size() - begin), raw.size(), 0);
    if (known != nullptr) {
        word = {known->text, known->folded_length};
    } else {
        const word_form form = forms.form_of(raw, 0);
        word = form.text.substr(0, form.folded_length);
    }
    folded->push_back({word_hash(word), static_cast<std::uint32_t>(begin), byte(begin)});
}

// One word, or what is none, where the quick way has to stop; returns where to go on.
std::size_t analyser::state::step_folded(std::size_t at) {
    const std::size_t quick = scan_folded(at);
    if (quick != 0) return quick;
    if (byte(at) >= 0x80) return scan_other(at);
    std::size_t end = at + 1;
    while (end < text.size() && (ascii[byte(end)] & inside) != 0) ++end;
    if (end < text.size() && (ascii[byte(end)] & looks_ahead) != 0 && !ends_here(end)) return scan_word(at);
    const std::size_t resume = end;
    while (byte(end - 1) == '_') --end;
    add_folded(at, end);
    return resume;
}

// Whole words of ASCII by the bits of their bytes, as words::compute() has them where it has no rule of its own; all
// others step by step.
void analyser::state::run_folded() {
    constexpr std::size_t words_of_block_max = ascii_block::bytes / 2;
    static const std::uint64_t country = word_hash("u.s.");
    static const std::uint64_t pronoun = word_hash("us");
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    const std::size_t size = text.size();
    std::size_t next = 0;
    while (next < size) {
        const std::size_t base = next;
        const ascii_block block = ascii_block::of(bytes + base, size - base);
        // Where words begin and, in step with them, end. Any other character begins one until a rule has looked.
        std::uint64_t begins = (block.words & ~(block.words << 1U)) | block.high;
        std::uint64_t ends = ~block.words & (block.words << 1U);
        folded_word* out_at = folded->room_for(words_of_block_max);
        next = base + ascii_block::bytes;
        while (begins != 0) {
            const auto begin = static_cast<unsigned>(std::countr_zero(begins));
            const auto end = static_cast<unsigned>(std::countr_zero(ends));
            const std::size_t at = base + begin;
            const std::size_t length = end - begin;
            const bool ascii_only = ((block.high >> begin) & 1U) == 0;
            const bool end_is_seen = end < ascii_block::bytes;
            if (ascii_only && end_is_seen && ((block.hard >> end) & 1U) == 0 && length <= 16 && at + 16 <= size) {
                const std::uint64_t word = word_hash(word_bytes::of(bytes + at, length).lowered(length));
                *out_at++ = {word, static_cast<std::uint32_t>(at), bytes[at]};
                if (word == pronoun && bytes[at] == 'U' && bytes[at + 1] == 'S') out_at[-1].word = country;
                begins &= begins - 1;
                ends &= ends - 1;
                continue;
            }
            if (ascii_only && !end_is_seen && begin > 0) {
                next = at;
                break;
            }
            folded->advance_to(out_at);
            const std::size_t after = step_folded(at);
            out_at = folded->room_for(words_of_block_max);
            if (after - base >= ascii_block::bytes) {
                next = after;
                break;
            }
            begins &= ~std::uint64_t{0} << (after - base);
            ends &= ~std::uint64_t{1} << (after - base);
        }
        folded->advance_to(out_at);
    }
}

void analyser::fold_words(std::string_view utf8, std::vector<folded_word>& out) {
    folded_words words(out);
    state& s = *state_;
    s.text = utf8.substr(0, std::numeric_limits<std::uint32_t>::max());
    s.folded = &words;
    s.elides = elision::none;
    s.run_folded();
    words.finish();
}

}  // namespace feedwatch::text
