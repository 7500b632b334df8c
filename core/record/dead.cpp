#include "core/record/dead.hpp"

#include <charconv>

#include "core/utf8.hpp"

namespace feedwatch {
namespace {

constexpr std::string_view prefix = "feedwatch.dlq.";

const std::string* find(std::span<const header> headers, std::string_view name) {
    for (const header& h : headers)
        if (h.name.starts_with(prefix) && std::string_view(h.name).substr(prefix.size()) == name) return &h.value;
    return nullptr;
}

template <class Integer>
result<> read_number(std::span<const header> headers, std::string_view name, Integer& out) {
    const std::string* text = find(headers, name);
    if (text == nullptr) return error(errc::malformed, std::string(prefix) + std::string(name) + ": no such header");
    const auto [end, code] = std::from_chars(text->data(), text->data() + text->size(), out);
    if (code != std::errc{} || end != text->data() + text->size())
        return error(errc::malformed, std::string(prefix) + std::string(name) + ": should be a whole number in range");
    return {};
}

}  // namespace

std::vector<header> to_headers(const dead_letter& d) {
    const auto make = [](std::string_view name, std::string_view value) {
        return header{std::string(prefix) + std::string(name), to_valid_utf8(value)};
    };
    return {make("topic", d.topic),
            make("partition", std::to_string(d.partition)),
            make("offset", std::to_string(d.offset)),
            make("stage", d.stage),
            make("reason", d.reason),
            make("exception", d.exception),
            make("attempt", std::to_string(d.attempt))};
}

result<dead_letter> dead_letter_from_headers(std::span<const header> headers) {
    dead_letter d;
    for (const auto& [name, field] : {std::pair{"topic", &dead_letter::topic}, std::pair{"stage", &dead_letter::stage},
                                      std::pair{"reason", &dead_letter::reason}}) {
        const std::string* text = find(headers, name);
        if (text == nullptr) return error(errc::malformed, std::string(prefix) + name + ": no such header");
        d.*field = *text;
    }
    if (const std::string* text = find(headers, "exception"); text != nullptr) d.exception = *text;
    if (const auto read = read_number(headers, "partition", d.partition); !read) return read.error();
    if (const auto read = read_number(headers, "offset", d.offset); !read) return read.error();
    if (find(headers, "attempt") != nullptr)
        if (const auto read = read_number(headers, "attempt", d.attempt); !read) return read.error();
    return d;
}

}  // namespace feedwatch
