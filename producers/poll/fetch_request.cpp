#include "producers/poll/fetch_request.hpp"

#include <algorithm>
#include <tuple>

#include "core/hash.hpp"
#include "core/url/url.hpp"

namespace feedwatch::polling {

bare_url without_userinfo(std::string_view url) {
    const auto scheme = url.find("://");
    const auto begin = scheme == std::string_view::npos ? url.size() : scheme + 3;
    const auto end = std::min(url.find_first_of("/?#\\", begin), url.size());
    const auto at = url.substr(0, end).rfind('@');
    if (at == std::string_view::npos || at < begin) {
        if (!carries_credentials(url)) return {std::string(url), {}};
        // In another spelling ("https:/user@host"): taken as it is resolved, which has "://" and slashes.
        const auto resolved = resolve_url({}, url);
        return resolved && *resolved != url ? without_userinfo(*resolved) : bare_url{};
    }
    const std::string_view userinfo = url.substr(begin, at - begin);
    const auto colon = userinfo.find(':');
    bare_url out{std::string(url.substr(0, begin)) + std::string(url.substr(at + 1)),
                 percent_decoded(userinfo.substr(0, colon))};
    out.userinfo += ':';
    if (colon != std::string_view::npos) out.userinfo += percent_decoded(userinfo.substr(colon + 1));
    return out;
}

std::string host_part(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos) return std::string(url);
    url.remove_prefix(scheme + 3);
    return std::string(url.substr(0, std::min(url.find_first_of("/?#"), url.size())));
}

result<credentials> credentials_of(const feed& f, const authorizer& authorize, const secret_reader& read_secret) {
    credentials out;
    const error unreadable(errc::invalid_config, "nothing here can read credentials");
    if (!f.credentials.empty()) {
        if (!authorize) return unreadable;
        auto sent = authorize(f.credentials);
        if (!sent) return sent;
        out = std::move(*sent);
    }
    for (const auto& [name, reference, to] :
         {std::tuple("client_certificate", &f.client_certificate, &out.certificate),
          std::tuple("client_key", &f.client_key, &out.certificate_key),
          std::tuple("client_key_passphrase", &f.client_key_passphrase, &out.certificate_passphrase),
          std::tuple("proxy_credentials", &f.proxy_credentials, &out.proxy)}) {
        if (reference->empty()) continue;
        if (!read_secret) return unreadable;
        auto value = read_secret(*reference);
        if (!value) return error(value.error().code, std::string(name) + ": " + value.error().detail);
        *to = std::move(*value);
    }
    return out;
}

void set_limits(http::request& out, const fetch_limits& limits) {
    out.body_bytes_max = limits.body_bytes_max;
    out.total_timeout = limits.total_timeout;
    out.connect_timeout = limits.connect_timeout;
    out.redirects_max = limits.redirects_max;
    out.rate_min_bytes_per_second = limits.rate_min_bytes_per_second;
    out.rate_window = limits.rate_window;
}

std::string header_of(const http::response& r, std::string_view lower_case_name) {
    const std::string* found = r.header(lower_case_name);
    return found == nullptr ? std::string{} : *found;
}

namespace {

http::client_certificate certificate_of(const credentials& with) {
    return {with.certificate.reveal(), with.certificate_key.reveal(), with.certificate_passphrase.reveal()};
}

// Of a feed that has one of its own, or none on purpose.
std::optional<std::string> proxy_of(const feed& of) {
    if (of.proxy.empty()) return std::nullopt;
    return of.proxy == "none" ? std::string{} : of.proxy;
}

}  // namespace

http::request make_request(const feed& of, const poll& before, const credentials& with, const fetch_limits& limits,
                           bool full) {
    bare_url where = without_userinfo(of.url);
    http::request out;
    out.headers.emplace_back("Accept", accept_feeds);
    if (!full && before.last_success && before.url == where.url) {
        if (!before.etag.empty()) out.headers.emplace_back("If-None-Match", before.etag);
        if (!before.last_modified.empty()) out.headers.emplace_back("If-Modified-Since", before.last_modified);
    }
    if (!with.header.empty()) {
        out.origin_headers.emplace_back(with.header, with.value.reveal());
    } else if (!with.basic.empty()) {
        out.basic_auth = with.basic.reveal();
    } else {
        out.basic_auth = std::move(where.userinfo);
    }
    out.certificate = certificate_of(with);
    out.proxy = proxy_of(of);
    out.proxy_auth = with.proxy.reveal();
    out.url = std::move(where.url);
    set_limits(out, limits);
    return out;
}

article_secrets article_secrets_of(const feed& of, const credentials& with) {
    bare_url where = without_userinfo(of.url);
    article_secrets out;
    out.origin = origin_of(where.url);
    if (!with.header.empty()) {
        out.headers.emplace_back(with.header, with.value.reveal());
    } else {
        out.basic_auth = with.basic.empty() ? std::move(where.userinfo) : with.basic.reveal();
    }
    out.certificate = certificate_of(with);
    out.proxy = proxy_of(of);
    out.proxy_auth = with.proxy.reveal();
    return out;
}

bool is_conditional(const http::request& what) {
    return std::any_of(what.headers.begin(), what.headers.end(), [](const auto& header) {
        return header.first == "If-None-Match" || header.first == "If-Modified-Since";
    });
}

bool redirect_has_held(const poll& before, timestamp now) {
    return !before.redirected_to.empty() && before.redirected_since &&
           now - *before.redirected_since >= redirect_holds_after;
}

std::string moved_to(const feed& of, const poll& before, const credentials& with, timestamp now) {
    const bare_url own = without_userinfo(of.url);
    if (before.url != own.url || before.failures % 2 != 0 || !redirect_has_held(before, now)) return {};
    const bool secret = with.any() || !own.userinfo.empty();
    if (secret && origin_of(own.url) != origin_of(before.redirected_to)) return {};
    return before.redirected_to;
}

bool is_full_fetch_due(const feed_id& feed, const poll& before, timestamp now, duration every) {
    if (!before.last_success || every <= duration::zero()) return false;
    const duration offset{static_cast<std::int64_t>(hash64(feed.str()) % static_cast<std::uint64_t>(every.count()))};
    const auto period = [&](timestamp t) { return (t.time_since_epoch() + offset) / every; };
    return period(now) != period(*before.last_success);
}

}  // namespace feedwatch::polling
