#include "producers/extract/page_words.hpp"

#include <algorithm>
#include <array>

namespace feedwatch {
namespace {

bool has_any(std::string_view marks, const auto& words) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view w) { return marks.find(w) != std::string_view::npos; });
}
bool is_one_of(std::string_view tag, const auto& tags) {
    return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

constexpr std::array<std::string_view, 22> never_text{
    "script", "style",  "noscript", "template", "head",     "nav",    "footer", "iframe", "object", "embed", "svg",
    "math",   "button", "select",   "input",    "textarea", "canvas", "applet", "audio",  "video",  "label", "dialog"};

constexpr std::array<std::string_view, 44> block_tags{
    "address", "article", "aside",    "blockquote", "body",   "caption", "center", "dd",    "details", "dir", "div",
    "dl",      "dt",      "fieldset", "figcaption", "figure", "footer",  "form",   "h1",    "h2",      "h3",  "h4",
    "h5",      "h6",      "header",   "hr",         "html",   "legend",  "li",     "main",  "menu",    "nav", "ol",
    "p",       "pre",     "section",  "summary",    "table",  "tbody",   "tfoot",  "thead", "tr",      "ul",  "option"};

constexpr std::array<std::string_view, 44> unlikely{
    "-ad-",      "ad-slot",    "advert",    "agegate",    "banner",    "breadcrumb",   "byline",     "combx",
    "comment",   "community",  "cookie",    "cover-wrap", "disqus",    "extra",        "foot",       "gdpr",
    "legends",   "masthead",   "menu",      "newsletter", "outbrain",  "pager",        "pagination", "popup",
    "promo",     "recirc",     "related",   "remark",     "replies",   "rss",          "share",      "shoutbox",
    "sidebar",   "skyscraper", "social",    "sponsor",    "subscribe", "supplemental", "taboola",    "toolbar",
    "tweet-act", "yom-remote", "skip-link", "signup"};

constexpr std::array<std::string_view, 8> likely{"article", "body",  "column", "content",
                                                 "main",    "story", "entry",  "post-text"};

constexpr std::array<std::string_view, 12> good{"article", "body",  "content", "entry", "hentry", "h-entry",
                                                "main",    "story", "text",    "blog",  "post",   "prose"};
constexpr std::array<std::string_view, 20> bad{
    "hidden", "banner",   "combx", "comment", "com-",   "contact", "foot",     "gdpr",    "masthead", "media",
    "meta",   "outbrain", "promo", "related", "scroll", "share",   "shoutbox", "sidebar", "sponsor",  "widget"};

}  // namespace

bool is_never_text(std::string_view tag) {
    return is_one_of(tag, never_text);
}
bool is_block_tag(std::string_view tag) {
    return is_one_of(tag, block_tags);
}

bool is_unlikely(std::string_view marks) {
    return has_any(marks, unlikely) && !has_any(marks, likely);
}

double marks_weight(std::string_view marks) {
    return (has_any(marks, good) ? 25.0 : 0.0) - (has_any(marks, bad) ? 25.0 : 0.0);
}

}  // namespace feedwatch
