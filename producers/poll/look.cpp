#include "producers/poll/look.hpp"

#include <algorithm>
#include <map>
#include <unordered_set>

#include "core/text/analysis.hpp"
#include "core/url/url.hpp"
#include "core/utf8.hpp"

namespace feedwatch::polling {
namespace {

constexpr std::size_t title_bytes_max = 200;
constexpr std::size_t domain_bytes_max = 253;  // of a name in DNS
constexpr std::size_t language_bytes_max = 16;
constexpr std::size_t items_min = 3;

// What two thirds of at least three say; "" where they do not agree. Few different things are said many times, so that
// each is read once.
template <class Say, class Read>
std::string most(const std::vector<item>& items, Say&& say, Read&& read) {
    std::map<std::string_view, std::size_t> said;
    for (const item& i : items) ++said[say(i)];
    std::map<std::string, std::size_t> votes;
    std::size_t all = 0;
    for (const auto& [what, times] : said) {
        std::string meant = read(what);
        if (meant.empty()) continue;
        votes[std::move(meant)] += times;
        all += times;
    }
    if (all < items_min) return {};
    const auto first =
        std::max_element(votes.begin(), votes.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    return first->second * 3 >= all * 2 ? first->first : std::string{};
}

std::string domain_of(std::string_view url) {
    std::string domain = registrable_domain(url);
    return domain.size() <= domain_bytes_max ? domain : std::string{};
}

// Scheme and host.
std::string_view origin_part(std::string_view url) {
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos) return {};
    return url.substr(0, url.find_first_of("/?#", scheme + 3));
}

std::unordered_set<std::uint64_t> words_of(std::string_view title) {
    thread_local text::analyser analyser;
    text::analysed_text read;
    analyser.analyse(title, {}, read);
    std::unordered_set<std::uint64_t> out;
    for (const text::token& t : read.tokens) out.insert(t.word);
    return out;
}

bool share_a_word(std::string_view a, std::string_view b) {
    const auto first = words_of(a), second = words_of(b);
    if (first.empty() || second.empty()) return true;  // nothing to compare
    return std::any_of(first.begin(), first.end(), [&](std::uint64_t word) { return second.contains(word); });
}

}  // namespace

feed_look look_of(const parsed_feed& document, std::string_view url) {
    feed_look out;
    out.served_by = domain_of(url);
    out.link = domain_of(document.feed.link);
    out.items = most(
        document.items, [](const item& i) { return origin_part(i.canonical_url); }, domain_of);
    out.language = most(
        document.items, [](const item& i) { return std::string_view(i.language); },
        [](std::string_view tag) {
            return std::string(truncate_utf8(text::primary_language(tag), language_bytes_max));
        });
    out.title = truncate_utf8(to_valid_utf8(document.feed.title), title_bytes_max);
    return out;
}

suspicion suspect(const feed_look& before, const feed_look& now) {
    suspicion out;
    const auto note = [&](const char* sign, const std::string& was, const std::string& is) {
        if (was.empty() || is.empty() || was == is) return;
        out.signs.emplace_back(sign);
        if (!out.detail.empty()) out.detail += "; ";
        out.detail += std::string(sign) + ": " + was + ", now " + is;
    };
    note(signs::served_by, before.served_by, now.served_by);
    note(signs::link, before.link, now.link);
    note(signs::items, before.items, now.items);
    note(signs::language, before.language, now.language);
    if (before.title != now.title && !share_a_word(before.title, now.title))
        note(signs::title, before.title, now.title);
    return out;
}

feed_look learned(const feed_look& before, feed_look now) {
    const auto keep = [](std::string& is, const std::string& was) {
        if (is.empty()) is = was;
    };
    keep(now.served_by, before.served_by);
    keep(now.link, before.link);
    keep(now.items, before.items);
    keep(now.language, before.language);
    keep(now.title, before.title);
    return now;
}

}  // namespace feedwatch::polling
