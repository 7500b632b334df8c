#include "tests/processors/dedup/families.hpp"

#include <simdjson.h>

namespace feedwatch::dedup {
namespace {

std::string text_of(simdjson::dom::element object, const char* field) {
    std::string_view value;
    return object[field].get(value) == simdjson::SUCCESS ? std::string(value) : std::string{};
}

}  // namespace

std::vector<family> read_families(const std::string& kind) {
    simdjson::dom::parser parser;
    const simdjson::dom::element file = parser.load(FEEDWATCH_SOURCE_DIR "/tests/data/stories/" + kind + ".json");
    std::vector<family> families;
    for (const simdjson::dom::element f : file["families"].get_array()) {
        family read{.name = text_of(f, "name"), .items = {}};
        for (const simdjson::dom::element i : f["items"].get_array()) {
            const simdjson::dom::element expect = i["expect"];
            expectation e{.item = {.id = text_of(i, "id"),
                                   .title = text_of(i, "title"),
                                   .text = text_of(i, "text"),
                                   .publisher = text_of(i, "publisher"),
                                   .feed = text_of(i, "feed"),
                                   .url = text_of(i, "url")},
                          .verdict = text_of(expect, "verdict"),
                          .story = text_of(expect, "story"),
                          .how = {}};
            simdjson::dom::array how;
            if (expect["how"].get(how) == simdjson::SUCCESS) {
                for (const simdjson::dom::element h : how) e.how.emplace_back(h.get_string().value());
            }
            read.items.push_back(std::move(e));
        }
        families.push_back(std::move(read));
    }
    return families;
}

}  // namespace feedwatch::dedup
