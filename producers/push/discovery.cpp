#include "producers/push/discovery.hpp"

#include <algorithm>

#include "core/ascii.hpp"
#include "core/url/url.hpp"

namespace feedwatch::push {
namespace {

// Cuts off what stands before the first of `ends` that is outside of quotes; the end itself stays.
std::string_view take_until(std::string_view& text, std::string_view ends) {
    bool quoted = false;
    std::size_t at = 0;
    for (; at < text.size(); ++at) {
        if (quoted && text[at] == '\\') {
            ++at;
        } else if (text[at] == '"') {
            quoted = !quoted;
        } else if (!quoted && ends.find(text[at]) != std::string_view::npos) {
            break;
        }
    }
    at = std::min(at, text.size());
    const std::string_view taken = text.substr(0, at);
    text.remove_prefix(at);
    return taken;
}

std::string unquoted(std::string_view value) {
    if (value.size() < 2 || value.front() != '"' || value.back() != '"') return std::string(value);
    std::string out;
    value = value.substr(1, value.size() - 2);
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] == '\\' && i + 1 < value.size()) ++i;
        out += value[i];
    }
    return out;
}

void read_relations(std::string_view parameter, std::vector<std::string>& out) {
    const auto equals = parameter.find('=');
    if (equals == std::string_view::npos || !equal_ignoring_case(ascii_trimmed(parameter.substr(0, equals)), "rel"))
        return;
    if (!out.empty()) return;  // the first one counts
    const std::string names = ascii_lower(std::string_view(unquoted(ascii_trimmed(parameter.substr(equals + 1)))));
    std::string_view rest = names;
    while (!(rest = ascii_trimmed(rest)).empty()) {
        const std::string_view one = rest.substr(0, rest.find_first_of(" \t"));
        out.emplace_back(one);
        rest.remove_prefix(one.size());
    }
}

bool has(const web_link& l, std::string_view relation) {
    return std::find(l.relations.begin(), l.relations.end(), relation) != l.relations.end();
}

// Absolute. One that is so already stays as it is written, byte by byte: hubs compare topics so.
std::string usable(std::string_view base, std::string_view target) {
    if (ascii_trimmed(target).empty()) return {};  // not the base itself
    auto url = resolve_url(base, target);
    if (!url || carries_credentials(*url)) return {};
    const auto colon = target.find("://");  // "http" alone is a relative reference
    const std::string scheme = colon == std::string_view::npos ? std::string() : ascii_lower(target.substr(0, colon));
    const bool is_clean = std::all_of(target.begin(), target.end(), [](char c) { return c > 0x20 && c < 0x7F; });
    if ((scheme == "http" || scheme == "https") && is_clean) url = target;
    if (const auto fragment = url->find('#'); fragment != std::string::npos) url->erase(fragment);
    return url->size() <= url_bytes_max ? *std::move(url) : std::string();
}

void add_hub(std::vector<std::string>& hubs, std::string hub) {
    constexpr std::size_t hubs_max = 16;
    if (!hub.empty() && hubs.size() < hubs_max && std::find(hubs.begin(), hubs.end(), hub) == hubs.end())
        hubs.push_back(std::move(hub));
}

}  // namespace

std::vector<web_link> read_link_header(std::string_view value) {
    std::vector<web_link> out;
    while (out.size() < links_max) {
        const auto open = value.find('<');
        const auto close = open == std::string_view::npos ? open : value.find('>', open);
        if (close == std::string_view::npos) break;
        web_link one;
        one.target = ascii_trimmed(value.substr(open + 1, close - open - 1));
        value.remove_prefix(close + 1);
        (void)take_until(value, ";,");
        while (value.starts_with(';')) {
            value.remove_prefix(1);
            read_relations(take_until(value, ";,"), one.relations);
        }
        out.push_back(std::move(one));
    }
    return out;
}

advertised discover(const std::vector<std::pair<std::string, std::string>>& headers, const embedded_links& document,
                    std::string_view url) {
    advertised out;
    std::string self;
    std::size_t seen = 0;
    for (const auto& [name, value] : headers) {
        if (name != "link") continue;
        for (const web_link& l : read_link_header(value)) {
            if (++seen > links_max) break;
            if (has(l, "hub")) add_hub(out.hubs, usable(url, l.target));
            if (has(l, "self") && self.empty()) self = usable(url, l.target);
        }
    }
    if (out.hubs.empty()) {
        for (const std::string& hub : document.hubs) add_hub(out.hubs, usable(url, hub));
    }
    if (out.hubs.empty()) return {};
    if (self.empty()) self = usable(url, document.self.empty() ? url : std::string_view(document.self));
    if (self.empty()) self = usable({}, url);
    if (self.empty()) return {};
    std::stable_partition(out.hubs.begin(), out.hubs.end(),
                          [](const std::string& hub) { return hub.starts_with("https:"); });
    out.topic = std::move(self);
    return out;
}

}  // namespace feedwatch::push
