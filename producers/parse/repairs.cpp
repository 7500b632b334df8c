#include "producers/parse/repairs.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "core/ascii.hpp"
#include "core/utf8.hpp"
#include "producers/extract/entities.hpp"
#include "producers/extract/html_reader.hpp"
#include "producers/extract/text.hpp"
#include "producers/parse/encoding.hpp"
#include "producers/parse/xml_tokens.hpp"

namespace feedwatch {
namespace {

constexpr std::size_t open_max = 256;  // the reader flattens what is nested deeper
constexpr std::size_t shown_max = 40;

struct place {
    std::size_t line = 1, column = 1;
};

class line_map {
  public:
    explicit line_map(std::string_view text) : text_(text) {
        for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1))
            starts_.push_back(at + 1);
    }
    [[nodiscard]] std::size_t line_of(std::size_t offset) const {
        return static_cast<std::size_t>(std::upper_bound(starts_.begin(), starts_.end(), offset) - starts_.begin());
    }
    [[nodiscard]] place at(std::size_t offset) const {
        place out{line_of(offset), 1};
        for (std::size_t i = starts_[out.line - 1]; i < std::min(offset, text_.size()); ++i)
            if ((static_cast<unsigned char>(text_[i]) & 0xC0U) != 0x80U) ++out.column;
        return out;
    }

  private:
    std::string_view text_;
    std::vector<std::size_t> starts_{0};  // of each line
};

std::string quoted(std::string_view text) {
    return "\"" + std::string(truncate_utf8(one_line(text), shown_max)) + "\"";
}

class repair_finder {
  public:
    repair_finder(std::string_view xml, std::size_t remarks_max) : xml_(xml), lines_(xml), remarks_max_(remarks_max) {}

    std::vector<std::string> run() && {
        prolog();
        while (at_ < xml_.size()) {
            if (xml_[at_] == '<') {
                markup();
            } else {
                const std::size_t end = std::min(xml_.find('<', at_), xml_.size());
                text(end);
                at_ = end;
            }
        }
        for (const element& e : open_)
            remark(xml_.size(), "unclosed " + std::string(e.name),
                   "the document ends inside <" + shown(e.name) + "> of line " + std::to_string(e.line));
        return told();
    }

  private:
    struct element {
        std::string_view name;
        std::size_t line;
        std::size_t prefixes;  // declared before it
    };
    struct found {
        place first;
        std::string what;
        std::size_t count = 0;
    };

    static std::string shown(std::string_view name) { return std::string(truncate_utf8(name, shown_max)); }

    // `kind`: what belongs together. Only kinds that are told are kept.
    void remark(std::size_t offset, const std::string& kind, std::string what) {
        const auto known = kinds_.find(kind);
        if (known != kinds_.end()) {
            ++remarks_[known->second].count;
            return;
        }
        if (remarks_.size() >= remarks_max_) {
            ++left_out_;
            return;
        }
        kinds_.emplace(kind, remarks_.size());
        remarks_.push_back({lines_.at(offset), std::move(what), 1});
    }

    std::vector<std::string> told() {
        std::vector<std::string> out;
        for (const found& f : remarks_) {
            std::string line =
                "line " + std::to_string(f.first.line) + ", column " + std::to_string(f.first.column) + ": " + f.what;
            if (f.count > 1) line += " (and " + std::to_string(f.count - 1) + " more like it)";
            out.push_back(std::move(line));
        }
        if (left_out_ > 0) out.push_back(std::to_string(left_out_) + " more repairs of other kinds");
        return out;
    }

    void prolog() {
        const std::size_t first = std::min(xml_.find_first_not_of(" \t\r\n"), xml_.size());
        const std::size_t tag = std::min(xml_.find('<'), xml_.size());
        if (first < tag) {
            remark(first, "junk", "text before the document: passed over");
            at_ = tag;
        }
        const std::size_t declaration = xml_.find("<?xml ");
        if (declaration != std::string_view::npos && declaration > 0 && declaration == xml_.find('<'))
            remark(declaration, "late declaration", "the XML declaration does not stand at the very beginning");
    }

    void text(std::size_t end) {
        const std::string_view piece = xml_.substr(at_, end - at_);
        if (open_.empty() && root_closed_ && !ascii_trimmed(piece).empty())
            remark(at_, "after", "text after the end of the document: passed over");
        references(at_, piece);
        controls(at_, piece);
    }

