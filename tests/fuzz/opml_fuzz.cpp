#include "core/utf8.hpp"
#include "producers/parse/opml.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace feedwatch;
    const auto feeds = parse_opml(fuzz::text(data, size));
    if (!feeds) return 0;
    for (const feed& f : *feeds) {
        fuzz::require(f.url.starts_with("http://") || f.url.starts_with("https://"), "only web addresses are feeds");
        fuzz::require(is_valid_utf8(f.title), "titles are valid UTF-8");
    }
    const auto again = parse_opml(to_opml(*feeds, "list"));
    fuzz::require(again && again->size() == feeds->size(), "what is written is read again");
    return 0;
}
