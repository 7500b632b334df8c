#include "core/url/tracking.hpp"

namespace feedwatch::url {
namespace {

// `also`: names that go besides.
template <class Also>
std::string without_tracking(std::string_view query, std::string_view path, const sections& here, Also&& also) {
    const rule_set& known = rules();
    std::string out;
    for_each_parameter(query, [&](std::string_view name, std::string_view value, std::string_view pair) {
        if (known.drops(name, value, path, here) || also(name)) return true;
        if (!out.empty()) out += '&';
        out += pair;
        return true;
    });
    return out;
}

bool nothing_else(std::string_view /*name*/) {
    return false;
}

// One round: what is left may be of another kind ("amp;/path" is "/path").
std::string shortened_fragment(std::string_view fragment, std::string_view path, const sections& here) {
    fragment = fragment.substr(0, fragment.find(":~:"));  // a text to scroll to
    if (fragment.empty() || rules().is_idle_fragment(fragment)) return {};
    if (fragment.front() == '!' || fragment.front() == '/') {  // a path of its own
        const std::size_t mark = fragment.find('?');
        std::string out(fragment.substr(0, mark));
        if (mark == std::string_view::npos) return out;
        if (const std::string query = canonical_query(fragment.substr(mark + 1), path, here); !query.empty())
            (out += '?') += query;
        return out;
    }
    if (fragment.find('=') == std::string_view::npos) return std::string(fragment);
    return without_tracking(fragment, path, here,
                            [](std::string_view name) { return name == "ref" || name == "source"; });
}

}  // namespace

std::string canonical_query(std::string_view query, std::string_view path, const sections& here) {
    return without_tracking(query, path, here, nothing_else);
}

std::string canonical_fragment(std::string_view fragment, std::string_view path, const sections& here) {
    std::string now(fragment);
    while (true) {
        std::string next = shortened_fragment(now, path, here);
        if (next == now) return now;
        now = std::move(next);
    }
}

}  // namespace feedwatch::url
