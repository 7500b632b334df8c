#include "core/url/path.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "core/ascii.hpp"
#include "core/url/resolve.hpp"

namespace feedwatch::url {
namespace {

bool is_index_file(std::string_view segment) {
    constexpr std::array<std::string_view, 10> names{"index.html",  "index.htm",   "index.php", "index.shtml",
                                                     "index.asp",   "index.aspx",  "index.jsp", "index.xhtml",
                                                     "default.asp", "default.aspx"};
    return std::any_of(names.begin(), names.end(), [&](std::string_view n) { return equal_ignoring_case(segment, n); });
}

// "story.amp.html" is "story.html"; "story.amp" is "story".
std::string without_amp_suffix(std::string_view segment) {
    if (segment.size() > 9 && segment.ends_with(".amp.html"))
        return std::string(segment.substr(0, segment.size() - 9)) + ".html";
    if (segment.size() > 4 && segment.ends_with(".amp")) segment.remove_suffix(4);
    return std::string(segment);
}

// Without ";jsessionid=..." and its like.
std::string_view without_session(std::string_view segment) {
    for (std::size_t at = segment.find(';'); at != std::string_view::npos; at = segment.find(';', at + 1)) {
        const std::string_view name = segment.substr(at + 1, 10);
        if (equal_ignoring_case(name, "jsessionid") || equal_ignoring_case(name.substr(0, 9), "phpsessid"))
            return segment.substr(0, at);
    }
    return segment;
}

// "2026-election-results", "12345", "story.html": what an article is called, rather than a section ("shop",
// "politics").
bool may_name_an_article(std::string_view segment) {
    return segment.find_first_of(".0123456789") != std::string_view::npos ||
           std::count(segment.begin(), segment.end(), '-') > 1 || std::count(segment.begin(), segment.end(), '_') > 1;
}

bool is_amp(std::string_view segment) {
    return segment == "amp" || segment == "amphtml";
}

// "/amp" alone is a page of its own.
void erase_amp(std::vector<std::string>& segments) {
    const bool others =
        std::any_of(segments.begin(), segments.end(), [](const std::string& s) { return !is_amp(s) && !s.empty(); });
    if (others) std::erase_if(segments, [](const std::string& s) { return is_amp(s); });
}

// "/story-of-the-day/print", "/print/12345": "/shop/print" and "/print/politics" are pages of their own.
void erase_print(std::vector<std::string>& segments) {
    const std::size_t n = segments.size();
    if (n > 1 && segments[n - 1] == "print" && may_name_an_article(segments[n - 2])) {
        segments.pop_back();
    } else if (n > 1 && segments[0] == "print" && may_name_an_article(segments[n - 1])) {
        segments.erase(segments.begin());
    }
}

// One round; canonical_path repeats it until nothing changes, so that the whole is idempotent.
std::string shortened(std::string_view path) {
    std::vector<std::string> segments;
    std::string_view rest = path.substr(path.empty() ? 0 : 1);
    while (true) {
        const std::size_t slash = rest.find('/');
        segments.push_back(without_amp_suffix(without_session(rest.substr(0, slash))));
        if (slash == std::string_view::npos) break;
        rest.remove_prefix(slash + 1);
    }
    if (is_index_file(segments.back())) segments.back().clear();
    // "//" is "/", but for that of a URL in the path ("/save/https://...").
    std::string before;
    std::erase_if(segments, [&](const std::string& s) {
        const bool idle = s.empty() && !before.ends_with(':');
        before = s;
        return idle;
    });
    while (!segments.empty() && segments.back().empty()) segments.pop_back();
    erase_amp(segments);
    erase_print(segments);
    std::string out;
    for (const std::string& segment : segments) (out += '/') += segment;
    return out.empty() ? "/" : out;
}

}  // namespace

bool may_shorten(std::string_view path) {
    const std::string_view last = path.substr(path.rfind('/') + 1);
    if (last.empty() || is_index_file(last)) return path.size() > 1;
    for (std::size_t at = 0; at < path.size(); ++at) {
        const char c = path[at];
        if (c == ';') return true;
        if (c != '/' && c != '.') continue;
        const std::string_view rest = path.substr(at + 1);
        if (rest.starts_with("amp") || (c == '/' && (rest.starts_with('/') || rest.starts_with("print")))) return true;
    }
    return false;
}

std::string canonical_path(std::string_view path) {
    std::string now = remove_dot_segments(path.empty() ? "/" : path);
    while (true) {
        std::string next = remove_dot_segments(shortened(now));
        if (next == now) return now;
        now = std::move(next);
    }
}

}  // namespace feedwatch::url
