#include "core/text/lower.hpp"

#include "core/ascii.hpp"

namespace feedwatch {
namespace {

constexpr unsigned two_bytes(char32_t code_point) {
    return ((0xC0U | (code_point >> 6U)) << 8U) | (0x80U | (code_point & 0x3FU));
}

char32_t lower_letter(char32_t c) {
    if ((c >= 0xC0 && c <= 0xDE && c != 0xD7) || (c >= 0x391 && c <= 0x3A9)) return c + 0x20;
    if (c == 0x386) return 0x3AC;
    if (c >= 0x388 && c <= 0x38A) return c + 0x25;
    if (c >= 0x410 && c <= 0x42F) return c + 0x20;
    if (c >= 0x400 && c <= 0x40F) return c + 0x50;
    // Pairs, the capital first: even, but for two stretches; U+0130 has no partner of its own, U+0178's is in Latin-1.
    if (c == 0x130 || c == 0x138 || c == 0x149 || c == 0x178 || c == 0x17F) return c;
    const bool odd_capital = (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E);
    if (c >= 0x100 && c <= 0x17E && (c % 2 == 1) == odd_capital) return c + 1;
    return c;
}

}  // namespace

std::string lower_of(std::string_view utf8) {
    std::string out = ascii_lower(utf8);
    for (std::size_t i = 0; i + 1 < out.size(); ++i) {
        const auto lead = static_cast<unsigned char>(out[i]);
        const auto next = static_cast<unsigned char>(out[i + 1]);
        if (lead < 0xC3 || lead > 0xD0 || (next & 0xC0U) != 0x80U) continue;
        const unsigned pair = two_bytes(lower_letter(((lead & 0x1FU) << 6U) | (next & 0x3FU)));
        out[i] = static_cast<char>(pair >> 8U);
        out[i + 1] = static_cast<char>(pair & 0xFFU);
        ++i;
    }
    return out;
}

}  // namespace feedwatch
