#include "producers/parse/json_mend.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace feedwatch {
namespace {

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool is_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// The code unit of "\uXXXX" at the front; -1: none.
long code_unit(std::string_view text) {
    if (text.size() < 6 || text[0] != '\\' || text[1] != 'u' ||
        !std::all_of(text.begin() + 2, text.begin() + 6, is_hex))
        return -1;
    unsigned value = 0;
    std::from_chars(text.data() + 2, text.data() + 6, value, 16);
    return static_cast<long>(value);
}

bool is_representable(std::string_view number) {
    double value = 0;
    const auto [end, failure] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (failure != std::errc{} || end != number.data() + number.size() || !std::isfinite(value)) return false;
    const bool whole = number.find_first_of(".eE") == std::string_view::npos;
    return !whole || std::abs(value) < 9.2e18;
}

class mender {
  public:
    mender(std::string_view json, std::size_t depth_max) : in_(json), depth_max_(depth_max) {
        out_.reserve(json.size() + 16);
    }

    mended_json run() {
        while (at_ < in_.size()) step();
        if (!open_.empty()) {
            truncated_ = true;
            out_.resize(safe_size_);
            for (std::size_t i = safe_open_.size(); i-- > 0;) out_ += safe_open_[i] == '{' ? '}' : ']';
        }
        return {std::move(out_), truncated_};
    }

  private:
    void step() {
        const char c = in_[at_];
        if (c == '"') {
            string();
        } else if (c == '{' || c == '[') {
            open(c);
        } else if (c == '}' || c == ']') {
            close(c);
        } else if (c == ',') {
            comma_ = true;
            ++at_;
        } else if (is_blank(c) || c == ':') {
            if (c == ':' && too_deep_ == 0) out_ += c;
            ++at_;
        } else {
            scalar();
        }
    }

    void put(std::string_view text) {
        if (too_deep_ > 0) return;
        if (comma_) out_ += ',';
        comma_ = false;
        out_ += text;
    }

    void open(char c) {
        ++at_;
        if (too_deep_ > 0 || open_.size() >= depth_max_) {
            if (too_deep_ == 0) put("null");
            ++too_deep_;
            return;
        }
        put(std::string_view(&c, 1));
        open_ += c;
        if (open_.size() <= 2) note_safe();
    }

    void close(char c) {
        ++at_;
        comma_ = false;  // a trailing one
        if (too_deep_ > 0) {
            --too_deep_;
            return;
        }
        const char opened = c == '}' ? '{' : '[';
        if (open_.empty() || open_.back() != opened) return;  // closes nothing
        out_ += c;
        open_.pop_back();
        if (open_.size() <= 2 && !open_.empty() && open_.back() == '[') note_safe();
        if (open_.size() == 1) note_safe();
    }

    // What is here can be kept if the document breaks off later.
    void note_safe() {
        safe_size_ = out_.size();
        safe_open_ = open_;
    }

    void scalar() {
        const std::size_t start = at_;
        while (at_ < in_.size() && !is_blank(in_[at_]) &&
               std::string_view(",:{}[]\"").find(in_[at_]) == std::string_view::npos)
            ++at_;
        const std::string_view text = in_.substr(start, at_ - start);
        const bool word = text == "true" || text == "false" || text == "null";
        put(word || is_representable(text) ? text : "null");
    }

    void string() {
        const std::size_t start = at_++;
        std::string text = "\"";
        while (at_ < in_.size() && in_[at_] != '"') {
            const char c = in_[at_];
            if (c == '\\') {
                escape(text);
            } else {
                text += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
                ++at_;
            }
        }
        if (at_ >= in_.size()) {  // cut inside
            at_ = in_.size();
            if (start == 0) out_.clear();
            return;
        }
        ++at_;
        put(text + '"');
    }

    void escape(std::string& text) {
        const std::string_view rest = in_.substr(at_);
        const char c = rest.size() > 1 ? rest[1] : ' ';
        if (c == 'u') {
            const long unit = code_unit(rest);
            const bool high = unit >= 0xD800 && unit < 0xDC00;
            const bool low = unit >= 0xDC00 && unit < 0xE000;
            const long second = high ? code_unit(rest.substr(std::min<std::size_t>(6, rest.size()))) : -1;
            const bool pair = high && second >= 0xDC00 && second < 0xE000;
            if (unit < 0) {
                text += "\\\\";
                ++at_;
            } else {
                text += (high || low) && !pair ? std::string_view("\\ufffd") : rest.substr(0, pair ? 12 : 6);
                at_ += pair ? 12 : 6;
            }
        } else if (std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos) {
            text += rest.substr(0, 2);
            at_ += 2;
        } else {
            text += "\\\\";
            ++at_;
        }
    }

    std::string_view in_;
    std::size_t depth_max_;
    std::size_t at_ = 0;
    std::string out_;
    std::string open_;          // brackets
    std::size_t too_deep_ = 0;  // brackets open past depth_max_
    bool comma_ = false;        // one is due before the next value
    bool truncated_ = false;
    std::size_t safe_size_ = 0;
    std::string safe_open_;
};

}  // namespace

mended_json mend_json(std::string_view json, std::size_t depth_max) {
    return mender(json, depth_max).run();
}

}  // namespace feedwatch
