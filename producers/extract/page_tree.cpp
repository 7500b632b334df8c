#include "producers/extract/page_tree.hpp"

#include <gumbo.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "core/ascii.hpp"
#include "producers/extract/html_reader.hpp"
#include "producers/extract/page_words.hpp"
#include "producers/extract/pleas.hpp"

namespace feedwatch {

struct page_tree::parsed {
    std::string html;
    GumboOutput* output = nullptr;

    explicit parsed(std::string_view text)
        : html(text), output(gumbo_parse_with_options(&kGumboDefaultOptions, html.data(), html.size())) {
        if (output == nullptr) throw std::bad_alloc();
    }
    ~parsed() { gumbo_destroy_output(&kGumboDefaultOptions, output); }
    parsed(const parsed&) = delete;
    parsed& operator=(const parsed&) = delete;
};

namespace {

constexpr std::size_t marks_bytes_max = 400;  // of one attribute
constexpr std::size_t label_bytes_max = 60;
constexpr double link_cost = 0.15;  // measured: more loses pages of many links, less takes in navigation

std::string attribute(const GumboElement& e, const char* name) {
    const GumboAttribute* found = gumbo_get_attribute(&e.attributes, name);
    return found == nullptr ? std::string{} : ascii_lower(found->value);
}

bool says_hidden(const GumboElement& e) {
    if (gumbo_get_attribute(&e.attributes, "hidden") != nullptr || attribute(e, "aria-hidden") == "true") return true;
    std::string style = attribute(e, "style");
    std::erase_if(style, is_html_space);
    return style.find("display:none") != std::string::npos || style.find("visibility:hidden") != std::string::npos;
}

// "postBody main_text" -> " post-body- main-text-": however people put words together.
void append_words(std::string_view names, std::string& out) {
    char before = ' ';
    for (const char c : names) {
        const bool upper = c >= 'A' && c <= 'Z';
        const bool word =
            upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
        if (is_html_space(before) && !is_html_space(c)) {
            if (!out.empty() && out.back() != '-' && out.back() != ' ') out += '-';
            if (out.empty() || out.back() != ' ') out += ' ';
        } else if ((!word && !is_html_space(c)) || (upper && before >= 'a' && before <= 'z')) {
            if (out.back() != '-' && out.back() != ' ') out += '-';
        }
        if (word) out += ascii_lower(c);
        before = c;
    }
    if (!out.empty() && out.back() != '-' && out.back() != ' ') out += '-';
}

// An id made from a heading ("sharing-with-a-single-developer") names what the text is about, not what it is.
bool is_slug(std::string_view id) {
    return std::count_if(id.begin(), id.end(), [](char c) { return c == '-' || c == '_'; }) >= 3;
}

// A place in a page may be one of the page itself.
bool leads_out(const GumboElement& e) {
    const GumboAttribute* const href = gumbo_get_attribute(&e.attributes, "href");
    if (href == nullptr) return false;
    const std::string_view to = href->value;
    return !to.empty() && to.find('#') == std::string_view::npos &&
           !equal_ignoring_case(to.substr(0, 11), "javascript:") && !equal_ignoring_case(to.substr(0, 7), "mailto:");
}

// What schema.org and microformats call a page's parts that are not its article.
constexpr std::array<std::string_view, 6> typed_furniture{"wpsidebar", "wpfooter",       "wpheader",
                                                          "wpadblock", "breadcrumblist", "sitenavigationelement"};
constexpr std::array<std::string_view, 7> typed_garnish{"author",   "publisher",       "datepublished", "datemodified",
                                                        "dateline", "copyrightholder", "keywords"};
constexpr std::array<std::string_view, 2> rel_garnish{"tag", "author"};

bool is_one_of(std::string_view word, const auto& words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}
bool is_typed_furniture(std::string_view type) {  // "https://schema.org/WPSideBar"
    return is_one_of(type.substr(type.rfind('/') + 1), typed_furniture);
}

page_node of_element(const GumboElement& e) {
    page_node out;
    out.tag = gumbo_normalized_tagname(e.tag);  // static; "" for unknown elements
    if (out.tag.empty()) out.tag = "unknown";
    bool body = false, furniture = false, garnish = false;
    for (unsigned i = 0; i < e.attributes.length; ++i) {
        const auto* const a = static_cast<const GumboAttribute*>(e.attributes.data[i]);
        const std::string_view name = a->name;
        const std::string_view value = a->value;
        if (name == "id" && is_slug(value)) continue;
        if (name == "class" || name == "id" || name == "role" || name == "data-testid" || name == "data-component") {
            append_words(value.substr(0, marks_bytes_max), out.marks);
        } else if (name == "itemprop" || name == "itemtype") {
            const std::string kind = ascii_lower(value.substr(0, marks_bytes_max));
            body = body || kind.find("articlebody") != std::string::npos;
            out.comments = out.comments || kind.find("comment") != std::string::npos;
            furniture = furniture || is_typed_furniture(kind);
            garnish = garnish || is_one_of(kind, typed_garnish);
        } else if (name == "aria-label") {
            furniture = furniture || (value.size() <= label_bytes_max && is_plea_heading(value));
        } else if (name == "rel" && out.tag == "a") {
            garnish = garnish || is_one_of(ascii_lower(value), rel_garnish);
        }
    }
    out.hidden = says_hidden(e);
    out.leads_out = out.tag == "a" && leads_out(e);
    out.furniture =
        out.tag == "nav" || out.tag == "footer" || out.tag == "aside" || furniture || is_furniture(out.marks);
    out.comments = out.comments || is_comments(out.marks);
    out.consent = is_consent(out.marks);
    out.garnish = garnish || is_garnish(out.marks);
    if (out.tag != "body" && out.tag != "html") out.weight = body ? 2.0 : marks_weight(out.marks);
    out.article = out.tag == "article" || out.weight >= body_weight;
    return out;
}

std::size_t visible_bytes(std::string_view text) {
    std::size_t n = 0;
    bool blank = true;
    for (const char c : text) {
        const bool now = is_html_space(c);
        if (!now || !blank) ++n;
        blank = now;
    }
    return n;
}

std::string_view text_of(const GumboElement& e) {
    if (e.children.length == 0) return {};
    const auto* const first = static_cast<const GumboNode*>(e.children.data[0]);
    const bool text = first->type == GUMBO_NODE_TEXT || first->type == GUMBO_NODE_CDATA;
    return text ? std::string_view(first->v.text.text) : std::string_view{};
}

// What the page says of itself for others to read.
void note_head(const GumboElement& e, page_tree& page) {
    if (e.tag == GUMBO_TAG_TITLE && page.title.empty()) {
        page.title = text_of(e);
    } else if (e.tag == GUMBO_TAG_META && attribute(e, "property") == "og:title") {
        const GumboAttribute* content = gumbo_get_attribute(&e.attributes, "content");
        if (content != nullptr && *content->value != 0) page.title = content->value;
    } else if (e.tag == GUMBO_TAG_SCRIPT && attribute(e, "type") == "application/ld+json") {
        page.linked_data.push_back(text_of(e));
    }
}

// Ends of sentences, and commas, of the scripts that have them.
std::size_t count_stops(std::string_view text) {
    std::size_t n = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '.' || c == ',' || c == '!' || c == '?' || c == ';') {
            n += i + 1 == text.size() || is_html_space(text[i + 1]) || text[i + 1] == '"' ? 1 : 0;
        } else if (static_cast<unsigned char>(c) >= 0xD8) {
            const std::string_view three = text.substr(i, 3);
            n += three == "\u3002" || three == "\u3001" || three == "\uFF0C" || three == "\uFF01" ||
                         three == "\u0964" || three.starts_with("\u060C") || three.starts_with("\u061F") ||
                         three.starts_with("\u06D4")
                     ? 1
                     : 0;
        }
    }
    return n;
}

