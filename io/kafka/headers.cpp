#include "io/kafka/headers.hpp"

#include <algorithm>
#include <array>

namespace feedwatch::kafka {
namespace {

constexpr std::size_t traceparent_size = 55;  // "00-" 32 "-" 16 "-" 2

bool is_lower_hex(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_valid(std::string_view parent) {
    if (parent.size() != traceparent_size || !parent.starts_with("00-") || parent[35] != '-' || parent[52] != '-')
        return false;
    const auto trace = parent.substr(3, 32);
    const auto span = parent.substr(36, 16);
    return is_lower_hex(trace) && is_lower_hex(span) && is_lower_hex(parent.substr(53)) &&
           trace.find_first_not_of('0') != std::string_view::npos &&
           span.find_first_not_of('0') != std::string_view::npos;
}

void append_hex(std::string& out, std::uint64_t value) {
    static constexpr std::string_view digits = "0123456789abcdef";
    for (int shift = 60; shift >= 0; shift -= 4) out += digits[(value >> shift) & 0xFU];
}

}  // namespace

std::string_view schema_header(topic t) {
    static const auto names = [] {
        std::array<std::string, all_topics.size()> made;
        for (const topic each : all_topics)
            made[static_cast<std::size_t>(each)] = "feedwatch." + std::string{name_of(each)} + "/1";
        return made;
    }();
    return names[static_cast<std::size_t>(t)];
}

std::string trace_source::continue_from(std::span<const header> input) {
    const auto parent =
        std::find_if(input.begin(), input.end(), [](const header& h) { return h.name == "traceparent"; });
    std::string made;
    made.reserve(traceparent_size);
    made = "00-";
    const bool goes_on = parent != input.end() && is_valid(parent->value);
    if (goes_on) {
        made.append(parent->value, 3, 32);
    } else {
        append_hex(made, random_());
        append_hex(made, random_() | 1U);  // never all zeros
    }
    made += '-';
    append_hex(made, random_() | 1U);
    made += goes_on ? parent->value.substr(52) : "-01";
    return made;
}

std::size_t wire_bytes(const output& out) {
    constexpr std::size_t per_record = 96;  // varints, batch header
    constexpr std::size_t per_header = 10;
    std::size_t bytes = per_record + out.record.key.size() + (out.record.value ? out.record.value->size() : 0);
    for_each_header(out, [&bytes](std::string_view name, std::string_view value) {
        bytes += name.size() + value.size() + per_header;
    });
    return bytes;
}

}  // namespace feedwatch::kafka
