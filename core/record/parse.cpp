// Reading JSON: the part of json.hpp that knows simdjson.
#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <new>

#include "core/record/base64.hpp"
#include "core/record/json.hpp"
#include "core/utf8.hpp"

namespace feedwatch::record {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t depth_max = 64;
constexpr std::size_t bytes_max = 256UL * 1024 * 1024;
constexpr std::size_t bytes_kept = 4UL * 1024 * 1024;  // a thread's buffers past this are given back after use

bool is_hex_pair(std::string_view text, std::size_t at, std::string_view first, std::string_view second) {
    return first.find(text[at]) != std::string_view::npos && second.find(text[at + 1]) != std::string_view::npos;
}

// Whether the six characters at `at` are the escape of a high or of a low surrogate.
bool is_surrogate(std::string_view text, std::size_t at, bool high) {
    return at + 6 <= text.size() && text[at] == '\\' && text[at + 1] == 'u' &&
           is_hex_pair(text, at + 2, "dD", high ? "89abAB" : "cdefCDEF");
}

// simdjson refuses a document with the escape of a lone surrogate. The replacement's escape is as long, so it is put in
// place.
void replace_lone_surrogates(char* data, std::size_t size) {
    const std::string_view text(data, size);
    for (std::size_t at = text.find('\\'); at != std::string_view::npos; at = text.find('\\', at)) {
        const bool high = is_surrogate(text, at, true);
        if (high && is_surrogate(text, at + 6, false)) {
            at += 12;
        } else if (high || is_surrogate(text, at, false)) {
            std::memcpy(data + at + 2, "fffd", 4);
            at += 6;
        } else {
            at += 2;
        }
    }
}

bool may_hold_surrogates(std::string_view text) {
    for (std::size_t at = text.find("\\u"); at != std::string_view::npos; at = text.find("\\u", at + 2))
        if (at + 2 < text.size() && (text[at + 2] == 'd' || text[at + 2] == 'D')) return true;
    return false;
}

std::size_t skip_space(std::string_view text) {
    return std::min(text.find_first_not_of(" \t\r\n"), text.size());
}

error too_large(std::size_t bytes) {
    return {errc::too_large,
            "a record of " + std::to_string(bytes) + " bytes; the limit is " + std::to_string(bytes_max)};
}

class document {
  public:
    document() : parser_(bytes_max + simdjson::SIMDJSON_PADDING) {}

    result<dom::element> parse(std::string_view json) {
        // Checked here, since simdjson 3.0.1 may read past its buffer for a number at the root.
        if (const std::size_t at = skip_space(json); at == json.size() || json[at] != '{')
            return error(errc::malformed, "not a JSON object");
        if (json.size() > bytes_max) return too_large(json.size());
        if (const auto ready = copy(json); !ready) return ready.error();
        dom::element root;
        simdjson::error_code code = parser_.parse(text_.data(), json.size(), false).get(root);
        if (code == simdjson::UTF8_ERROR) {
            const std::string clean = to_valid_utf8(json);
            if (clean.size() > bytes_max) return too_large(clean.size());
            if (const auto ready = copy(clean); !ready) return ready.error();
            code = parser_.parse(text_.data(), clean.size(), false).get(root);
        }
        if (code != simdjson::SUCCESS)
            return error(errc::malformed, std::string("not JSON: ") + simdjson::error_message(code));
        return root;
    }

    void give_back() {
        if (text_.capacity() <= bytes_kept) return;
        text_ = {};
        parser_ = dom::parser(bytes_max + simdjson::SIMDJSON_PADDING);
    }

  private:
    result<> copy(std::string_view json) {
        text_.assign(json);
        text_.append(simdjson::SIMDJSON_PADDING, ' ');
        if (may_hold_surrogates(json)) replace_lone_surrogates(text_.data(), json.size());
        if (parser_.capacity() >= json.size() && parser_.max_depth() == depth_max) return {};
        const std::size_t capacity = std::max<std::size_t>(json.size(), 16UL * 1024);
        if (parser_.allocate(capacity, depth_max) != simdjson::SUCCESS) throw std::bad_alloc();
        return {};
    }

    dom::parser parser_;
    std::string text_;
};

const dom::element& element_of(const void* source) {
    return *static_cast<const dom::element*>(source);
}

void drop_nul(std::string& text) {
    if (text.find('\0') != std::string::npos) std::erase(text, '\0');
}

template <class List>
bool get_base64(const dom::element& from, List& out) {
    std::string_view text;
    return from.get(text) == simdjson::SUCCESS && read_base64(text, out);
}

}  // namespace

bool value::is_null() const {
    return element_of(source_).is_null();
}
bool value::is_object() const {
    return element_of(source_).is_object();
}
bool value::is_array() const {
    return element_of(source_).is_array();
}

bool value::get(std::string& out) const {
    std::string_view text;
    if (element_of(source_).get(text) != simdjson::SUCCESS) return false;
    out.assign(text);
    drop_nul(out);
    return true;
}

bool value::get(bool& out) const {
    return element_of(source_).get(out) == simdjson::SUCCESS;
}

bool value::get(double& out) const {
    return element_of(source_).get(out) == simdjson::SUCCESS;  // whole numbers included
}

bool value::get(std::uint64_t& out) const {
    const dom::element& from = element_of(source_);
    if (from.get(out) == simdjson::SUCCESS) return true;
    // "1.0" and "1e3" are whole numbers too, as JSON Schema has it; 2^53 is as far as a double tells them apart.
    double number = 0;
    if (!from.is_double() || from.get(number) != simdjson::SUCCESS) return false;
    if (number < 0 || number > 9007199254740992.0 || number != std::floor(number)) return false;
    out = static_cast<std::uint64_t>(number);
    return true;
}

bool value::get(timestamp& out) const {
    std::string_view text;
    if (element_of(source_).get(text) != simdjson::SUCCESS) return false;
    const auto parsed = parse_rfc3339(text);
    if (parsed) out = *parsed;
    return parsed.has_value();
}

bool value::get(duration& out) const {
    std::string_view text;
    if (element_of(source_).get(text) != simdjson::SUCCESS) return false;
    const auto parsed = parse_duration(text);
    if (parsed) out = *parsed;
    return parsed.has_value();
}

bool value::get(std::vector<std::uint16_t>& out) const {
    return get_base64(element_of(source_), out);
}
bool value::get(std::vector<std::uint32_t>& out) const {
    return get_base64(element_of(source_), out);
}

bool value::fields(bool (*visit)(void*, std::string_view, value), void* context) const {
    dom::object object;
    if (element_of(source_).get(object) != simdjson::SUCCESS) return false;
    return std::all_of(object.begin(), object.end(), [&](const dom::key_value_pair& field) {
        return visit(context, field.key, value(&field.value));
    });
}

bool value::elements(bool (*visit)(void*, value), void* context) const {
    dom::array array;
    if (element_of(source_).get(array) != simdjson::SUCCESS) return false;
    return std::all_of(array.begin(), array.end(),
                       [&](const dom::element& element) { return visit(context, value(&element)); });
}

result<> parse_object(std::string_view json, bool (*read)(void* context, value object, std::string& problem),
                      void* context) {
    thread_local document buffers;
    const auto root = buffers.parse(json);
    if (!root) return root.error();
    std::string problem;
    const bool good = read(context, value(&*root), problem);
    buffers.give_back();
    if (!good) return error(errc::malformed, std::move(problem));
    return {};
}

}  // namespace feedwatch::record
