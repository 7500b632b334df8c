#include "core/url/resolve.hpp"

#include <vector>

#include "core/url/plain.hpp"
#include "core/url/url.hpp"

namespace feedwatch::url {

std::string remove_dot_segments(std::string_view path) {
    const bool absolute = !path.empty() && path.front() == '/';
    std::string_view rest = path.substr(absolute ? 1 : 0);
    std::vector<std::string_view> kept;
    bool ends_in_directory = false;
    while (true) {
        const std::size_t slash = rest.find('/');
        const std::string_view segment = rest.substr(0, slash);
        ends_in_directory = segment == "." || segment == "..";
        if (segment == "..") {
            if (!kept.empty()) kept.pop_back();
        } else if (segment != ".") {
            kept.push_back(segment);
        }
        if (slash == std::string_view::npos) break;
        rest.remove_prefix(slash + 1);
    }
    std::string out;
    out.reserve(path.size());
    for (std::size_t i = 0; i < kept.size(); ++i) {
        if (i > 0 || absolute) out += '/';
        out += kept[i];
    }
    if (ends_in_directory && (out.empty() || out.back() != '/')) out += '/';
    if (out.empty() && absolute) out = "/";
    return out;
}

parts resolved(const parts& base, parts reference) {
    if (!reference.scheme.empty()) {
        reference.path = remove_dot_segments(reference.path);
        return reference;
    }
    reference.scheme = base.scheme;
    if (reference.has_authority) {
        reference.path = remove_dot_segments(reference.path.empty() ? "/" : reference.path);
        return reference;
    }
    reference.has_authority = base.has_authority;
    reference.userinfo = base.userinfo;
    reference.host = base.host;
    reference.port = base.port;
    if (reference.path.empty()) {
        reference.path = base.path;
        if (!reference.query) reference.query = base.query;
        return reference;
    }
    if (reference.path.front() != '/') {
        const std::size_t slash = base.path.rfind('/');
        reference.path.insert(0, slash == std::string::npos ? "/" : base.path.substr(0, slash + 1));
    }
    reference.path = remove_dot_segments(reference.path);
    return reference;
}

}  // namespace feedwatch::url

namespace feedwatch {

bool is_resolved_url(std::string_view text) noexcept {
    return url::as_plain(text).has_value();
}

std::optional<std::string> resolve_url(std::string_view base, std::string_view reference) {
    if (is_resolved_url(reference)) return std::string(reference);
    if (url::is_plain_tail(reference)) {
        if (const auto from = url::as_plain(base)) {
            std::string out(base.substr(0, from->scheme.size() + 3 + from->host.size()));
            return out += reference;
        }
    }
    auto target = url::split(reference);
    if (!target) return std::nullopt;
    if (target->scheme.empty()) {
        const auto from = url::split(base);
        if (!from || !from->is_http()) return std::nullopt;
        target = url::resolved(*from, *std::move(target));
    } else {
        target->path = url::remove_dot_segments(target->path);
    }
    if (!target->is_http()) return std::nullopt;
    if (target->fragment && target->fragment->empty()) target->fragment.reset();
    return target->str();
}

}  // namespace feedwatch
