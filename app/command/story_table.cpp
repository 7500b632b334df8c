#include "app/command/story_table.hpp"

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <span>

#include "app/command/feeds_table.hpp"
#include "core/url/url.hpp"
#include "core/utf8.hpp"
#include "io/log/escape.hpp"

namespace feedwatch::app {
namespace {

namespace json = boost::json;

std::string counted(std::size_t n, std::string_view one, std::string_view several) {
    return std::to_string(n) + ' ' + std::string(n == 1 ? one : several);
}

std::string percent(double share) {
    return std::to_string(std::lround(share * 100)) + " %";
}

// A password in a link is nobody's.
std::string without_password(const std::string& url) {
    return carries_credentials(url) ? redacted_url(url) : url;
}

std::string shown_url(const std::string& url) {
    return log::printable(without_password(url));
}

std::string lag(double seconds) {
    return seconds < 1 ? "at once"
                       : "+" + rough(std::chrono::duration_cast<duration>(std::chrono::duration<double>(seconds)));
}

// "[-close-] {+shut+}", as `git diff --word-diff` writes them.
std::string shown_words(const word_diff& d) {
    std::string out = counted(d.removed, "word", "words") + " removed, " + std::to_string(d.added) + " added";
    for (const word_change& c : d.shown) {
        out += "\n      ";
        if (!c.removed.empty()) out += "[-" + log::printable(c.removed) + "-]";
        if (!c.removed.empty() && !c.added.empty()) out += ' ';
        if (!c.added.empty()) out += "{+" + log::printable(c.added) + "+}";
    }
    if (d.places > d.shown.size())
        out += "\n      and " + counted(d.places - d.shown.size(), "more place", "more places");
    return out;
}

std::string shown_comparison(comparison c, const word_diff& d, std::string_view with) {
    const std::string base = "\n    ";
    switch (c) {
        case comparison::none:
            return "";
        case comparison::made:
            if (d.places == 0) return base + "the words of " + std::string(with);
            return base + "beside " + std::string(with) + ": " + shown_words(d);
        case comparison::too_different:
            return base + "differs from " + std::string(with) + " throughout";
        case comparison::text_erased:
            return base + "its text, or that of " + std::string(with) +
                   ", is not in the topics any more: retention has erased it";
        case comparison::text_left_out:
            return base + "not compared: the texts of the revisions are too large";
    }
    return "";
}

std::string shown_member(const story_member& m, bool erased) {
    if (erased) return m.id.str() + "  head\n    not in topic items any more: retention has erased it";
    std::string out = m.id.str() + "  " + m.how;
    if (m.of) out += " " + percent(m.similarity);
    if (m.how != "head") out += "  " + lag(m.lag_seconds);
    out += "\n    " + log::printable(m.title.empty() ? "(untitled)" : m.title);
    out += "\n    " + log::printable(m.publisher) + "  feed " + log::printable(m.feed.str()) + "  " +
           to_rfc3339(m.observed);
    if (!m.url.empty()) out += "\n    " + shown_url(m.url);
    if (!m.origin_url.empty() || !m.origin_publisher.empty())
        out += "\n    names as its origin: " + log::printable(m.origin_publisher) +
               (m.origin_url.empty() ? "" : " " + shown_url(m.origin_url));
    return out + shown_comparison(m.compared, m.differs, "the head");
}

std::string shown_revision(const story_revision& r) {
    std::string out = "revision " + std::to_string(r.revision) + "  " + to_rfc3339(r.observed);
    if (r.changed) {
        const change& c = *r.changed;
        out += c.title && c.text ? "  title and text" : c.title ? "  title" : "  text";
        if (c.text)
            out += ", about " + percent(c.similarity) + " alike, " + std::to_string(c.words_before) + " to " +
                   std::to_string(c.words) + " words";
    }
    out += "\n    " + log::printable(r.title.empty() ? "(untitled)" : r.title);
    return out + shown_comparison(r.compared, r.differs, "the revision before");
}

json::value diff_json(comparison c, const word_diff& d) {
    if (c != comparison::made) return nullptr;
    json::array words;
    for (const word_change& w : d.shown)
        words.push_back(json::object{{"removed", to_valid_utf8(w.removed)}, {"added", to_valid_utf8(w.added)}});
    return json::object{{"removed", d.removed}, {"added", d.added}, {"places", d.places}, {"shown", std::move(words)}};
}

json::value why_not_json(comparison c) {
    const bool says = c != comparison::none && c != comparison::made;
    return says ? json::value(name_of(c)) : json::value(nullptr);
}

json::object member_json(const story_member& m, bool erased) {
    const bool copy = m.of.has_value();
    return {{"id", to_valid_utf8(m.id.str())},
            {"how", m.how},
            {"of", copy ? json::value(to_valid_utf8(m.of->str())) : json::value(nullptr)},
            {"similarity", copy ? json::value(m.similarity) : json::value(nullptr)},
            {"lag_seconds", m.lag_seconds},
            {"erased", erased},
            {"publisher", to_valid_utf8(m.publisher)},
            {"feed", to_valid_utf8(m.feed.str())},
            {"title", to_valid_utf8(m.title)},
            {"url", to_valid_utf8(without_password(m.url))},
            {"origin_url", to_valid_utf8(without_password(m.origin_url))},
            {"origin_publisher", to_valid_utf8(m.origin_publisher)},
            {"observed", erased ? json::value(nullptr) : json::value(to_rfc3339(m.observed))},
            {"seen_again", m.seen_again},
            {"differs", diff_json(m.compared, m.differs)},
            {"not_compared", why_not_json(m.compared)}};
}

json::object revision_json(const story_revision& r) {
    json::value changed = nullptr;
    if (r.changed)
        changed = {{"title", r.changed->title},
                   {"text", r.changed->text},
                   {"similarity", r.changed->similarity},
                   {"words_before", r.changed->words_before},
                   {"words", r.changed->words}};
    return {{"revision", r.revision},
            {"by", to_valid_utf8(r.by.str())},
            {"observed", to_rfc3339(r.observed)},
            {"title", to_valid_utf8(r.title)},
            {"changed", std::move(changed)},
            {"differs", diff_json(r.compared, r.differs)},
            {"not_compared", why_not_json(r.compared)}};
}

}  // namespace

std::string shown_story(const story& s) {
    std::string out = "story " + s.id.str() + ": " + counted(s.members.size(), "item", "items") + " of " +
                      counted(s.publishers, "publisher", "publishers") + ", " +
                      counted(s.revisions.size(), "revision", "revisions") + "\n";
    for (const story_member& m : s.members)
        out += "\n" + shown_member(m, s.head_erased && &m == &s.members.front()) + "\n";
    if (s.revisions.size() > 1)
        for (const story_revision& r : s.revisions) out += "\n" + shown_revision(r) + "\n";
    if (s.left_out > 0) out += "\n" + counted(s.left_out, "more record is", "more records are") + " left out\n";
    return out;
}

std::string story_json(const story& s) {
    json::array members;
    for (const story_member& m : s.members)
        members.push_back(member_json(m, s.head_erased && &m == &s.members.front()));
    json::array revisions;
    for (const story_revision& r : s.revisions) revisions.push_back(revision_json(r));
    return json::serialize(json::object{{"story", to_valid_utf8(s.id.str())},
                                        {"publishers", s.publishers},
                                        {"members", std::move(members)},
                                        {"revisions", std::move(revisions)},
                                        {"left_out", s.left_out}});
}

}  // namespace feedwatch::app
