// From the bytes of a document to UTF-8.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace feedwatch {

// Valid UTF-8 without NUL and without byte order mark. Believed, in this order: EBCDIC by its prolog; a byte order
// mark; the pattern of UTF-16 and UTF-32 without one; bytes that are valid UTF-8 beyond ASCII, whatever is declared;
// the charset of `content_type`; the declaration in the document; UTF-8; what ICU's statistics say of the bytes, else
// windows-1252. What cannot be decoded is U+FFFD. A declaration that turned out wrong or unknown adds a warning.
// The view is of `bytes` where there is nothing to do, else of `storage`, which is for this alone.
[[nodiscard]] std::string_view decode_document(std::string_view bytes, std::string_view content_type,
                                               std::string& storage, std::vector<std::string>& warnings);

// The same for an HTML page, where the declaration in the document is <meta charset>.
[[nodiscard]] std::string decode_page(std::string_view bytes, std::string_view content_type);

}  // namespace feedwatch
