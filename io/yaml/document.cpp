#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <unordered_map>

#include "core/utf8.hpp"
#include "io/yaml/yaml.hpp"

namespace feedwatch::yaml {
namespace {

// Stops the parser from inside a callback; never leaves this file.
struct stopped : std::runtime_error {
    position at;
    stopped(position where, const std::string& why) : std::runtime_error(why), at(where) {}
};

class builder final : public YAML::EventHandler {
  public:
    builder(const document& source, problems& found, const parse_options& options)
        : source_(source), problems_(found), options_(options) {}

    value take() { return std::move(root_); }

    void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { put(make(mark, kind::null), anchor); }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const auto found = anchors_.find(anchor);
        if (found == anchors_.end()) throw stopped(place(mark), "an alias inside of what it names");
        value copy = found->second;
        count(count_of(copy), place(mark));
        put(std::move(copy), 0);
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& text) override {
        value v = make(mark, kind::scalar);
        v.quoted = tag == "!";
        v.text = text;
        if (!v.quoted && (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL")) {
            v.is = kind::null;
            v.text.clear();
        }
        expand(v);
        put(std::move(v), anchor);
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value /*style*/) override {
        open(make(mark, kind::sequence), anchor);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value /*style*/) override {
        open(make(mark, kind::mapping), anchor);
    }
    void OnMapEnd() override { close(); }

  private:
    struct frame {
        value held;
        YAML::anchor_t anchor;
        bool has_key = false;
        std::string key;
        position key_at;
    };

    position place(const YAML::Mark& mark) const {
        return source_.position_of(mark.pos < 0 ? 0 : static_cast<std::size_t>(mark.pos));
    }

    value make(const YAML::Mark& mark, enum kind is) {
        value v;
        v.is = is;
        v.at = place(mark);
        count(1, v.at);
        return v;
    }

    void count(std::size_t more, position at) {
        values_ += more;
        if (values_ > options_.values_max) {
            throw stopped(at, "more than " + std::to_string(options_.values_max) + " values (aliases included)");
        }
    }

    static std::size_t count_of(const value& v) {
        std::size_t n = 1;
        for (const value& i : v.items) n += count_of(i);
        for (const entry& e : v.entries) n += count_of(e.held);
        return n;
    }

    void expand(value& v) {
        if (!options_.variable || v.text.find("${") == std::string::npos) return;
        std::string out;
        std::size_t at = 0;
        for (;;) {
            const std::size_t from = v.text.find("${", at);
            const std::size_t to = from == std::string::npos ? from : v.text.find('}', from);
            if (to == std::string::npos) break;
            out.append(v.text, at, from - at);
            const std::string name = v.text.substr(from + 2, to - from - 2);
            if (const auto is = options_.variable(name)) {
                out += *is;
            } else {
                problems_.add(source_.inside(v, from), {}, "the environment variable " + name + " is not set");
            }
            at = to + 1;
        }
        out.append(v.text, at);
        v.text = std::move(out);
    }

    void open(value v, YAML::anchor_t anchor) {
        if (stack_.size() >= options_.depth_max) {
            throw stopped(v.at, "nested deeper than " + std::to_string(options_.depth_max) + " levels");
        }
        stack_.push_back({std::move(v), anchor, false, {}, {}});
    }

    void close() {
        frame top = std::move(stack_.back());
        stack_.pop_back();
        put(std::move(top.held), top.anchor);
    }

    void put(value v, YAML::anchor_t anchor) {
        if (anchor != 0) anchors_[anchor] = v;
        if (stack_.empty()) {
            root_ = std::move(v);
            return;
        }
        frame& top = stack_.back();
        if (top.held.is == kind::sequence) {
            top.held.items.push_back(std::move(v));
        } else if (!top.has_key) {
            if (v.is == kind::sequence || v.is == kind::mapping) throw stopped(v.at, "a key must be a word");
            top.has_key = true;
            top.key_at = v.at;
            top.key = std::move(v.text);
        } else {
            add_entry(top, std::move(v));
        }
    }

    void add_entry(frame& top, value v) {
        top.has_key = false;
        // Small mappings: a scan is quicker than an index. Big ones come from machines; they get one.
        for (const entry& e : top.held.entries) {
            if (e.key == top.key) {
                problems_.add(top.key_at, {},
                              "the key " + top.key + " stands here a second time (first in line " +
                                  std::to_string(e.at.line) + ")");
                return;
            }
        }
        if (top.held.entries.size() >= keys_max) {
            throw stopped(top.key_at, "more than " + std::to_string(keys_max) + " keys in one mapping");
        }
        top.held.entries.push_back({std::move(top.key), top.key_at, std::move(v)});
    }

    // Bounds the quadratic scan for repeated keys.
    static constexpr std::size_t keys_max = 4096;

    const document& source_;
    problems& problems_;
    const parse_options& options_;
    value root_;
    std::vector<frame> stack_;
    std::unordered_map<YAML::anchor_t, value> anchors_;
    std::size_t values_ = 0;
};

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

}  // namespace

document document::parse(std::string text, problems& found, const parse_options& options) {
    document made;
    if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
    made.text_ = std::move(text);
    if (!is_valid_utf8(made.text_)) {
        found.add({}, {}, "the file is not UTF-8");
        return made;
    }
    made.lines_.push_back(0);
    for (std::size_t i = 0; i < made.text_.size(); ++i) {
        if (made.text_[i] == '\n') made.lines_.push_back(i + 1);
    }
    try {
        std::istringstream in(made.text_);
        YAML::Parser parser(in);
        builder build(made, found, options);
        if (parser.HandleNextDocument(build)) made.root_ = build.take();
        builder second(made, found, options);
        if (parser && parser.HandleNextDocument(second)) found.add({}, {}, "the file holds more than one document");
    } catch (const stopped& s) {
        found.add(s.at, {}, s.what());
        made.root_ = {};
    } catch (const YAML::Exception& e) {
        const std::size_t offset = e.mark.pos < 0 ? 0 : static_cast<std::size_t>(e.mark.pos);
        found.add(made.position_of(offset), {}, "not YAML: " + e.msg);
        made.root_ = {};
    }
    return made;
}

position document::position_of(std::size_t file_offset) const {
    position p;
    p.offset = std::min(file_offset, text_.size());
    const auto line = std::upper_bound(lines_.begin(), lines_.end(), p.offset);
    p.line = static_cast<std::size_t>(line - lines_.begin());
    if (p.line == 0) return p;
    for (std::size_t i = lines_[p.line - 1]; i < p.offset; ++i) {
        if ((static_cast<unsigned char>(text_[i]) & 0xC0U) != 0x80U) ++p.column;
    }
    return p;
}

position document::inside(const value& scalar, std::size_t text_offset) const {
    std::size_t at = scalar.at.offset;
    const char open = at < text_.size() ? text_[at] : '\0';
    const bool single = open == '\'';
    const bool twice = open == '"';
    if (single || twice) {
        ++at;
    } else if (scalar.quoted && (open == '|' || open == '>')) {
        while (at < text_.size() && text_[at] != '\n') ++at;
    }
    const auto skip_space = [&] {
        while (at < text_.size() && is_space(text_[at])) ++at;
    };
    for (std::size_t i = 0; i < text_offset && i < scalar.text.size(); ++i) {
        if (is_space(scalar.text[i])) {
            // Folding changes white space only: a run of it stands for a run of it.
            while (i + 1 < text_offset && i + 1 < scalar.text.size() && is_space(scalar.text[i + 1])) ++i;
            if (at < text_.size() && is_space(text_[at])) {
                skip_space();
                continue;
            }
        } else {
            skip_space();
        }
        if (single && text_.compare(at, 2, "''") == 0) {
            at += 2;
        } else if (twice && at < text_.size() && text_[at] == '\\') {
            const char escape = at + 1 < text_.size() ? text_[at + 1] : '\0';
            at += escape == 'x' ? 4 : escape == 'u' ? 6 : escape == 'U' ? 10 : 2;
            // Several bytes of text may come from one escape.
            while (i + 1 < scalar.text.size() && (static_cast<unsigned char>(scalar.text[i + 1]) & 0xC0U) == 0x80U) ++i;
        } else {
            ++at;
        }
    }
    if (text_offset < scalar.text.size() && !is_space(scalar.text[text_offset])) skip_space();
    return position_of(at);
}

document load(const std::string& file, problems& found, const parse_options& options) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream bytes;
    if (!in || !(bytes << in.rdbuf() || in.peek() == std::ifstream::traits_type::eof()) || in.bad()) {
        found.add({}, {}, "the file cannot be read");
        return {};
    }
    return document::parse(std::move(bytes).str(), found, options);
}

}  // namespace feedwatch::yaml
