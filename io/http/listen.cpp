#include <charconv>

#include "io/http/server.hpp"

namespace feedwatch::http {

result<host_and_port> parse_listen(std::string_view text) {
    const auto wrong = [&] {
        return error(errc::invalid_config, "not an address to listen on: '" + std::string(text) +
                                               "'; write host:port, as in 127.0.0.1:9464 or [::1]:9464");
    };
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return wrong();
    std::string_view host = text.substr(0, colon);
    const std::string_view port = text.substr(colon + 1);
    if (host.starts_with('[')) {
        if (!host.ends_with(']') || host.size() < 3) return wrong();
        host = host.substr(1, host.size() - 2);
    } else if (host.find(':') != std::string_view::npos) {
        return wrong();  // an IPv6 address needs its brackets, or where it ends is a guess
    }
    host_and_port parsed{std::string(host.empty() ? "0.0.0.0" : host), 0};
    const auto [end, failed] = std::from_chars(port.data(), port.data() + port.size(), parsed.port);
    if (failed != std::errc() || end != port.data() + port.size() || port.empty()) return wrong();
    return parsed;
}

}  // namespace feedwatch::http
