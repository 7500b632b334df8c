#include "io/http/proxy.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "core/ascii.hpp"
#include "io/http/target.hpp"

namespace feedwatch::http {
namespace {

error no_proxy(std::string why) {
    return {feedwatch::errc::invalid_config, std::move(why)};
}

// Whether a last label is an attempt at a number: then the whole host is an IPv4 address or nothing (WHATWG URL, 3.5).
bool is_number(std::string_view label) {
    const bool hex = label.starts_with("0x");
    if (hex) label.remove_prefix(2);
    return std::all_of(label.begin(), label.end(),
                       [&](char c) { return (c >= '0' && c <= '9') || (hex && c >= 'a' && c <= 'f'); });
}

bool is_private_name(std::string_view host) {
    constexpr std::array endings{".localhost", ".local", ".internal", ".home.arpa"};
    return host.find('.') == std::string_view::npos ||
           std::any_of(endings.begin(), endings.end(), [&](std::string_view e) { return host.ends_with(e); });
}

}  // namespace

result<proxy_server> read_proxy(std::string_view text) {
    if (text.empty()) return proxy_server{};
    const auto end = text.find("://");
    const std::string scheme = end == std::string_view::npos ? "http" : ascii_lower(text.substr(0, end));
    if (scheme != "http" && scheme != "https" && scheme != "socks5h")
        return no_proxy("a proxy is http://host:port, https://host:port or socks5h://host:port");
    const std::string_view rest = end == std::string_view::npos ? text : text.substr(end + 3);
    const auto where = read_target("http://" + std::string(rest));
    if (!where) return no_proxy("not a proxy: " + where.error().detail);
    const std::string named = "http://" + where->host + ":";
    if (!ascii_lower(where->url).starts_with(named))
        return no_proxy("a proxy's port must be named, as in http://host:3128");
    const std::string_view port = std::string_view(where->url).substr(named.size());
    const auto digits = std::min(port.find_first_not_of("0123456789"), port.size());
    if (port.substr(digits) != "/" && port.substr(digits) != "") return no_proxy("a proxy has no path");
    return proxy_server{scheme + "://" + where->host + ":" + std::string(port.substr(0, digits)), where->userinfo};
}

result<> check_host_behind_proxy(std::string_view host, const address_guard& guard) {
    const auto refused = [&](std::string_view why) {
        return error(errc::address_refused, std::string(host.substr(0, 255)) + std::string(why));
    };
    std::string name(host);
    std::erase_if(name, [](char c) { return c == '[' || c == ']'; });
    while (name.ends_with('.')) name.pop_back();
    in_addr v4{};
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (name.find(':') != std::string::npos) {
        name = name.substr(0, name.find('%'));
    } else if (is_number(std::string_view(name).substr(name.rfind('.') + 1))) {
        if (inet_aton(name.c_str(), &v4) == 0) return refused(" is no address");
        name = inet_ntop(AF_INET, &v4, text.data(), text.size());
    } else if (is_private_name(name)) {
        return refused(" is a name of a private network, which cannot be checked behind a proxy");
    } else {
        return {};
    }
    if (guard.allows(name)) return {};
    return refused(" is not a public address; network.allow lets it through");
}

}  // namespace feedwatch::http
