// An item's record as far as matching needs it, read in place.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/error.hpp"

namespace feedwatch {

struct record_fields {
    std::string_view id;
    std::string_view story;
    std::string_view title;
    std::string_view text;
    std::string_view content_html;
    std::string_view summary_html;
    std::string_view language;
    bool has_text = false;     // the key is there, whatever it holds
    bool has_matches = false;  // a flagged record, read again
    bool empty = false;        // {}
};

class record_text {
  public:
    record_text();
    ~record_text();
    record_text(record_text&&) noexcept;
    record_text& operator=(record_text&&) noexcept;

    // The views live until the next call.
    [[nodiscard]] result<record_fields> read(std::string_view json);

    // The object that was read, without its closing brace and what follows it: valid UTF-8 without NUL.
    [[nodiscard]] std::string_view body() const noexcept;
    // The same, but for the members `matches` and, if `without_text`, `text`; written anew.
    [[nodiscard]] std::string body_without_matches(bool without_text) const;

  private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace feedwatch
