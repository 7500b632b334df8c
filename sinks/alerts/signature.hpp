// Signatures as Standard Webhooks 1.0.0 has them: HMAC-SHA256 over "<id>.<timestamp>.<body>", in base64.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/config.hpp"
#include "core/error.hpp"

namespace feedwatch::alerts {

class signing_key {
  public:
    // "whsec_" (which may be missing) and the base64 of 24 to 64 bytes. Errors do not show the secret.
    static result<signing_key> parse(const secret& text);
    // "v1,<base64>"
    [[nodiscard]] std::string sign(std::string_view id, std::int64_t unix_seconds, std::string_view body) const;

  private:
    explicit signing_key(std::string bytes) : bytes_(std::move(bytes)) {}
    std::string bytes_;
};

// With all keys, separated by spaces: a receiver needs to know one of them, so that keys can be changed under way.
[[nodiscard]] std::string signatures(const std::vector<signing_key>& keys, std::string_view id,
                                     std::int64_t unix_seconds, std::string_view body);

[[nodiscard]] std::string to_base64(std::string_view bytes);
[[nodiscard]] result<std::string> from_base64(std::string_view text);  // strict: padded, no spaces

}  // namespace feedwatch::alerts