// What a block's own text adds to `worth`.
double worth_of(std::string_view tag, std::size_t bytes, std::size_t links, std::size_t stops) {
    const auto all = static_cast<double>(bytes);
    const double density = static_cast<double>(links) / all;
    if (density > 0.5) return -link_cost * all;
    if (tag.size() == 2 && tag[0] == 'h' && tag[1] >= '1' && tag[1] <= '6') return 0;
    if (stops == 0 && bytes < 80) return 0;
    if (bytes < 25) return 0;
    double share = 1.0 - 2.0 * density;
    if (tag == "li" || tag == "td" || tag == "th" || tag == "dd" || tag == "dt") share *= 0.6;
    return all * share;
}

}  // namespace

page_tree::page_tree(std::string_view html) : parsed_(std::make_unique<parsed>(html)) {
    struct waiting {
        const GumboNode* node;
        std::size_t parent;
    };
    std::vector<waiting> stack{{parsed_->output->root, 0}};  // children in reverse: no recursion, however deep
    while (!stack.empty()) {
        const waiting now = stack.back();
        stack.pop_back();
        if (now.node == nullptr) {  // all inside nodes[parent] has been listed
            nodes[now.parent].end = nodes.size();
            continue;
        }
        const std::size_t index = nodes.size();
        if (now.node->type == GUMBO_NODE_ELEMENT || now.node->type == GUMBO_NODE_TEMPLATE) {
            nodes.push_back(of_element(now.node->v.element));
            note_head(now.node->v.element, *this);
            stack.push_back({nullptr, index});
            const GumboVector& children = now.node->v.element.children;
            for (unsigned i = children.length; i-- > 0;)
                stack.push_back({static_cast<const GumboNode*>(children.data[i]), index});
        } else if (now.node->type == GUMBO_NODE_TEXT || now.node->type == GUMBO_NODE_WHITESPACE ||
                   now.node->type == GUMBO_NODE_CDATA) {
            page_node text;
            text.text = now.node->v.text.text;
            text.end = index + 1;
            nodes.push_back(std::move(text));
        } else {
            continue;
        }
        nodes[index].parent = now.parent;
    }
    dropped_.assign(nodes.size(), false);
}

