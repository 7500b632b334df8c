#include "producers/extract/page_tree.hpp"

#include <gumbo.h>

#include <algorithm>
#include <stdexcept>

#include "core/ascii.hpp"
#include "producers/extract/html_reader.hpp"

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

page_node of_element(const GumboElement& e) {
    page_node out;
    out.tag = gumbo_normalized_tagname(e.tag);  // static; "" for unknown elements
    if (out.tag.empty()) out.tag = "unknown";
    out.marks = attribute(e, "class") + ' ' + attribute(e, "id");
    out.hidden = says_hidden(e);
    const std::string role = attribute(e, "role");
    out.article =
        attribute(e, "itemprop").find("articlebody") != std::string::npos || role == "main" || role == "article";
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
    for (page_node& n : nodes) n.text_bytes = n.link_bytes = n.commas = 0;
    for (std::size_t i = nodes.size(); i-- > 0;) {
        page_node& n = nodes[i];
        if (dropped_[i]) {
            n.text_bytes = n.link_bytes = n.commas = 0;
            continue;
        }
        if (n.tag.empty()) {
            n.text_bytes = visible_bytes(n.text);
            n.commas = static_cast<std::size_t>(std::count(n.text.begin(), n.text.end(), ','));
        }
        if (n.tag == "a") n.link_bytes = n.text_bytes;
        if (i == 0) continue;
        page_node& parent = nodes[n.parent];
        parent.text_bytes += n.text_bytes;
        parent.link_bytes += n.link_bytes;
        parent.commas += n.commas;
    }
}

}  // namespace feedwatch
