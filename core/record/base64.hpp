// Base64 (RFC 4648, section 4, padded). Of little-endian integers: how records carry lists of hashes. Of bytes: Atom.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace feedwatch::record {

void append_base64(std::string& out, const std::vector<std::uint16_t>& values);
void append_base64(std::string& out, const std::vector<std::uint32_t>& values);

// False where the text is not base64 or not of whole integers; `values` is then unspecified.
[[nodiscard]] bool read_base64(std::string_view text, std::vector<std::uint16_t>& values);
[[nodiscard]] bool read_base64(std::string_view text, std::vector<std::uint32_t>& values);

// Bytes; white space between the digits is passed over, as in a document.
[[nodiscard]] bool read_base64(std::string_view text, std::string& bytes);

}  // namespace feedwatch::record
