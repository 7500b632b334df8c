#include "core/url/domain.hpp"

#include <libpsl.h>

#include <algorithm>

#include "core/url/parts.hpp"
#include "core/url/url.hpp"

namespace feedwatch {
namespace url {
namespace {

// The last label of a name is never all digits; an address in any spelling ends so ("10.0.0.1", "0x7f.1",
// "2130706433").
bool is_address(const std::string& host) {
    if (host.empty() || host.front() == '[') return true;
    const std::string_view last = std::string_view(host).substr(host.rfind('.') + 1);
    if (last.starts_with("0x")) return true;
    return !last.empty() && std::all_of(last.begin(), last.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string registrable_domain_of_host(const std::string& host) {
    if (is_address(host)) return host;
    const char* domain = psl_registrable_domain(psl_builtin(), host.c_str());  // points into `host`; null: none
    return domain == nullptr ? host : std::string(domain);
}

std::string_view name_in_registry(std::string_view domain) {
    const std::size_t dot = domain.find('.');
    if (dot == std::string_view::npos) return {};
    const std::string suffix(domain.substr(dot + 1));
    const bool open = psl_is_public_suffix2(psl_builtin(), suffix.c_str(), PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) != 0;
    return open ? domain.substr(0, dot) : std::string_view{};
}

}  // namespace url

std::string registrable_domain(std::string_view text) {
    const auto p = url::split(text);
    return p && p->is_http() ? url::registrable_domain_of_host(p->host) : std::string{};
}

std::string origin_of(std::string_view text) {
    const auto p = url::split(text);
    if (!p || !p->is_http()) return {};
    std::string out = p->scheme + "://" + p->host;
    const std::string_view standard = p->scheme == "http" ? "80" : "443";
    if (!p->port.empty() && p->port != standard) out += ':' + p->port;
    return out;
}

bool carries_credentials(std::string_view text) {
    const auto p = url::split(text);
    return p && p->is_http() && !p->userinfo.empty();
}

std::string redacted_url(std::string_view text) {
    auto p = url::split(text);
    if (!p || !p->is_http()) return "(not a URL)";  // what it may hold is not known, so nothing of it is shown
    p->userinfo.clear();
    p->fragment.reset();
    if (p->query) {
        std::string out;
        std::string_view rest = *p->query;
        while (!rest.empty()) {
            const std::size_t end = std::min(rest.find('&'), rest.size());
            const std::string_view pair = rest.substr(0, end);
            rest.remove_prefix(std::min(end + 1, rest.size()));
            if (!out.empty()) out += '&';
            const std::size_t equals = pair.find('=');
            if (equals == std::string_view::npos) {
                out += "***";  // "?SECRET" has no name to show
            } else {
                (out += pair.substr(0, equals)) += "=***";
            }
        }
        p->query = std::move(out);
    }
    return p->str();
}

}  // namespace feedwatch
