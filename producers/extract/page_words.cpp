#include "producers/extract/page_words.hpp"

#include <algorithm>
#include <array>

namespace feedwatch {
namespace {

// Names are given as they begin a word; with "-" at the end they are the whole word, with " " in front the name's
// first.
bool has_word(std::string_view marks, std::string_view word) {
    for (std::size_t at = marks.find(word); at != std::string_view::npos; at = marks.find(word, at + 1))
        if (word.front() == ' ' || (at > 0 && (marks[at - 1] == '-' || marks[at - 1] == ' '))) return true;
    return false;
}
bool has_any(std::string_view marks, const auto& words) {
    return !marks.empty() &&
           std::any_of(words.begin(), words.end(), [&](std::string_view w) { return has_word(marks, w); });
}
bool is_one_of(std::string_view tag, const auto& tags) {
    return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

constexpr std::array<std::string_view, 16> never_text{"script", "style",  "head",   "iframe", "object",   "embed",
                                                      "svg",    "button", "select", "input",  "textarea", "canvas",
                                                      "applet", "audio",  "video",  "dialog"};

constexpr std::array<std::string_view, 44> block_tags{
    "address", "article", "aside",    "blockquote", "body",   "caption", "center", "dd",    "details", "dir", "div",
    "dl",      "dt",      "fieldset", "figcaption", "figure", "footer",  "form",   "h1",    "h2",      "h3",  "h4",
    "h5",      "h6",      "header",   "hr",         "html",   "legend",  "li",     "main",  "menu",    "nav", "ol",
    "p",       "pre",     "section",  "summary",    "table",  "tbody",   "tfoot",  "thead", "tr",      "ul",  "option"};

// "-share" begins a word, "-ad-" is one.
constexpr std::array<std::string_view, 94> furniture{" ad-",
                                                     " ads-",
                                                     " adv-",
                                                     "advert",
                                                     "adsense",
                                                     "adsbygoogle",
                                                     " dfp",
                                                     "anzeige",
                                                     "publicidad",
                                                     "werbung",
                                                     "sponsor",
                                                     "promo-",
                                                     "promobox",
                                                     "promotion-",
                                                     "teaser",
                                                     "newsletter",
                                                     "subscri",
                                                     "signup",
                                                     "sign-up-",
                                                     "share",
                                                     "sharing",
                                                     "social",
                                                     "addthis",
                                                     "addtoany",
                                                     "sharedaddy",
                                                     "follow-",
                                                     "related",
                                                     "relatedposts",
                                                     "recommend",
                                                     "recirc",
                                                     "outbrain",
                                                     "taboola",
                                                     "readmore",
                                                     "read-more",
                                                     "read-next",
                                                     "more-stories",
                                                     "more-from",
                                                     "most-read",
                                                     "most-popular",
                                                     "popular",
                                                     "trending",
                                                     "also-",
                                                     "breadcrumb",
                                                     "pagination",
                                                     "pager",
                                                     "navigation",
                                                     "nav-",
                                                     "navi-",
                                                     "navbar",
                                                     "menu",
                                                     "sidebar",
                                                     "side-bar",
                                                     " widget",
                                                     "footer",
                                                     "foot-",
                                                     "complementary-",
                                                     "contentinfo-",
                                                     "cookie",
                                                     "gdpr",
                                                     "consent",
                                                     "banner",
                                                     "popup",
                                                     "modal",
                                                     "overlay",
                                                     "tooltip",
                                                     "toolbar",
                                                     "masthead",
                                                     "skip-",
                                                     "screen-reader",
                                                     "sr-only-",
                                                     "visually-hidden",
                                                     "print-",
                                                     "rating",
                                                     "vote",
                                                     "login",
                                                     "search-",
                                                     "paywall",
                                                     "donat",
                                                     "yarpp",
                                                     "carousel",
                                                     "slideshow",
                                                     "slider",
                                                     "nocontent",
                                                     "noprint-",
                                                     "no-print-",
                                                     "print-none-",
                                                     "hidden-print-",
                                                     "alertdialog-",
                                                     "dialog-",
                                                     "up-next",
                                                     "next-up",
                                                     "you-may",
                                                     "app-download",
                                                     "lightbox"};

constexpr std::array<std::string_view, 12> consent{" cookie",       "cookie-banner", "cookie-notice", "cookie-consent",
                                                   "cookieconsent", "cookiebanner",  "gdpr",          "dsgvo",
                                                   "onetrust",      " cmp-",         "usercentrics",  "cookiebot"};

constexpr std::array<std::string_view, 20> comments{
    "gallery",  "commentlink", "forum-",      "thread",       "community", "discussion", "diskussion",
    "comment-", "comments",    "commentlist", "comment-list", "disqus",    "respond-",   "reply",
    "replies",  "kommentar",   "commentaire", "comentario",   "trackback", "pingback"};

constexpr std::array<std::string_view, 45> garnish{"byline",
                                                   "author",
                                                   "autor",
                                                   "bio-",
                                                   "biography",
                                                   "meta-",
                                                   "metadata-",
                                                   "postmeta",
                                                   "postmetadata",
                                                   "date-",
                                                   "datum-",
                                                   "timestamp",
                                                   "published",
                                                   "updated-",
                                                   "pubdate",
                                                   "dateline",
                                                   "tags-",
                                                   "tag-list",
                                                   "taglist",
                                                   "tag-cloud",
                                                   "tagcloud",
                                                   "tag-links",
                                                   "cat-links",
                                                   "categories",
                                                   "caption",
                                                   "figcaption",
                                                   "credit",
                                                   "copyright",
                                                   "toc-",
                                                   "mw-editsection",
                                                   "bildunterschrift",
                                                   "legende",
                                                   "thumbcaption",
                                                   "imgcaption",
                                                   "imagecaption",
                                                   "photocaption",
                                                   "bildtext",
                                                   "interactive-embed",
                                                   "infographic",
                                                   "key-events",
                                                   "video-player",
                                                   "jwplayer",
                                                   "vjs-",
                                                   "plyr-",
                                                   "audio-player"};

constexpr std::array<std::string_view, 34> body_names{
    "article-body",  "articlebody",    "story-body",    "storybody",    "post-body",       "postbody",
    "entry-content", "entrycontent",   "post-content",  "postcontent",  "article-content", "articlecontent",
    "article-text",  "articletext",    "story-content", "storytext",    "storycontent",    "maincontent",
    "articletext",   "post-text",      "body-text",     "bodytext",     "body-copy",       "entry-body",
    "story-text",    "single-content", "blog-content",  "news-content", "content-body",    "main-text",
    "text-content",  "page-content",   "rich-text",     "richtext"};
constexpr std::array<std::string_view, 17> article_names{
    "article-", "story-", "post-",   "entry",   "hentry", "main-",     "content-", "text-", "body-",
    "prose",    "blog-",  "artikel", "beitrag", "inhalt", "contenido", "contenu",  "nota-"};

}  // namespace

bool is_never_text(std::string_view tag) {
    return is_one_of(tag, never_text);
}
bool is_block_tag(std::string_view tag) {
    return is_one_of(tag, block_tags);
}
bool is_furniture(std::string_view marks) {
    return has_any(marks, furniture);
}
bool is_consent(std::string_view marks) {
    return has_any(marks, consent);
}
bool is_comments(std::string_view marks) {
    return has_any(marks, comments);
}
bool is_garnish(std::string_view marks) {
    return has_any(marks, garnish);
}
double marks_weight(std::string_view marks) {
    if (has_any(marks, body_names)) return body_weight;
    return has_any(marks, article_names) ? 1.15 : 1.0;
}

}  // namespace feedwatch
