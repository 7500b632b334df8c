#include <cstdio>  // CLD2 uses FILE without it

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

#include <algorithm>

#include "core/ascii.hpp"
#include "core/text/analysis.hpp"
#include "core/utf8.hpp"

namespace feedwatch::text {
namespace {

// What CLD2 reads. Past this the answer hardly changes and the cost grows.
constexpr std::size_t detected_bytes_max = 4096;
// Letters (in CLD2's count of bytes) that an answer needs: fewer are mostly names.
constexpr int letter_bytes_min = 20;

}  // namespace

std::string primary_language(std::string_view tag) {
    std::string primary;
    for (const char c : tag) {
        if (c == '-' || c == '_') break;
        const char lower = ascii_lower(c);
        if (lower < 'a' || lower > 'z' || primary.size() == 8) return {};
        primary.push_back(lower);
    }
    if (primary.size() < 2 || primary == "und" || primary == "mul" || primary == "zxx") return {};
    if (primary == "iw") return "he";
    if (primary == "nb" || primary == "nn") return "no";
    if (primary == "in") return "id";
    if (primary == "ji") return "yi";
    return primary;
}

std::string detect_language(std::string_view utf8) {
    const std::string_view head = truncate_utf8(utf8, detected_bytes_max);
    const CLD2::CLDHints no_hints{nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
    CLD2::Language languages[3];
    int percents[3];
    double scores[3];
    int letter_bytes = 0;
    int valid_bytes = 0;
    bool reliable = false;
    const CLD2::Language found = CLD2::ExtDetectLanguageSummaryCheckUTF8(
        head.data(), static_cast<int>(head.size()), true, &no_hints, 0, languages, percents, scores, nullptr,
        &letter_bytes, &reliable, &valid_bytes);
    if (!reliable || found == CLD2::UNKNOWN_LANGUAGE || letter_bytes < letter_bytes_min) return {};
    const std::string_view code = CLD2::LanguageCode(found);
    if (code.starts_with("xx") || code == "un") return {};  // a script that CLD2 has no language for
    if (code.starts_with("zh")) return std::string(code);   // Hant is worth knowing
    return primary_language(code);
}

}  // namespace feedwatch::text
