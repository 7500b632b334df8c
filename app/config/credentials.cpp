#include "app/config/credentials.hpp"

#include <algorithm>
#include <array>

#include "core/ascii.hpp"

namespace feedwatch::app {
namespace {

using kind = credentials_reference::kind;
using source = credentials_reference::source;

constexpr const char* expected =
    "must name where the secret is: file:/path or env:NAME, with basic:, bearer:, cookie: or header:NAME: in front of "
    "it to say how it is sent";

// What is ours to say in a request, or the connection's.
constexpr std::array reserved{
    "accept", "accept-encoding",   "connection",        "content-length", "content-type",        "expect",
    "host",   "if-modified-since", "if-none-match",     "keep-alive",     "proxy-authorization", "proxy-connection",
    "te",     "trailer",           "transfer-encoding", "upgrade",        "user-agent"};

bool takes(std::string_view& text, std::string_view front) {
    if (!text.starts_with(front)) return false;
    text.remove_prefix(front.size());
    return true;
}

// RFC 9110, section 5.6.2.
bool is_token(std::string_view text) {
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               others.find(c) != std::string_view::npos;
    });
}

}  // namespace

result<credentials_reference> parse_credentials(std::string_view text) {
    credentials_reference out;
    if (takes(text, "basic:")) {
        out.sent_as = kind::basic;
    } else if (takes(text, "bearer:")) {
        out.sent_as = kind::bearer;
    } else if (takes(text, "cookie:")) {
        out.sent_as = kind::header;
        out.header = "Cookie";
    } else if (takes(text, "header:")) {
        out.sent_as = kind::header;
        out.header = text.substr(0, text.find(':'));
        text.remove_prefix(std::min(text.size(), out.header.size() + 1));
    }
    if (takes(text, "env:")) {
        out.from = source::variable;
    } else if (!takes(text, "file:")) {
        return error(errc::invalid_config, expected);
    }
    if (text.empty() || text == "-") return error(errc::invalid_config, expected);  // "-" would be standard input
    if (out.sent_as == kind::header) {
        if (!is_token(out.header)) return error(errc::invalid_config, "header: must be followed by a header's name");
        const std::string lower = ascii_lower(out.header);
        if (std::find(reserved.begin(), reserved.end(), lower) != reserved.end())
            return error(errc::invalid_config, "the header " + lower + " cannot carry a secret");
    }
    out.name = text;
    return out;
}

result<credentials_reference> parse_secret_reference(std::string_view text) {
    auto out = parse_credentials(text);
    if (!out || out->sent_as != kind::either)
        return error(errc::invalid_config, "must name where it is: file:/path or env:NAME");
    return out;
}

}  // namespace feedwatch::app
