#include "core/publisher/families.hpp"

#include <algorithm>
#include <utility>

#include "core/ascii.hpp"
#include "core/hash.hpp"
#include "core/url/url.hpp"

namespace feedwatch {

extern const std::string_view families_text;  // families_text.cpp.in

namespace {

bool may_be_host(std::string_view name) {
    return name.find('.') != std::string_view::npos && name.find_first_of(" /@") == std::string_view::npos;
}

// "example.co.uk" of "www.Example.co.uk"; a name in lower case.
std::string key_of(std::string_view publisher) {
    if (may_be_host(publisher)) {
        if (std::string domain = registrable_domain("https://" + std::string(publisher)); !domain.empty())
            return domain;
    }
    return ascii_lower(publisher);
}

template <class F>
void for_each_part(std::string_view text, char separator, F&& f) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(separator), text.size());
        f(ascii_trimmed(text.substr(0, end)));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

}  // namespace

publisher_families::publisher_families() {
    for_each_part(families_text, '\n', [&](std::string_view line) {
        if (line.empty() || line.starts_with('#')) return;
        std::string_view family;
        for_each_part(line, '|', [&](std::string_view part) {
            if (family.empty()) family = part;
            members_.insert_or_assign(key_of(part), membership{std::string(family), true});
        });
    });
}

const publisher_families& publisher_families::shipped() {
    static const publisher_families made;
    return made;
}

std::optional<std::string> publisher_families::add(std::string_view family, std::string_view member) {
    const auto put = [&](std::string key) -> std::optional<std::string> {
        const auto [at, added] = members_.try_emplace(std::move(key), membership{std::string(family), false});
        if (added) return std::nullopt;
        if (!at->second.shipped && at->second.family != family) return at->second.family;
        at->second = {std::string(family), false};
        return std::nullopt;
    };
    if (auto taken = put(key_of(member))) return taken;
    members_.try_emplace(ascii_lower(family), membership{std::string(family), false});  // who is called as the family
    return std::nullopt;
}

bool publisher_families::dissolve(std::string_view family) {
    return std::erase_if(members_, [&](const auto& m) { return m.second.shipped && m.second.family == family; }) > 0;
}

std::string publisher_families::family_of(std::string_view publisher) const {
    if (const auto found = members_.find(publisher); found != members_.end()) return found->second.family;
    // A domain of two labels is its own, and most publishers are one.
    const bool plain = publisher.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string_view::npos &&
                       std::count(publisher.begin(), publisher.end(), '.') < 2;
    if (plain) return std::string(publisher);
    const std::string key = key_of(publisher);
    if (const auto found = members_.find(key); found != members_.end()) return found->second.family;
    return may_be_host(publisher) ? key : std::string(publisher);
}

std::uint64_t publisher_families::digest() const {
    std::uint64_t sum = 0;  // whatever the order
    for (const auto& [member, m] : members_) sum += hash64(m.family, hash64(member));
    return sum;
}

}  // namespace feedwatch
