#include "core/url/site.hpp"

#include <algorithm>
#include <array>

#include "core/url/domain.hpp"
#include "core/url/wrapped.hpp"

namespace feedwatch::url {
namespace {

bool is_variant_label(std::string_view label) {
    constexpr std::array<std::string_view, 6> labels{"www", "m", "mobile", "amp", "wap", "touch"};
    return std::find(labels.begin(), labels.end(), label) != labels.end();
}

// "www.", "m.", "mobile.", "amp." before the registrable domain say how a page is shown, not which one it is. Labels in
// between go, too ("en.m.wikipedia.org"); the domain itself never does ("m.co.uk").
std::string without_variant_labels(const std::string& host, std::string_view domain) {
    if (domain.size() >= host.size()) return host;
    std::string_view rest = std::string_view(host).substr(0, host.size() - domain.size());  // with the final dot
    std::string out;
    while (!rest.empty()) {
        const std::size_t dot = rest.find('.');
        const std::string_view label = rest.substr(0, dot);
        if (!is_variant_label(label)) (out += label) += '.';
        rest.remove_prefix(std::min(dot == std::string_view::npos ? rest.size() : dot + 1, rest.size()));
    }
    return out += domain;
}

site looked_up(const std::string& host) {
    site out;
    out.host = rules().main_name(without_variant_labels(host, registrable_domain_of_host(host)));
    out.name = name_in_registry(registrable_domain_of_host(out.host));
    out.rules = rules().sections_of(out.host, out.name);
    out.wraps = wraps(out);
    return out;
}

}  // namespace

const site& site_of(std::string_view host) {
    thread_local std::string last;
    thread_local site known;
    if (host != last) {
        last = host;
        known = looked_up(last);
    }
    return known;
}

}  // namespace feedwatch::url
