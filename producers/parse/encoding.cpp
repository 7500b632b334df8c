#include "producers/parse/encoding.hpp"

#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>

#include <algorithm>
#include <array>
#include <memory>

#include "core/ascii.hpp"
#include "core/utf8.hpp"
#include "producers/extract/entities.hpp"
#include "producers/extract/page_head.hpp"

namespace feedwatch {
namespace {

struct converter_close_call {
    void operator()(UConverter* c) const noexcept { ucnv_close(c); }
};
using converter = std::unique_ptr<UConverter, converter_close_call>;

// The value after `key` up to a quote, blank or semicolon.
std::string value_after(std::string_view text, std::string_view key) {
    const std::size_t at = ascii_lower(text).find(key);
    if (at == std::string::npos) return {};
    text.remove_prefix(at + key.size());
    while (!text.empty() && (text.front() == ' ' || text.front() == '=' || text.front() == '"' || text.front() == '\''))
        text.remove_prefix(1);
    return ascii_lower(text.substr(0, text.find_first_of("\"'; \t\r\n?>,")));
}

std::string declared_in_prolog(std::string_view bytes) {
    const std::size_t start = bytes.substr(0, 2048).find("<?xml");  // junk may stand before it
    if (start == std::string_view::npos) return {};
    const std::string_view prolog = bytes.substr(start, std::min<std::size_t>(bytes.find("?>", start) - start, 512));
    return value_after(prolog, "encoding");
}

// What web pages mean by these names (WHATWG Encoding): the superset that Windows used.
std::string meant_by(std::string name) {
    constexpr std::array<std::string_view, 6> latin1{"iso-8859-1", "iso8859-1", "latin1",
                                                     "latin-1",    "us-ascii",  "ascii"};
    if (std::find(latin1.begin(), latin1.end(), name) != latin1.end()) return "windows-1252";
    if (name == "iso-8859-9") return "windows-1254";
    if (name == "gb2312" || name == "gbk") return "gb18030";
    if (name == "shift_jis" || name == "sjis" || name == "x-sjis") return "windows-31j";
    if (name == "ks_c_5601-1987" || name == "euc-kr") return "windows-949";
    if (name == "cp874" || name == "tis-620" || name == "iso-8859-11") return "windows-874";
    if (name == "utf8") return "utf-8";
    // Names that ICU has not.
    if (name == "ms-cyrl") return "windows-1251";
    if (name == "macgreek") return "x-mac-greek";
    if (name == "maclatin2") return "x-mac-centraleurroman";
    if (name == "macturkish") return "x-mac-turkish";
    return name;
}

bool is_utf16_or_32(std::string_view name) {
    return name.starts_with("utf-16") || name.starts_with("utf16") || name.starts_with("utf-32") ||
           name.starts_with("utf32") || name.starts_with("ucs-") || name == "iso-10646-ucs-2";
}

struct marked {
    const char* encoding = nullptr;
    std::size_t mark = 0;  // bytes of the byte order mark
};

marked marked_encoding(std::string_view b) {
    using namespace std::string_view_literals;
    if (b.starts_with("\xEF\xBB\xBF"sv)) return {"utf-8", 3};
    if (b.starts_with("\xFF\xFE\0\0"sv)) return {"utf-32le", 4};
    if (b.starts_with("\0\0\xFE\xFF"sv)) return {"utf-32be", 4};
    if (b.starts_with("\xFF\xFE"sv)) return {"utf-16le", 2};
    if (b.starts_with("\xFE\xFF"sv)) return {"utf-16be", 2};
    if (b.size() < 4) return {};
    const auto text = [](char c) {
        return static_cast<unsigned char>(c) >= 0x09 && static_cast<unsigned char>(c) < 0x7F;
    };
    if (b[0] == 0 && b[1] == 0 && b[2] == 0 && text(b[3])) return {"utf-32be", 0};
    if (text(b[0]) && b[1] == 0 && b[2] == 0 && b[3] == 0) return {"utf-32le", 0};
    if (b[0] == 0 && text(b[1]) && b[2] == 0 && text(b[3])) return {"utf-16be", 0};
    if (text(b[0]) && b[1] == 0 && text(b[2]) && b[3] == 0) return {"utf-16le", 0};
    return {};
}

// nullopt-like: empty and false where ICU knows no such encoding.
bool convert(const std::string& name, std::string_view bytes, std::string& out) {
    UErrorCode status = U_ZERO_ERROR;
    const converter from(ucnv_open(name.c_str(), &status));
    if (U_FAILURE(status)) return false;
    const converter to(ucnv_open("utf-8", &status));
    if (U_FAILURE(status)) return false;
    out.clear();
    std::array<char, 16384> buffer;
    std::array<UChar, 8192> pivot;
    UChar* pivot_source = pivot.data();
    UChar* pivot_target = pivot.data();
    const char* source = bytes.data();
    UBool reset = true;
    do {
        char* target = buffer.data();
        status = U_ZERO_ERROR;
        ucnv_convertEx(to.get(), from.get(), &target, buffer.data() + buffer.size(), &source,
                       bytes.data() + bytes.size(), pivot.data(), &pivot_source, &pivot_target,
                       pivot.data() + pivot.size(), reset, true, &status);
        reset = false;
        out.append(buffer.data(), target);
    } while (status == U_BUFFER_OVERFLOW_ERROR);
    return U_SUCCESS(status);
}

// A declared name as it may stand in a warning.
std::string shown(std::string_view name) {
    return std::string(truncate_utf8(to_valid_utf8(name), 40));
}

std::string unknown_encoding(std::string_view name) {
    return "unknown encoding \"" + shown(name) + "\"";
}

// "<?xm" in every EBCDIC. The declaration itself is in characters that all of them share.
bool is_ebcdic(std::string_view bytes) {
    return bytes.starts_with("\x4C\x6F\xA7\x94");
}

std::string decode_ebcdic(std::string_view bytes, std::vector<std::string>& warnings) {
    constexpr std::string_view line_ends = ",swaplfnl";  // a line ends with the code for NEL there
    std::string out;
    std::string name = "ibm-037";
    if (convert(name, bytes.substr(0, 512), out)) {
        if (std::string declared = declared_in_prolog(out); !declared.empty()) name = std::move(declared);
    }
    if (convert(name + std::string(line_ends), bytes, out) && out.starts_with("<?xm")) return out;
    warnings.push_back(unknown_encoding(name));
    return convert("ibm-037" + std::string(line_ends), bytes, out) ? out : std::string(bytes);
}

// As HTML reads "&#146;".
void append_windows_1252(unsigned byte, std::string& out) {
    decode_entity("&#" + std::to_string(byte) + ";", entity_rules::xml, out);
}

// U+0080 to U+009F are control characters that nobody means, but for NEL. Offset of the first from `at` on.
std::size_t find_control(std::string_view text, std::size_t at) {
    for (at = text.find('\xC2', at); at != std::string_view::npos; at = text.find('\xC2', at + 2)) {
        if (at + 1 >= text.size()) break;
        const auto low = static_cast<unsigned char>(text[at + 1]);
        if (low <= 0x9F && low != 0x85) return at;
    }
    return std::string_view::npos;
}

bool has_controls(std::string_view text) {
    return find_control(text, 0) != std::string_view::npos;
}

// What windows-1252 has in their places.
void mend_controls(std::string& text) {
    std::string mended;
    std::size_t done = 0;
    for (std::size_t at = find_control(text, 0); at != std::string::npos; at = find_control(text, done)) {
        mended.append(text, done, at - done);
        append_windows_1252(static_cast<unsigned char>(text[at + 1]), mended);
        done = at + 2;
    }
    if (done == 0) return;
    mended.append(text, done);
    text = std::move(mended);
}

// Bytes of the UTF-8 sequence that `lead` begins, if it begins one.
std::size_t sequence_length(unsigned lead) {
    return lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
}

struct utf8_census {
    std::size_t sequences = 0;  // valid ones beyond ASCII
    std::size_t invalid = 0;    // bytes that begin no valid sequence
    bool broken_utf8 = false;   // overlong forms or surrogates: an encoder of UTF-8 gone wrong, not another encoding
};

utf8_census count_sequences(std::string_view b) {
    utf8_census census;
    const auto byte = [&](std::size_t i) { return i < b.size() ? static_cast<unsigned char>(b[i]) : 0U; };
    const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
    for (std::size_t i = 0; i < b.size();) {
        const unsigned lead = byte(i);
        if (lead < 0x80) {
            ++i;
            continue;
        }
        const std::size_t length = sequence_length(lead);
        if (i + length > b.size() && lead >= 0xC2 && lead <= 0xF4) {
            std::size_t rest = i + 1;
            while (rest < b.size() && follows(rest)) ++rest;
            if (rest == b.size()) break;  // cut at the end of the document: says nothing
        }
        if (i + length <= b.size() && is_valid_utf8(b.substr(i, length))) {
            ++census.sequences;
            i += length;
            continue;
        }
        const bool shaped = lead >= 0xC0 && lead <= 0xF7 && follows(i + 1) && (length < 3 || follows(i + 2)) &&
                            (length < 4 || follows(i + 3));
        if (shaped) census.broken_utf8 = true;
        ++census.invalid;
        ++i;
    }
    return census;
}

struct detector_close_call {
    void operator()(UCharsetDetector* d) const noexcept { ucsdet_close(d); }
};

// What the bytes beyond ASCII most likely are, by ICU's statistics; "windows-1252" where those are not sure of anything
// else. Its guesses between encodings of Latin scripts are worth nothing on short texts.
std::string detected_encoding(std::string_view bytes) {
    constexpr std::size_t sample_max = 64U << 10U;
    constexpr std::int32_t confidence_min = 25;
    constexpr std::array<std::string_view, 15> told_apart{"big5",        "euc-jp",       "euc-kr",      "gb18030",
                                                          "iso-2022-cn", "iso-2022-jp",  "iso-2022-kr", "shift_jis",
                                                          "iso-8859-5",  "iso-8859-6",   "iso-8859-7",  "iso-8859-8",
                                                          "koi8-r",      "windows-1251", "windows-1256"};
    const std::string fallback = "windows-1252";
    std::string sample;  // without markup, which is ASCII in any
    std::size_t high = 0;
    std::size_t letters = 0;
    bool in_tag = false;
    for (std::size_t i = 0; i < bytes.size() && sample.size() < sample_max; ++i) {
        const char c = bytes[i];
        if (c == '<') in_tag = true;
        if (!in_tag) {
            sample += c;
            high += static_cast<unsigned char>(c) >= 0x80 ? 1U : 0U;
            letters += ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z' ? 1U : 0U;
        }
        if (c == '>') in_tag = false;
    }
    constexpr std::size_t high_min = 8;
    if (high < letters || high < high_min) return fallback;  // a Latin script, or too little to say
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<UCharsetDetector, detector_close_call> detector(ucsdet_open(&status));
    if (U_FAILURE(status)) return fallback;
    ucsdet_setText(detector.get(), sample.data(), static_cast<std::int32_t>(sample.size()), &status);
    const UCharsetMatch* best = ucsdet_detect(detector.get(), &status);
    if (U_FAILURE(status) || best == nullptr) return fallback;
    const std::string name = ascii_lower(ucsdet_getName(best, &status));
    const std::int32_t confidence = ucsdet_getConfidence(best, &status);
    const bool sure = std::find(told_apart.begin(), told_apart.end(), name) != told_apart.end();
    return U_SUCCESS(status) && sure && confidence >= confidence_min ? meant_by(name) : fallback;
}

// Stray bytes among good UTF-8, by themselves.
std::string mend_stray_bytes(std::string_view bytes) {
    std::string out;
    for (std::size_t i = 0; i < bytes.size();) {
        const auto lead = static_cast<unsigned char>(bytes[i]);
        const std::size_t length = sequence_length(lead);
        if (i + length <= bytes.size() && is_valid_utf8(bytes.substr(i, length))) {
            out += bytes.substr(i, length);
            i += length;
            continue;
        }
        append_windows_1252(lead, out);
        ++i;
    }
    return out;
}

std::string declared_encoding(std::string_view bytes, std::string_view content_type) {
    std::string declared = meant_by(value_after(content_type, "charset"));
    return declared.empty() ? meant_by(declared_in_prolog(bytes)) : declared;
}

// Nothing to convert and nothing to mend, as it is with most documents: told fast.
bool is_ready(std::string_view bytes, std::string_view content_type) {
    if (!is_valid_utf8(bytes) || bytes.find('\0') != std::string_view::npos || has_controls(bytes)) return false;
    const std::string declared = declared_encoding(bytes, content_type);
    return declared.empty() || declared == "utf-8";
}

// A byte order mark, or the pattern of the bytes, outdoes what is declared.
void tell_other_declaration(std::string_view bytes, std::string_view content_type, std::string_view is,
                            std::vector<std::string>& warnings) {
    const std::string declared = declared_encoding(bytes, content_type);
    const bool same = declared.empty() || declared == is || (is_utf16_or_32(is) && is_utf16_or_32(declared));
    if (same) return;
    constexpr std::size_t shown_max = 40;
    warnings.push_back("the document says it is " + std::string(truncate_utf8(to_valid_utf8(declared), shown_max)) +
                       ", but its first bytes say " + std::string(is));
}

std::string decode(std::string_view bytes, std::string_view content_type, std::vector<std::string>& warnings) {
    std::string out;
    if (is_ebcdic(bytes)) return to_valid_utf8(decode_ebcdic(bytes, warnings));
    const marked mark = marked_encoding(bytes);
    if (mark.encoding != nullptr) {
        bytes.remove_prefix(mark.mark);
        tell_other_declaration(bytes, content_type, mark.encoding, warnings);
        if (std::string_view(mark.encoding) == "utf-8") return to_valid_utf8(bytes);
        if (convert(mark.encoding, bytes, out)) return to_valid_utf8(out);
    }
    std::string declared = declared_encoding(bytes, content_type);
    if (is_utf16_or_32(declared)) {  // bytes of those begin otherwise
        warnings.push_back("the document says it is " + shown(declared) + ", but its bytes are not");
        declared.clear();
    }
    const utf8_census census = count_sequences(bytes);
    const bool beyond_ascii = census.sequences + census.invalid > 0;
    const bool is_utf8 = census.invalid == 0;
    if (is_utf8 && (census.sequences > 0 || declared.empty() || declared == "utf-8")) {
        if (beyond_ascii && !declared.empty() && declared != "utf-8")
            warnings.push_back("the document says it is " + shown(declared) + ", but it is UTF-8");
        return to_valid_utf8(bytes);
    }
    if (!declared.empty() && declared != "utf-8") {
        if (convert(declared, bytes, out)) return to_valid_utf8(out);
        warnings.push_back(unknown_encoding(declared));
        if (is_utf8) return to_valid_utf8(bytes);
    }
    if (census.sequences < census.invalid && !census.broken_utf8) {
        const std::string name = detected_encoding(bytes);
        const bool says_so = declared == "utf-8";
        if (says_so) warnings.push_back("the document says it is UTF-8, but it is not; read as " + name);
        if (declared.empty()) warnings.push_back("no encoding is declared; read as " + name);
        if (convert(name, bytes, out)) return to_valid_utf8(out);
    }
    if (census.invalid > 0 && !census.broken_utf8) {
        warnings.push_back("invalid UTF-8 among valid, read as windows-1252");
        return to_valid_utf8(mend_stray_bytes(bytes));
    }
    warnings.push_back("invalid UTF-8, replaced by U+FFFD");
    return to_valid_utf8(bytes);
}

}  // namespace

std::string_view decode_document(std::string_view bytes, std::string_view content_type, std::string& storage,
                                 std::vector<std::string>& warnings) {
    constexpr std::string_view mark = "\xEF\xBB\xBF";
    const std::string_view unmarked = bytes.substr(bytes.starts_with(mark) ? mark.size() : 0);
    if (is_ready(unmarked, content_type)) return unmarked;
    storage = decode(bytes, content_type, warnings);
    mend_controls(storage);
    return storage;
}

std::string decode_page(std::string_view bytes, std::string_view content_type) {
    std::vector<std::string> warnings;
    std::string storage, type(content_type);
    if (ascii_lower(content_type).find("charset") == std::string::npos) {
        if (const std::string declared = page_charset(bytes); !declared.empty())
            type = "text/html; charset=" + declared;
    }
    return std::string(decode_document(bytes, type, storage, warnings));
}

}  // namespace feedwatch
