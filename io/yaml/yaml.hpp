// YAML that people write: read whole, checked whole. Every mistake is reported with file, line, column and path, all of
// them at once; an unknown key is a mistake and gets the nearest known name. No exception leaves this module.
//
//   yaml::problems found("feeds.yaml");
//   const auto doc = yaml::document::parse(bytes, found);
//   yaml::field root = doc.root(found);
//   for (yaml::field f : root["feeds"].items()) { auto url = f["url"].required_string(); ... f.finish(); }
//   root.finish();
//   if (!found.empty()) return found.to_error();
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "core/time.hpp"

namespace feedwatch::yaml {

struct position {
    std::size_t line = 1;    // from 1
    std::size_t column = 1;  // from 1, in characters
    std::size_t offset = 0;  // bytes in the file
    friend bool operator==(const position&, const position&) = default;
};

struct problem {
    position at;
    std::string path;  // "topics[3].query"; empty for the document itself
    std::string message;
};

class problems {
  public:
    explicit problems(std::string file) : file_(std::move(file)) {}
    void add(position at, std::string path, std::string message);
    [[nodiscard]] bool empty() const noexcept { return all_.empty(); }
    [[nodiscard]] const std::vector<problem>& all() const noexcept { return all_; }
    [[nodiscard]] const std::string& file() const noexcept { return file_; }
    // One line each, in the order of the file: "topics.yaml:14:9: topics[1].query: a phrase has no end".
    [[nodiscard]] std::string text() const;
    [[nodiscard]] error to_error() const;  // errc::invalid_config with text()

  private:
    std::string file_;
    std::vector<problem> all_;
};

enum class kind { null, scalar, sequence, mapping };

struct value;
struct entry;

// One node of the document. `text` of a plain `~` or `null` is empty and its kind null.
struct value {
    enum kind is = kind::null;
    bool quoted = false;  // a scalar in quotes or a block: a string whatever it looks like
    std::string text;
    std::vector<value> items;
    std::vector<entry> entries;
    position at;
};
struct entry {
    std::string key;
    position at;
    value held;
};

class document;

// A value on its way to be read, with the path that leads to it. Cheap to copy; the document and the problems must
// outlive it. A getter of a missing or null value returns nullopt silently, of a value of the wrong form nullopt with a
// problem.
class field {
  public:
    [[nodiscard]] bool present() const noexcept { return value_ != nullptr && value_->is != kind::null; }
    [[nodiscard]] kind is() const noexcept { return value_ == nullptr ? kind::null : value_->is; }
    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] position at() const noexcept { return at_; }

    // The value of a key. Remembers that the key is known; asking something that is no mapping is a problem, once.
    [[nodiscard]] field operator[](std::string_view key) const;
    [[nodiscard]] std::vector<field> items() const;                            // of a sequence; problem for other forms
    [[nodiscard]] std::vector<std::pair<std::string, field>> entries() const;  // of a mapping; all keys are then known
    // Unknown keys become problems. Call it when every known key has been asked for.
    void finish() const;

    [[nodiscard]] std::optional<std::string> string() const;  // any scalar
    [[nodiscard]] std::optional<bool> boolean() const;        // true, false
    [[nodiscard]] std::optional<std::int64_t> integer(std::int64_t min, std::int64_t max) const;
    [[nodiscard]] std::optional<double> number(double min, double max) const;
    [[nodiscard]] std::optional<feedwatch::duration> duration() const;      // "15m"
    [[nodiscard]] std::optional<std::vector<std::string>> strings() const;  // a sequence of scalars
    // One of `allowed`, with a suggestion for what is near one of them.
    [[nodiscard]] std::optional<std::string> one_of(const std::vector<std::string_view>& allowed) const;
    // As string(), and missing or empty is a problem.
    [[nodiscard]] std::optional<std::string> required_string() const;

    void fail(std::string message) const;
    // A problem at a byte of the scalar's text, placed where that byte stands in the file.
    void fail_inside(std::size_t text_offset, std::string message) const;
    [[nodiscard]] position inside(std::size_t text_offset) const;

  private:
    friend class document;
    struct known_keys;
    field(const document* of, const value* what, position at, std::string path, problems* found);
    [[nodiscard]] bool scalar(std::string_view wanted) const;

    const document* document_;
    const value* value_;  // null: not there
    position at_;         // of the value, or of the mapping that lacks it
    std::string path_;
    problems* problems_;
    std::shared_ptr<known_keys> known_;
};

struct parse_options {
    // Called for each ${NAME} in a scalar; nullopt is a problem. Empty: `${` means nothing special.
    std::function<std::optional<std::string>(std::string_view name)> variable;
    std::size_t values_max = 4'000'000;  // aliases counted as often as they stand
    std::size_t depth_max = 64;
};

class document {
  public:
    // What cannot be parsed is a problem, and the document then empty. An empty file is a document with a null root.
    static document parse(std::string text, problems& found, const parse_options& options = {});
    [[nodiscard]] field root(problems& found) const;
    [[nodiscard]] const value& root_value() const noexcept { return root_; }
    // Where byte `text_offset` of the scalar stands in the file, quotes, escapes and folded lines considered.
    [[nodiscard]] position inside(const value& scalar, std::size_t text_offset) const;
    [[nodiscard]] position position_of(std::size_t file_offset) const;

  private:
    std::string text_;
    std::vector<std::size_t> lines_;  // offset of each line's first byte
    value root_;
};

// Reads the file and parses it; a file that cannot be read is a problem.
[[nodiscard]] document load(const std::string& file, problems& found, const parse_options& options = {});

// The known name nearest to `name`, if it is near enough for a slip of the hand ("quary" -> "query").
[[nodiscard]] std::optional<std::string> nearest(std::string_view name, const std::vector<std::string>& known);

}  // namespace feedwatch::yaml
