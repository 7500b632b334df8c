// The first line is the Content-Type, the rest the document.
#include "core/utf8.hpp"
#include "producers/parse/encoding.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace feedwatch;
    const std::string_view input = fuzz::text(data, size);
    const std::size_t line = std::min(input.find('\n'), input.size());
    const std::string_view bytes = input.substr(std::min(line + 1, input.size()));
    std::string storage;
    std::vector<std::string> warnings;
    const std::string_view text = decode_document(bytes, input.substr(0, line), storage, warnings);
    fuzz::require(is_valid_utf8(text) && text.find('\0') == std::string_view::npos, "text is valid UTF-8 without NUL");
    for (const std::string& w : warnings) fuzz::require(is_valid_utf8(w) && w.size() < 300, "warnings are short UTF-8");
    std::string storage_again;
    std::vector<std::string> warnings_again;
    const std::string decoded(text);
    const std::string_view again = decode_document(decoded, "text/xml; charset=utf-8", storage_again, warnings_again);
    fuzz::require(decoded.starts_with("\xEF\xBB\xBF") || again == decoded, "decoded text is ready");
    return 0;
}
