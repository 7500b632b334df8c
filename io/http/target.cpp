#include "io/http/target.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <memory>

#include "core/ascii.hpp"
#include "core/url/parts.hpp"
#include "io/http/client.hpp"

namespace feedwatch::http {
namespace {

struct curlu_free {
    void operator()(CURLU* u) const noexcept { curl_url_cleanup(u); }
};
using curlu = std::unique_ptr<CURLU, curlu_free>;

std::string part(CURLU* u, CURLUPart which, unsigned flags = 0) {
    char* text = nullptr;
    if (curl_url_get(u, which, &text, flags) != CURLUE_OK) return {};
    std::string out(text);
    curl_free(text);
    return out;
}

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x80; });
}

result<target> from_parsed(CURLU* u) {
    target out;
    out.scheme = ascii_lower(part(u, CURLUPART_SCHEME));
    if (out.scheme != "http" && out.scheme != "https")
        return error(errc::url, "scheme '" + out.scheme.substr(0, 20) + "' is not http or https");
    out.host = ascii_lower(part(u, CURLUPART_HOST));
    if (out.host.empty()) return error(errc::url, "the URL has no host");
    out.origin = out.scheme + "://" + out.host + ":" + part(u, CURLUPART_PORT, CURLU_DEFAULT_PORT);
    const std::string user = part(u, CURLUPART_USER, CURLU_URLDECODE);
    const std::string password = part(u, CURLUPART_PASSWORD, CURLU_URLDECODE);
    if (!user.empty() || !password.empty()) out.userinfo = user + ":" + password;
    curl_url_set(u, CURLUPART_USER, nullptr, 0);
    curl_url_set(u, CURLUPART_PASSWORD, nullptr, 0);
    curl_url_set(u, CURLUPART_FRAGMENT, nullptr, 0);
    out.url = part(u, CURLUPART_URL);
    return out;
}

result<target> read(std::string_view base, std::string_view text) {
    if (has_control(text)) return error(errc::url, "the URL has control characters");
    const curlu u(curl_url());
    if (!u) return error(feedwatch::errc::internal, "out of memory");
    const std::string whole(text);
    // Schemes that libcurl does not know are still parsed, so that the error can name them.
    constexpr unsigned flags = CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE;
    if (!base.empty() && curl_url_set(u.get(), CURLUPART_URL, std::string(base).c_str(), flags) != CURLUE_OK)
        return error(errc::url, "not a URL");
    const CURLUcode code = curl_url_set(u.get(), CURLUPART_URL, whole.c_str(), flags);
    if (code != CURLUE_OK) return error(errc::url, std::string("not a URL: ") + curl_url_strerror(code));
    const std::string host = part(u.get(), CURLUPART_HOST);
    if (is_ascii(host)) return from_parsed(u.get());
    // libcurl converts names in the locale's charset, and only once it connects: full-width digits are an address.
    const auto name = url::host_to_ascii(host);
    if (!name || curl_url_set(u.get(), CURLUPART_HOST, name->c_str(), 0) != CURLUE_OK)
        return error(errc::url, "the URL's host is no name");
    return read({}, part(u.get(), CURLUPART_URL));
}

}  // namespace

result<target> read_target(std::string_view url) {
    return read({}, url);
}
result<target> resolve_target(const target& base, std::string_view location) {
    return read(base.url, location);
}

}  // namespace feedwatch::http
