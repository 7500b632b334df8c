#include "producers/parse/xml_reader.hpp"

#include <algorithm>
#include <array>

#include "core/ascii.hpp"
#include "core/bytes.hpp"
#include "producers/extract/entities.hpp"
#include "producers/extract/html_reader.hpp"
#include "producers/parse/xml_space.hpp"

namespace feedwatch {
namespace {

constexpr std::size_t bindings_max = 64;  // a feed has a dozen; what a prefix past these means is told by custom

std::string_view prefix_of(std::string_view qualified) {
    const std::size_t colon = qualified.find(':');
    return colon == std::string_view::npos ? std::string_view{} : qualified.substr(0, colon);
}
std::string_view local_of(std::string_view qualified) {
    const std::size_t colon = qualified.find(':');
    return colon == std::string_view::npos ? qualified : qualified.substr(colon + 1);
}

// With references decoded, unless `literal`; line ends as "\n".
void append_text(std::string_view text, bool literal, std::string& out) {
    if (!literal) {
        decode_xml_text(text, out);
        return;
    }
    while (true) {
        const std::size_t end = text.find('\r');
        out += text.substr(0, end);
        if (end == std::string_view::npos) return;
        text.remove_prefix(end + 1);
        if (!text.starts_with('\n')) out += '\n';
    }
}

// Decoded. What breaks a line or tabs is a space, unless it is written as a reference (XML 1.0, 3.3.3).
std::string attribute_value(std::string_view raw) {
    std::string out;
    while (true) {
        const std::size_t end = bytes::find_any<'\t', '\n', '\r'>(raw);
        decode_entities(raw.substr(0, end), entity_rules::xml, out);
        if (end == std::string_view::npos) return out;
        raw.remove_prefix(end + (raw.substr(end).starts_with("\r\n") ? 2 : 1));
        out += ' ';
    }
}

// Elements whose end counts even where nesting went past the limit.
bool is_frame(std::string_view local) {
    return equal_ignoring_case(local, "item") || equal_ignoring_case(local, "entry") ||
           equal_ignoring_case(local, "channel") || equal_ignoring_case(local, "rss") ||
           equal_ignoring_case(local, "feed") || equal_ignoring_case(local, "rdf");
}

}  // namespace

xml_reader xml_reader::inside(const xml_content& content) const {
    xml_reader inner(content.raw, limits_);
    inner.bindings_ = bindings_;
    for (binding& b : inner.bindings_) b.depth = 0;
    return inner;
}

xml_reader::event xml_reader::next() {
    if (again_) {
        again_ = false;
        return event::start;
    }
    if (closing_ > 0) return close_innermost();
    while (at_ < xml_.size()) {
        token_at_ = at_;
        if (xml_[at_] != '<') {
            const std::size_t end = std::min(xml_.find('<', at_), xml_.size());
            text_ = xml_.substr(at_, end - at_);
            literal_ = false;
            at_ = end;
            return event::text;
        }
        const char c = at_ + 1 < xml_.size() ? xml_[at_ + 1] : ' ';
        if (xml_.substr(at_).starts_with("<![CDATA[")) {
            const std::size_t end = std::min(xml_.find("]]>", at_ + 9), xml_.size());
            text_ = xml_.substr(at_ + 9, end - at_ - 9);
            literal_ = true;
            at_ = std::min(end + 3, xml_.size());
            return event::text;
        }
        if (c == '!' || c == '?') {
            skip_declaration();
        } else if (c == '/') {
            if (read_end_tag()) return close_innermost();
        } else if (starts_xml_name(c)) {
            const event found = read_start_tag();
            if (found == event::start) return found;
        } else {  // an ordinary "<"
            text_ = xml_.substr(at_, 1);
            literal_ = false;
            ++at_;
            return event::text;
        }
    }
    if (!open_.empty()) ended_inside_ = true;
    return event::end_of_document;
}

void xml_reader::skip_declaration() {
    const xml_declarations::found found = declarations_.at(xml_, at_);
    at_ = found.end;
    if (!found.complete && !open_.empty()) ended_inside_ = true;
}

xml_reader::event xml_reader::read_start_tag() {
    const xml_tag tag = xml_start_tag_at(xml_, at_);
    at_ = tag.end;
    if (!tag.complete) {
        ended_inside_ = true;
        return event::text;
    }
    attributes_ = tag.attributes;
    if (open_.size() >= limits_.depth_max) {
        depth_exceeded_ = true;
        if (!tag.empty) ++too_deep_;
        return event::text;
    }
    open_.push_back(tag.name);
    depth_ = open_.size();
    bind_namespaces();
    set_name(tag.name);
    if (tag.empty) closing_ = 1;
    return event::start;
}

bool xml_reader::read_end_tag() {
    const xml_tag tag = xml_end_tag_at(xml_, at_);
    at_ = tag.end;
    if (!tag.complete) {
        ended_inside_ = true;
        return false;
    }
    if (too_deep_ > 0 && !is_frame(local_of(tag.name))) {
        --too_deep_;
        return false;
    }
    for (std::size_t i = open_.size(); i-- > 0;) {
        if (!equal_ignoring_case(open_[i], tag.name)) continue;
        closing_ = open_.size() - i;
        too_deep_ = 0;
        return true;
    }
    return false;
}

xml_reader::event xml_reader::close_innermost() {
    --closing_;
    set_name(open_.back());
    close();
    return event::end;
}

void xml_reader::close() {
    depth_ = open_.size();
    while (!bindings_.empty() && bindings_.back().depth == depth_) bindings_.pop_back();
    open_.pop_back();
}

void xml_reader::bind_namespaces() {
    if (attributes_.find("xmlns") == std::string_view::npos) return;
    std::string_view rest = attributes_;
    html_attribute a;
    for (std::size_t n = 0; n < limits_.attributes_max && bindings_.size() < bindings_max && next_attribute(rest, a);
         ++n) {
        if (a.name == "xmlns") {
            const xml_space space = space_of_uri(a.value);
            // An unknown default namespace around RSS elements is somebody's mistake.
            bindings_.push_back({depth_, {}, space == xml_space::other ? xml_space::plain : space});
        } else if (a.name.starts_with("xmlns:")) {
            bindings_.push_back({depth_, a.name.substr(6), space_of_uri(a.value)});
        }
    }
}

xml_space xml_reader::space_of(std::string_view prefix) const {
    for (std::size_t i = bindings_.size(); i-- > 0;)
        if (bindings_[i].prefix == prefix) return bindings_[i].space;
    return prefix.empty() ? xml_space::plain : space_of_customary_prefix(prefix);
}

void xml_reader::set_name(std::string_view qualified) {
    space_ = space_of(prefix_of(qualified));
    const std::string_view local = local_of(qualified).substr(0, sizeof name_);
    std::transform(local.begin(), local.end(), std::begin(name_), [](char c) { return ascii_lower(c); });
    name_length_ = local.size();
}

std::optional<std::string> xml_reader::attribute(std::string_view wanted) {
    if (attributes_.empty()) return std::nullopt;
    std::string_view rest = attributes_;
    html_attribute a;
    for (std::size_t n = 0; next_attribute(rest, a); ++n) {
        if (n >= limits_.attributes_max) {
            attributes_exceeded_ = true;
            break;
        }
        const std::string_view name = wanted.starts_with("xml:") ? a.name : local_of(a.name);
        if (!equals_ascii_case(name, wanted) || (a.name.starts_with("xml") && !wanted.starts_with("xml"))) continue;
        return attribute_value(a.value);
    }
    return std::nullopt;
}

bool xml_reader::at_item_start() const noexcept {
    return space_ == xml_space::plain && (name() == "item" || name() == "entry");
}

// Of RSS and Atom, with a name that markup in a title has not.
bool xml_reader::at_field_start() const noexcept {
    constexpr std::array<std::string_view, 13> fields{"author",    "category", "comments", "content", "description",
                                                      "enclosure", "guid",     "id",       "link",    "pubdate",
                                                      "published", "source",   "updated"};
    return space_ == xml_space::plain && std::find(fields.begin(), fields.end(), name()) != fields.end();
}

// Text and CDATA up to the element's own end tag, as most elements have it. False, and nothing is read, where it is not
// so.
bool xml_reader::read_simple_content(xml_content& out) {
    if (again_ || closing_ > 0 || too_deep_ > 0) return false;
    constexpr std::string_view cdata = "<![CDATA[";
    const std::size_t from = at_;
    std::size_t at = from;
    while (true) {
        const std::size_t open = xml_.find('<', at);
        if (open == std::string_view::npos) break;
        if (open > at) append_text(xml_.substr(at, open - at), false, out.text);
        if (xml_.substr(open, cdata.size()) == cdata) {
            const std::size_t begin = open + cdata.size();
            const std::size_t end = xml_.find("]]>", begin);
            if (end == std::string_view::npos) break;
            append_text(xml_.substr(begin, end - begin), true, out.text);
            at = end + 3;
            continue;
        }
        const std::string_view name = open_.back();
        const std::string_view tag = xml_.substr(open, name.size() + 3);
        const bool own = tag.size() == name.size() + 3 && tag.starts_with("</") && tag.substr(2, name.size()) == name &&
                         tag.back() == '>';
        if (!own) break;
        out.raw = xml_.substr(from, open - from);
        out.complete = true;
        token_at_ = open;
        at_ = open + tag.size();
        close();
        return true;
    }
    out.text.clear();
    return false;
}

xml_content xml_reader::read_content(bool words_only) {
    xml_content out;
    if (read_simple_content(out)) return out;
    const std::size_t depth = depth_;
    const std::size_t from = at_;
    const auto finish = [&](std::size_t to, bool complete) {
        out.raw = xml_.substr(std::min(from, to), to > from ? to - from : 0);
        out.complete = complete;
    };
    while (true) {
        switch (next()) {
            case event::text:
                append_text(text_, literal_, out.text);
                break;
            case event::start:
                if (at_item_start() || (words_only && depth_ == depth + 1 && at_field_start())) {
                    again_ = true;
                    finish(token_at_, true);
                    return out;
                }
                out.has_elements = true;
                break;
            case event::end:
                if (depth_ > depth) break;
                finish(token_at_, true);
                return out;
            case event::end_of_document:
                finish(xml_.size(), false);
                return out;
        }
    }
}

void xml_reader::skip_content() {
    static_cast<void>(read_content());
}

}  // namespace feedwatch