page_tree::~page_tree() = default;
page_tree::page_tree(page_tree&&) noexcept = default;
page_tree& page_tree::operator=(page_tree&&) noexcept = default;

void page_tree::drop(std::size_t index) {
    for (std::size_t i = index; i < nodes[index].end; ++i) dropped_[i] = true;
}

void page_tree::sum() {
    struct own_text {
        std::size_t bytes = 0, links = 0, stops = 0;
    };
    std::vector<own_text> own(nodes.size());  // of each block, without the blocks inside
    std::vector<std::size_t> block(nodes.size(), 0);
    std::vector<bool> linked(nodes.size(), false);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        page_node& n = nodes[i];
        n.text_bytes = n.link_bytes = 0;
        n.prose = n.worth = 0;
        if (dropped_[i]) continue;
        linked[i] = (i > 0 && linked[n.parent]) || n.tag == "a";
        block[i] = i > 0 && (n.tag.empty() || !is_block_tag(n.tag)) ? block[n.parent] : i;
        if (!n.tag.empty()) continue;
        n.text_bytes = visible_bytes(n.text);
        if (linked[i]) n.link_bytes = n.text_bytes;
        own_text& o = own[block[i]];
        o.bytes += n.text_bytes;
        o.links += n.link_bytes;
        o.stops += count_stops(n.text);
    }
    for (std::size_t i = nodes.size(); i-- > 0;) {
        page_node& n = nodes[i];
        if (dropped_[i]) continue;
        if (own[i].bytes > 0) {
            const double own_worth = worth_of(n.tag, own[i].bytes, own[i].links, own[i].stops);
            n.worth += own_worth;
            n.prose += std::max(own_worth, 0.0);
        }
        if (i == 0) continue;
        page_node& parent = nodes[n.parent];
        parent.text_bytes += n.text_bytes;
        parent.link_bytes += n.link_bytes;
        parent.prose += n.prose;
        parent.worth += n.worth;
    }
}

}  // namespace feedwatch
