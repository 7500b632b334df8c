#include "core/utf8.hpp"
#include "producers/extract/page.hpp"
#include "producers/extract/sanitise.hpp"
#include "producers/extract/text.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace feedwatch;
    const std::string_view html = fuzz::text(data, size);
    const std::string text = html_to_text(html);
    fuzz::require(is_valid_utf8(text) && text.find('\0') == std::string::npos, "text is valid UTF-8 without NUL");
    fuzz::require(is_valid_utf8(title_text(html)), "titles are valid UTF-8");
    const std::string clean = sanitise_html(html, "https://host.example/page");
    fuzz::require(is_valid_utf8(clean) && clean.find('\0') == std::string::npos, "HTML is valid UTF-8 without NUL");
    for (const char* never : {"<script", "<style", "<iframe", "<object", "<svg", "<form", "=\"javascript:"})
        fuzz::require(clean.find(never) == std::string::npos, "nothing that runs or embeds");
    fuzz::require(sanitise_html(clean, "https://host.example/page") == clean, "clean HTML stays as it is");
    static_cast<void>(extract_page(html, "https://host.example/page"));
    return 0;
}
