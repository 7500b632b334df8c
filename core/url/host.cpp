#include <unicode/uidna.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "core/ascii.hpp"
#include "core/url/parts.hpp"
#include "core/url/url.hpp"

namespace feedwatch::url {
namespace {

struct uidna_close_call {
    void operator()(UIDNA* idna) const noexcept { uidna_close(idna); }
};

// Thread-safe once made, says ICU. Null only where ICU's data is missing: then such hosts count as no hosts.
const UIDNA* idna() {
    static const std::unique_ptr<UIDNA, uidna_close_call> made = [] {
        UErrorCode status = U_ZERO_ERROR;
        UIDNA* opened = uidna_openUTS46(UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_NONTRANSITIONAL_TO_UNICODE, &status);
        return std::unique_ptr<UIDNA, uidna_close_call>(U_SUCCESS(status) ? opened : nullptr);
    }();
    return made.get();
}

bool is_host_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~' ||
           c == '!' || c == '$' || c == '&' || c == '\'' || c == '(' || c == ')' || c == '*' || c == '+' || c == ',' ||
           c == ';' || c == '=';
}

std::optional<std::string> ip_literal(std::string_view host) {
    if (host.size() < 4 || host.back() != ']') return std::nullopt;
    const std::string out = ascii_lower(host);
    const auto ok = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == ':' || c == '.'; };
    if (!std::all_of(out.begin() + 1, out.end() - 1, ok) || out.find(':') == std::string::npos) return std::nullopt;
    return out;
}

std::optional<std::string> with_icu(std::string_view host) {
    const UIDNA* converter = idna();
    if (converter == nullptr) return std::nullopt;
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    UErrorCode status = U_ZERO_ERROR;
    std::vector<char> buffer(host.size() * 4 + 64);
    const auto length = uidna_nameToASCII_UTF8(converter, host.data(), static_cast<std::int32_t>(host.size()),
                                               buffer.data(), static_cast<std::int32_t>(buffer.size()), &info, &status);
    // Long labels and hyphens in odd places work on the web (RFC 5891's rules are for registries).
    constexpr std::uint32_t tolerated = UIDNA_ERROR_LABEL_TOO_LONG | UIDNA_ERROR_DOMAIN_NAME_TOO_LONG |
                                        UIDNA_ERROR_LEADING_HYPHEN | UIDNA_ERROR_TRAILING_HYPHEN |
                                        UIDNA_ERROR_HYPHEN_3_4 | UIDNA_ERROR_EMPTY_LABEL;
    if (U_FAILURE(status) || (info.errors & ~tolerated) != 0) return std::nullopt;
    return std::string(buffer.data(), static_cast<std::size_t>(length));
}

}  // namespace

std::optional<std::string> host_to_ascii(std::string_view raw) {
    constexpr std::size_t host_bytes_max = 1024;  // DNS allows 253; more is no host
    if (raw.empty() || raw.size() > host_bytes_max) return std::nullopt;
    if (raw.front() == '[') return ip_literal(raw);
    // Some are escaped ("ex%61mple.com"); stray percent signs stay and are refused below.
    std::string host = percent_decoded(raw);
    const bool ascii =
        std::all_of(host.begin(), host.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (ascii) {
        host = ascii_lower(host);
    } else {
        auto converted = with_icu(host);
        if (!converted) return std::nullopt;
        host = *std::move(converted);
    }
    while (!host.empty() && host.back() == '.') host.pop_back();
    if (host.empty() || !std::all_of(host.begin(), host.end(), is_host_byte)) return std::nullopt;
    return host;
}

}  // namespace feedwatch::url
