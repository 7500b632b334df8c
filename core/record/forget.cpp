#include "core/record/forget.hpp"

#include <array>
#include <charconv>
#include <utility>

#include "core/hash.hpp"

namespace feedwatch {
namespace {

constexpr std::array prefixes{std::pair{forget_request::by::story, std::string_view("forget:story:")},
                              std::pair{forget_request::by::item, std::string_view("forget:item:")},
                              std::pair{forget_request::by::url, std::string_view("forget:url:")}};
constexpr std::size_t hash_digits = 16;

}  // namespace

std::string to_key(const forget_request& r) {
    std::string key(prefixes[static_cast<std::size_t>(r.what)].second);
    if (r.what != forget_request::by::url) return key + r.id;
    return key + hex_of(r.url_hash);
}

std::optional<forget_request> forget_request_from_key(std::string_view key) {
    for (const auto& [what, prefix] : prefixes) {
        if (!key.starts_with(prefix) || key.size() == prefix.size()) continue;
        const std::string_view rest = key.substr(prefix.size());
        if (what != forget_request::by::url) return forget_request{what, std::string(rest), 0};
        forget_request r{what, {}, 0};
        const auto [end, failed] = std::from_chars(rest.data(), rest.data() + rest.size(), r.url_hash, 16);
        if (rest.size() != hash_digits || failed != std::errc{} || end != rest.data() + rest.size())
            return std::nullopt;
        return r;
    }
    return std::nullopt;
}

}  // namespace feedwatch
