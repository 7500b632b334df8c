#include "processors/match/record_text.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <new>

#include "core/utf8.hpp"
#include "processors/match/json_text.hpp"

namespace feedwatch {
namespace {

constexpr std::size_t depth_max = 64;
constexpr std::size_t bytes_max = 256UL << 20U;
constexpr std::size_t bytes_kept = 4UL << 20U;  // buffers past this are given back at the next call

int hex_at(std::string_view s, std::size_t at) {
    if (at + 6 > s.size() || s[at] != '\\' || s[at + 1] != 'u') return -1;
    int value = 0;
    for (std::size_t i = at + 2; i < at + 6; ++i) {
        const char c = s[i];
        const int digit = c >= '0' && c <= '9'   ? c - '0'
                          : c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                 : -1;
        if (digit < 0) return -1;
        value = value * 16 + digit;
    }
    return value;
}

bool is_high(int unit) {
    return unit >= 0xD800 && unit <= 0xDBFF;
}
bool is_low(int unit) {
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

// Escapes of NUL fall away and those of lone surrogates become U+FFFD: what goes out must be text.
std::string clean_escapes(std::string_view json) {
    std::string out;
    out.reserve(json.size());
    for (std::size_t i = 0; i < json.size();) {
        if (json[i] != '\\') {
            out += json[i++];
            continue;
        }
        const int unit = hex_at(json, i);
        if (unit < 0) {  // another escape; its second character is no start of one
            out += json.substr(i, 2);
            i += 2;
        } else if (is_high(unit) && is_low(hex_at(json, i + 6))) {
            out += json.substr(i, 12);
            i += 12;
        } else {
            if (is_high(unit) || is_low(unit)) {
                out += "\\ufffd";
            } else if (unit != 0) {
                out += json.substr(i, 6);
            }
            i += 6;
        }
    }
    return out;
}

bool may_need_cleaning(std::string_view json) {
    for (std::size_t at = json.find("\\u"); at != std::string_view::npos; at = json.find("\\u", at + 2)) {
        if (at + 2 >= json.size()) return false;
        const char c = json[at + 2];
        if (c == 'd' || c == 'D' || json.compare(at + 2, 4, "0000") == 0) return true;
    }
    return false;
}

error wrong_type(std::string_view name) {
    return {errc::malformed, std::string(name) + ": should be a string"};
}

}  // namespace

struct record_text::state {
    std::string bytes;  // with simdjson's padding
    std::size_t size = 0;
    std::size_t close = 0;  // of the closing brace
    simdjson::dom::parser parser{bytes_max + simdjson::SIMDJSON_PADDING};
    simdjson::dom::object object;

    result<> parse(std::string_view json) {
        const std::size_t first = json.find_first_not_of(" \t\r\n");
        if (first == std::string_view::npos || json[first] != '{') return error(errc::malformed, "not a JSON object");
        if (json.size() > bytes_max) return error(errc::too_large, "a record of more than 256 MiB");
        if (bytes.capacity() > bytes_kept) bytes = {};
        bytes.assign(json.substr(first));
        if (!is_valid_utf8(bytes)) make_valid_utf8(bytes);
        if (may_need_cleaning(bytes)) bytes = clean_escapes(bytes);
        size = bytes.size();
        bytes.append(simdjson::SIMDJSON_PADDING, ' ');
        if (parser.capacity() < size || parser.max_depth() != depth_max) {
            if (parser.allocate(std::max<std::size_t>(size, 16384), depth_max) != simdjson::SUCCESS)
                throw std::bad_alloc();
        }
        simdjson::dom::element root;
        if (const auto code = parser.parse(bytes.data(), size, false).get(root); code != simdjson::SUCCESS) {
            return error(errc::malformed, std::string("not JSON: ") + simdjson::error_message(code));
        }
        if (root.get(object) != simdjson::SUCCESS) return error(errc::malformed, "not a JSON object");
        close = std::string_view(bytes).substr(0, size).rfind('}');
        return {};
    }
};

record_text::record_text() : state_(std::make_unique<state>()) {}
record_text::~record_text() = default;
record_text::record_text(record_text&&) noexcept = default;
record_text& record_text::operator=(record_text&&) noexcept = default;

result<record_fields> record_text::read(std::string_view json) {
    if (const auto parsed = state_->parse(json); !parsed) return parsed.error();
    record_fields f;
    f.empty = true;
    struct known {
        std::string_view name;
        std::string_view* into;
    };
    const std::array wanted{known{"id", &f.id},
                            known{"story", &f.story},
                            known{"title", &f.title},
                            known{"text", &f.text},
                            known{"content_html", &f.content_html},
                            known{"summary_html", &f.summary_html},
                            known{"language", &f.language}};
    for (const auto& [key, value] : state_->object) {
        f.empty = false;
        f.has_matches = f.has_matches || key == "matches";
        f.has_text = f.has_text || key == "text";
        const auto* const found = std::find_if(
            wanted.begin(), wanted.end(), [&, name = std::string_view(key)](const known& k) { return k.name == name; });
        if (found == wanted.end() || value.is_null()) continue;
        if (value.get(*found->into) != simdjson::SUCCESS) return wrong_type(found->name);
    }
    if (f.id.empty()) return error(errc::malformed, "id: missing");
    return f;
}

std::string_view record_text::body() const noexcept {
    return std::string_view(state_->bytes).substr(0, state_->close);
}

std::string record_text::body_without_matches(bool without_text) const {
    std::string out = "{";
    for (const auto& [key, value] : state_->object) {
        if (key == "matches" || (without_text && key == "text")) continue;
        if (out.size() > 1) out += ',';
        append_json_string(out, key);
        out += ':';
        out += simdjson::to_string(simdjson::dom::element(value));
    }
    return out;
}

}  // namespace feedwatch
