#include "producers/push/form.hpp"

#include <algorithm>

#include "core/ascii.hpp"
#include "core/url/url.hpp"

namespace feedwatch::push {

std::string percent_encoded(std::string_view text) {
    static constexpr std::string_view digits = "0123456789ABCDEF";
    static constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
    std::string out;
    for (const char c : text) {
        if (plain.find(c) != std::string_view::npos) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
    }
    return out;
}

std::string write_form(const form& fields) {
    std::string out;
    for (const auto& [name, value] : fields) {
        if (!out.empty()) out += '&';
        out += percent_encoded(name) + '=' + percent_encoded(value);
    }
    return out;
}

form read_form(std::string_view text) {
    const auto decoded = [](std::string_view part) {
        std::string spaced(part);
        std::replace(spaced.begin(), spaced.end(), '+', ' ');
        return percent_decoded(spaced);
    };
    form out;
    while (!text.empty() && out.size() < fields_max) {
        const std::string_view one = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(one.size() + 1, text.size()));
        if (one.empty()) continue;
        const auto equals = one.find('=');
        out.emplace_back(decoded(one.substr(0, equals)),
                         equals == std::string_view::npos ? std::string() : decoded(one.substr(equals + 1)));
    }
    return out;
}

const std::string* find_field(const form& fields, std::string_view name) {
    for (const auto& [n, value] : fields)
        if (n == name) return &value;
    return nullptr;
}

}  // namespace feedwatch::push