    void controls(std::size_t offset, std::string_view piece) {
        for (std::size_t i = 0; i < piece.size(); ++i) {
            const auto byte = static_cast<unsigned char>(piece[i]);
            if (byte >= 0x20 ? byte != 0x7F : byte == '\t' || byte == '\n' || byte == '\r') continue;
            if (byte == 0x7F) continue;  // XML allows it
            remark(offset + i, "control", "a control character: left out");
        }
    }

    void references(std::size_t offset, std::string_view piece) {
        for (std::size_t i = piece.find('&'); i != std::string_view::npos; i = piece.find('&', i + 1)) {
            constexpr std::size_t name_max = 40;
            const std::string_view rest = piece.substr(i, name_max);
            std::string meaning;
            const std::size_t taken = decode_entity(rest, entity_rules::xml, meaning);
            const std::string_view reference = rest.substr(0, taken);
            const bool of_xml = reference == "&amp;" || reference == "&lt;" || reference == "&gt;" ||
                                reference == "&quot;" || reference == "&apos;" || reference.starts_with("&#");
            if (of_xml) continue;
            if (taken > 0) {
                if (!entities_.contains(reference.substr(1, taken - 2)))
                    remark(offset + i, std::string(reference),
                           std::string(reference) + " is not declared: read as HTML does");
                continue;
            }
            std::size_t end = 1;
            while (end < rest.size() && (starts_xml_name(rest[end]) || (rest[end] >= '0' && rest[end] <= '9') ||
                                         rest[end] == '.' || rest[end] == '-' || rest[end] == '#'))
                ++end;
            if (end > 1 && end < rest.size() && rest[end] == ';') {
                const std::string name(rest.substr(1, end - 1));
                remark(offset + i, "&" + name + ";",
                       "&" + name +
                           (entities_.contains(name) ? "; is of the DTD, whose entities are not expanded"
                                                     : "; is nothing known") +
                           ": kept as it is written");
            } else {
                remark(offset + i, "bare ampersand", "\"&\" that begins no reference: kept as it is written");
            }
        }
    }

    void markup() {
        const std::string_view rest = xml_.substr(at_);
        if (rest.starts_with("<![CDATA[")) return cdata();
        if (rest.starts_with("<!") || rest.starts_with("<?")) return declaration();
        if (rest.starts_with("</")) return end_tag();
        if (rest.size() > 1 && starts_xml_name(rest[1])) return start_tag();
        remark(at_, "bare <", "\"<\" that begins no tag: kept as text");
        ++at_;
    }

    void cdata() {
        const std::size_t from = at_ + 9;
        const std::size_t end = xml_.find("]]>", from);
        if (end == std::string_view::npos) remark(at_, "CDATA", "a CDATA section that is never closed");
        at_ = end == std::string_view::npos ? xml_.size() : end + 3;
        controls(from, xml_.substr(from, at_ - from));
    }

    // A comment, an instruction, a DTD with what it declares, or something unknown.
    void declaration() {
        const std::size_t from = at_;
        const bool comment = xml_.substr(at_).starts_with("<!--");
        const bool instruction = xml_.substr(at_).starts_with("<?");
        const xml_declarations::found token = declarations_.at(xml_, at_);
        if (!token.closed) {
            const std::string what = comment ? "a comment" : instruction ? "an instruction" : "a declaration";
            remark(at_, what, what + " that is never closed");
        }
        at_ = token.end;
        if (comment || instruction) return;
        std::string_view subset = xml_.substr(from, at_ - from);
        constexpr std::string_view entity = "<!ENTITY";
        for (std::size_t i = subset.find(entity); i != std::string_view::npos; i = subset.find(entity, i + 1)) {
            std::string_view name = ascii_trimmed(subset.substr(i + entity.size(), 100));
            name = name.substr(0, name.find_first_of(" \t\r\n\"'"));
            if (entities_.size() < open_max) entities_.emplace(name);
        }
    }

