// HMACs, and the X-Hub-Signature of WebSub (section 7.1). Pure.
#pragma once

#include <string>
#include <string_view>

namespace feedwatch::push {

enum class digest { sha1, sha256, sha384, sha512 };

// In lower-case hexadecimal digits.
[[nodiscard]] std::string hmac_hex(digest with, std::string_view key, std::string_view content);

// Whether `header` ("sha256=<hex>") signs `body` with `key`. The comparison takes the same time wherever it differs.
[[nodiscard]] bool is_signed(std::string_view header, std::string_view body, std::string_view key);

}  // namespace feedwatch::push
