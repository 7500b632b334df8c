#include "core/text/character.hpp"

#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

namespace feedwatch::text {
namespace {

bool is_dictionary(UChar32 c) {
    if (u_getIntPropertyValue(c, UCHAR_LINE_BREAK) == U_LB_COMPLEX_CONTEXT) return u_isalpha(c) != 0;
    if (u_hasBinaryProperty(c, UCHAR_IDEOGRAPHIC) != 0) return true;
    switch (u_getIntPropertyValue(c, UCHAR_SCRIPT)) {
        case USCRIPT_HIRAGANA:
        case USCRIPT_KATAKANA:
            return true;
        default:
            return c == 0x30FC || c == 0xFF70 || c == 0x3005;  // prolonged sound and iteration marks
    }
}

word_class classify(UChar32 c) {
    switch (c) {
        case '\'':
        case 0x2018:
        case 0x2019:
        case 0x02BC:
        case 0xFF07:
            return word_class::apostrophe;
        case 0x00AD:
        case 0x200B:
        case 0x2060:
        case 0x200C:
        case 0x200D:
        case 0xFEFF:
            return word_class::ignored;
        // CLDR's tailoring since 42: the colon separates.
        case ':':
        case 0xFE55:
        case 0xFF1A:
            return word_class::other;
        default:
            break;
    }
    switch (u_getIntPropertyValue(c, UCHAR_WORD_BREAK)) {
        case U_WB_ALETTER:
        case U_WB_HEBREW_LETTER:
            return word_class::letter;
        case U_WB_NUMERIC:
            return word_class::number;
        case U_WB_EXTENDNUMLET:
            return word_class::connector;
        case U_WB_EXTEND:
            return word_class::mark;
        case U_WB_FORMAT:
        case U_WB_ZWJ:
            return word_class::ignored;
        case U_WB_MIDLETTER:
            return word_class::mid_letter;
        case U_WB_MIDNUM:
            return word_class::mid_number;
        case U_WB_MIDNUMLET:
            return word_class::mid_any;
        default:
            return is_dictionary(c) ? word_class::dictionary : word_class::other;
    }
}

using table = std::array<word_class, 0x10000>;

const table& basic_plane() {
    static const table made = [] {
        table t{};
        for (UChar32 c = 0; c < 0x10000; ++c) t[static_cast<std::size_t>(c)] = classify(c);
        return t;
    }();
    return made;
}

}  // namespace

word_class class_of(char32_t code_point) noexcept {
    static const table& plane = basic_plane();
    if (code_point < 0x10000) return plane[code_point];
    return classify(static_cast<UChar32>(code_point));
}

decoded decode(std::string_view utf8, std::size_t at) noexcept {
    const auto lead = static_cast<unsigned char>(utf8[at]);
    if (lead < 0x80) return {lead, 1};
    // Bounded, so that sizes past 2 GiB are fine for ICU's signed macros.
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(utf8.data()) + at;
    const auto left = static_cast<std::int32_t>(utf8.size() - at < 4 ? utf8.size() - at : 4);
    std::int32_t i = 0;
    UChar32 c = 0;
    U8_NEXT(bytes, i, left, c);
    if (c < 0) return {};
    return {static_cast<char32_t>(c), static_cast<std::uint32_t>(i)};
}

}  // namespace feedwatch::text
