#include "core/utf8.hpp"
#include "producers/parse/opml.hpp"
#include "producers/parse/parse.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace feedwatch;
    const std::string_view bytes = fuzz::text(data, size);
    const parse_limits limits{.items_max = 100, .depth_max = 32, .attributes_max = 16, .field_bytes_max = 4096};
    const auto feed = parse_feed(bytes, {.url = "https://host.example/feed", .content_type = {}}, limits);
    if (feed) {
        fuzz::require(feed->items.size() <= limits.items_max, "no more items than allowed");
        for (const item& i : feed->items) {
            for (const std::string* field : {&i.title, &i.text, &i.content_html, &i.summary_html, &i.guid, &i.url,
                                             &i.published_raw, &i.language}) {
                fuzz::require(is_valid_utf8(*field), "fields are valid UTF-8");
                fuzz::require(field->find('\0') == std::string::npos, "fields hold no NUL");
            }
            fuzz::require(i.text.size() <= limits.field_bytes_max, "text keeps its limit");
            fuzz::require(identity_of(i, "f").str().size() == 34, "ids are short");
        }
    }
    static_cast<void>(parse_opml(bytes));
    return 0;
}
