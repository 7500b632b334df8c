// Any bytes as a text: words in order, inside of the text, with their folded forms inside of `folded`.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/text/analysis.hpp"
#include "core/utf8.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static feedwatch::text::analyser analyser;
    static constexpr std::array<std::string_view, 5> languages{"en", "fr", "ja", "ru", ""};
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    feedwatch::text::analysed_text out;
    analyser.analyse(text, languages[data[0] % languages.size()], out);
    std::size_t end = 0;
    std::uint32_t position = 0;
    for (const auto& t : out.tokens) {
        if (t.length == 0 || t.offset < end || std::size_t{t.offset} + t.length > text.size()) std::abort();
        if (t.position != position++) std::abort();
        if (std::size_t{t.folded} + t.folded_length > out.folded.size() || t.folded_length == 0) std::abort();
        if (out.stem_text(t).empty()) std::abort();
        if (t.sigil != 0 && text[t.offset - 1] != t.sigil) std::abort();
        end = std::size_t{t.offset} + t.length;
    }
    (void)feedwatch::text::detect_language(text);
    return 0;
}