    void end_tag() {
        const xml_tag tag = xml_end_tag_at(xml_, at_);
        if (!tag.complete) return ends_inside();
        without_end(tag);
        const std::string_view name = tag.name;
        for (std::size_t i = open_.size(); i-- > 0;) {
            if (!equal_ignoring_case(open_[i].name, name)) continue;
            if (i + 1 < open_.size()) {
                const element& inner = open_[i + 1];
                remark(at_, "closes " + std::string(inner.name),
                       "</" + shown(name) + "> also ends <" + shown(inner.name) + "> of line " +
                           std::to_string(inner.line) + ", which is never closed");
            } else if (open_[i].name != name) {
                remark(at_, "case of " + std::string(name),
                       "</" + shown(name) + "> ends <" + shown(open_[i].name) + ">, though it is spelt otherwise");
            }
            close(i);
            at_ = tag.end;
            return;
        }
        if (too_deep_ > 0) {
            --too_deep_;
        } else {
            remark(at_, "end of nothing " + std::string(truncate_utf8(name, shown_max)),
                   "</" + shown(name) + "> ends nothing: passed over");
        }
        at_ = tag.end;
    }

    void close(std::size_t i) {
        prefixes_.resize(open_[i].prefixes);
        open_.resize(i);
        too_deep_ = 0;
        if (open_.empty()) root_closed_ = true;
    }

    void ends_inside() {
        remark(at_, "unfinished tag", "the document ends inside a tag: " + quoted(xml_.substr(at_, shown_max)));
        at_ = xml_.size();
    }

    void without_end(const xml_tag& tag) {
        if (xml_[tag.end - 1] != '>') remark(at_, "without >", "a tag without \">\": it ends where the next begins");
    }

    void start_tag() {
        const xml_tag tag = xml_start_tag_at(xml_, at_);
        if (!tag.complete) return ends_inside();
        without_end(tag);
        if (open_.empty() && root_closed_) {
            remark(at_, "another", "another document begins with <" + shown(tag.name) + ">");
            root_closed_ = false;
        }
        const std::size_t before = prefixes_.size();
        attributes(tag.attributes);
        prefix_of(tag.name);
        if (tag.empty) {
            prefixes_.resize(before);
            if (open_.empty()) root_closed_ = true;
        } else if (open_.size() < open_max) {
            open_.push_back({tag.name, lines_.line_of(at_), before});
        } else {
            ++too_deep_;
        }
        at_ = tag.end;
    }

    void attributes(std::string_view raw) {
        constexpr std::size_t attributes_max = 256;
        std::set<std::string_view> names;
        std::string_view rest = raw;
        html_attribute a;
        for (std::size_t n = 0; n < attributes_max && next_attribute(rest, a); ++n) {
            if (a.name.starts_with("xmlns:") && prefixes_.size() < open_max) prefixes_.push_back(a.name.substr(6));
            if (!names.insert(a.name).second)
                remark(at_, "twice " + std::string(a.name), "attribute " + quoted(a.name) + " twice: the first counts");
            const char before = a.value.data() == nullptr ? ' ' : *(a.value.data() - 1);
            if (before != '"' && before != '\'')
                remark(at_, "unquoted", "attribute " + quoted(a.name) + " without quotes or value");
            if (!a.value.empty()) references(static_cast<std::size_t>(a.value.data() - xml_.data()), a.value);
        }
        rest = raw;
        for (std::size_t n = 0; n < attributes_max && next_attribute(rest, a); ++n)
            if (!a.name.starts_with("xmlns")) prefix_of(a.name);
    }

    void prefix_of(std::string_view name) {
        const std::size_t colon = name.find(':');
        if (colon == std::string_view::npos) return;
        const std::string_view prefix = name.substr(0, colon);
        if (prefix == "xml" || prefix == "xmlns") return;
        if (std::find(prefixes_.begin(), prefixes_.end(), prefix) != prefixes_.end()) return;
        remark(at_, "prefix " + shown(prefix),
               "prefix " + quoted(prefix) + " is not declared: read as it is by custom");
    }

    std::string_view xml_;
    line_map lines_;
    std::size_t remarks_max_;
    std::size_t at_ = 0;
    std::vector<element> open_;
    std::vector<std::string_view> prefixes_;
    std::size_t too_deep_ = 0;
    bool root_closed_ = false;
    std::set<std::string, std::less<>> entities_;  // of the DTD
    xml_declarations declarations_;
    std::map<std::string, std::size_t> kinds_;
    std::vector<found> remarks_;
    std::size_t left_out_ = 0;
};

}  // namespace

std::vector<std::string> explain_repairs(std::string_view bytes, const parse_hints& hints, std::size_t remarks_max) {
    std::vector<std::string> of_encoding;
    std::string storage;
    const std::string_view text = decode_document(bytes, hints.content_type, storage, of_encoding);
    if (ascii_trimmed(text).starts_with('{')) return {};
    return repair_finder(text, remarks_max).run();
}

}  // namespace feedwatch
