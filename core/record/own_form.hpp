// Reads records in the very form that `writer` gives them: no white space, every field in its order, nothing escaped,
// ASCII. A restart reads millions of them; whatever is written otherwise is for `reader`. Private to core/record.
#pragma once

#include <charconv>
#include <concepts>
#include <string>
#include <string_view>

#include "core/record/base64.hpp"
#include "core/record/json.hpp"

namespace feedwatch::record {

class own_form_reader {
  public:
    explicit own_form_reader(std::string_view json) : left_(json) {}

    // False: it is not in that form, or not right. `out` is then half filled.
    template <class T>
    [[nodiscard]] bool read(T& out) {
        good_ = take("{");
        describe(out, *this);
        return good_ && left_ == "}";
    }
    template <class T>
    void operator()(std::string_view name, T& value) {
        if (!good_) return;
        if (!first_) good_ = take(",");
        first_ = false;
        good_ = good_ && take("\"") && take(name) && take("\":") && get(value);
    }

  private:
    bool take(std::string_view text) noexcept {
        if (!left_.starts_with(text)) return false;
        left_.remove_prefix(text.size());
        return true;
    }
    bool take_string(std::string_view& text) noexcept {
        if (!take("\"")) return false;
        const std::size_t end = left_.find('"');
        if (end == std::string_view::npos) return false;
        text = left_.substr(0, end);
        left_.remove_prefix(end + 1);
        return true;
    }
    // Whether it stands for itself; an escaped quote ends with a backslash here.
    static bool is_plain(std::string_view text) noexcept {
        bool plain = true;
        for (const char c : text) plain = plain && c >= 0x20 && c < 0x7F && c != '\\';
        return plain;
    }
    bool get(std::string& out) {
        std::string_view text;
        if (!take_string(text) || !is_plain(text)) return false;
        out.assign(text);
        return true;
    }
    template <class Tag>
    bool get(named<Tag>& out) {
        std::string text;
        if (!get(text)) return false;
        out = named<Tag>(std::move(text));
        return true;
    }
    bool get(bool& out) noexcept {
        out = take("true");
        return out || take("false");
    }
    template <std::unsigned_integral T>
    bool get(T& out) {
        const auto [end, failed] = std::from_chars(left_.data(), left_.data() + left_.size(), out);
        const auto digits = static_cast<std::size_t>(end - left_.data());
        if (failed != std::errc{} || (digits > 1 && left_.front() == '0')) return false;
        left_.remove_prefix(digits);
        return !left_.empty() && (left_.front() == ',' || left_.front() == '}');
    }
    bool get(timestamp& out) {
        if (take("null")) return true;
        std::string_view text;
        if (!take_string(text)) return false;
        const auto parsed = parse_rfc3339(text);
        if (parsed) out = *parsed;
        return parsed.has_value();
    }
    template <class Hash>
    bool get(std::vector<Hash>& out) {
        std::string_view text;
        return take_string(text) && read_base64(text, out);
    }

    std::string_view left_;
    bool good_ = true;
    bool first_ = true;
};

}  // namespace feedwatch::record
