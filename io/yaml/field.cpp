#include <algorithm>
#include <charconv>
#include <cmath>

#include "io/yaml/yaml.hpp"

namespace feedwatch::yaml {
namespace {

std::string_view name_of(kind k) {
    switch (k) {
        case kind::null:
            return "nothing";
        case kind::scalar:
            return "a single value";
        case kind::sequence:
            return "a list";
        case kind::mapping:
            return "a mapping";
    }
    return "?";
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& known) {
    if (const auto near = nearest(name, known)) return "; did you mean " + *near + "?";
    std::string all;
    for (const std::string& k : known) all += (all.empty() ? "" : ", ") + k;
    return all.empty() ? "" : "; known here: " + all;
}

}  // namespace

struct field::known_keys {
    std::vector<std::string> names;
    bool reported = false;  // that it is no mapping
};

field::field(const document* of, const value* what, position at, std::string path, problems* found)
    : document_(of),
      value_(what),
      at_(at),
      path_(std::move(path)),
      problems_(found),
      known_(std::make_shared<known_keys>()) {}

field document::root(problems& found) const {
    return {this, &root_, root_.at, {}, &found};
}

void field::fail(std::string message) const {
    problems_->add(at_, path_, std::move(message));
}

position field::inside(std::size_t text_offset) const {
    return value_ == nullptr ? at_ : document_->inside(*value_, text_offset);
}

void field::fail_inside(std::size_t text_offset, std::string message) const {
    problems_->add(inside(text_offset), path_, std::move(message));
}

field field::operator[](std::string_view key) const {
    known_->names.emplace_back(key);
    std::string path = path_.empty() ? std::string(key) : path_ + "." + std::string(key);
    const value* found = nullptr;
    if (is() == kind::mapping) {
        for (const entry& e : value_->entries) {
            if (e.key == key) found = &e.held;
        }
    } else if (present() && !known_->reported) {
        known_->reported = true;
        fail("expected a mapping (key: value), found " + std::string(name_of(is())));
    }
    return {document_, found, found == nullptr ? at_ : found->at, std::move(path), problems_};
}

std::vector<field> field::items() const {
    std::vector<field> out;
    if (!present()) return out;
    if (is() != kind::sequence) {
        fail("expected a list (lines that start with -, or [a, b]), found " + std::string(name_of(is())));
        return out;
    }
    out.reserve(value_->items.size());
    for (const value& v : value_->items) {
        out.push_back({document_, &v, v.at, path_ + "[" + std::to_string(out.size()) + "]", problems_});
    }
    return out;
}

std::vector<std::pair<std::string, field>> field::entries() const {
    std::vector<std::pair<std::string, field>> out;
    if (!present()) return out;
    if (is() != kind::mapping) {
        if (!known_->reported) fail("expected a mapping (key: value), found " + std::string(name_of(is())));
        known_->reported = true;
        return out;
    }
    for (const entry& e : value_->entries) {
        known_->names.push_back(e.key);
        const std::string path = path_.empty() ? e.key : path_ + "." + e.key;
        out.emplace_back(e.key, field{document_, &e.held, e.held.at, path, problems_});
    }
    return out;
}

void field::finish() const {
    if (is() != kind::mapping) {
        if (present() && !known_->reported)
            fail("expected a mapping (key: value), found " + std::string(name_of(is())));
        return;
    }
    for (const entry& e : value_->entries) {
        if (std::find(known_->names.begin(), known_->names.end(), e.key) != known_->names.end()) continue;
        problems_->add(e.at, path_, "unknown key " + e.key + did_you_mean(e.key, known_->names));
    }
}

bool field::scalar(std::string_view wanted) const {
    if (!present()) return false;
    if (is() == kind::scalar) return true;
    fail("expected " + std::string(wanted) + ", found " + std::string(name_of(is())));
    return false;
}

std::optional<std::string> field::string() const {
    if (!scalar("text")) return std::nullopt;
    return value_->text;
}

std::optional<std::string> field::required_string() const {
    if (!present()) {
        fail("must be given");
        return std::nullopt;
    }
    auto text = string();
    if (text && text->empty()) {
        fail("must not be empty");
        return std::nullopt;
    }
    return text;
}

std::optional<bool> field::boolean() const {
    if (!scalar("true or false")) return std::nullopt;
    if (value_->text == "true") return true;
    if (value_->text == "false") return false;
    fail("expected true or false, found " + value_->text);
    return std::nullopt;
}

std::optional<std::int64_t> field::integer(std::int64_t min, std::int64_t max) const {
    if (!scalar("a whole number")) return std::nullopt;
    const std::string& t = value_->text;
    std::int64_t n = 0;
    const auto [end, failed] = std::from_chars(t.data(), t.data() + t.size(), n);
    if (failed != std::errc() || end != t.data() + t.size()) {
        fail("expected a whole number, found " + t);
        return std::nullopt;
    }
    if (n < min || n > max) {
        fail("must be from " + std::to_string(min) + " to " + std::to_string(max) + ", found " + t);
        return std::nullopt;
    }
    return n;
}

std::optional<double> field::number(double min, double max) const {
    if (!scalar("a number")) return std::nullopt;
    const std::string& t = value_->text;
    double n = 0;
    const auto [end, failed] = std::from_chars(t.data(), t.data() + t.size(), n);
    if (failed != std::errc() || end != t.data() + t.size() || !std::isfinite(n)) {
        fail("expected a number, found " + t);
        return std::nullopt;
    }
    if (n < min || n > max) {
        fail("must be from " + std::to_string(min) + " to " + std::to_string(max) + ", found " + t);
        return std::nullopt;
    }
    return n;
}

std::optional<feedwatch::duration> field::duration() const {
    if (!scalar("a duration such as 15m")) return std::nullopt;
    auto parsed = parse_duration(value_->text);
    if (!parsed) {
        fail("expected a duration such as 500ms, 15m, 6h or 30d, found " + value_->text);
        return std::nullopt;
    }
    return *parsed;
}

std::optional<std::vector<std::string>> field::strings() const {
    if (!present()) return std::nullopt;
    if (is() == kind::scalar) {
        fail("expected a list; write [" + value_->text + "]");
        return std::nullopt;
    }
    if (is() != kind::sequence) {
        fail("expected a list, found " + std::string(name_of(is())));
        return std::nullopt;
    }
    std::vector<std::string> out;
    for (const field& f : items()) {
        if (!f.present()) {
            f.fail("an entry of the list is empty");
        } else if (auto text = f.string()) {
            out.push_back(std::move(*text));
        }
    }
    return out;
}

std::optional<std::string> field::one_of(const std::vector<std::string_view>& allowed) const {
    auto text = string();
    if (!text) return std::nullopt;
    if (std::find(allowed.begin(), allowed.end(), *text) != allowed.end()) return text;
    const std::vector<std::string> known(allowed.begin(), allowed.end());
    std::string all;
    for (const std::string& k : known) all += (all.empty() ? "" : ", ") + k;
    std::string message = "expected one of " + all + ", found " + *text;
    if (const auto near = nearest(*text, known)) message += "; did you mean " + *near + "?";
    fail(std::move(message));
    return std::nullopt;
}

}  // namespace feedwatch::yaml
