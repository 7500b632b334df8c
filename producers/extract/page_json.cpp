#include "producers/extract/page_json.hpp"

#include <simdjson.h>

#include "producers/extract/text.hpp"

namespace feedwatch {
namespace {

constexpr int depth_max = 16;             // real ones have six
constexpr std::size_t objects_max = 100;  // scripts of one page

void find_body(const simdjson::dom::element& in, int depth, std::string_view& longest) {
    if (depth > depth_max) return;
    if (simdjson::dom::array all; in.get(all) == simdjson::SUCCESS) {
        for (const simdjson::dom::element one : all) find_body(one, depth + 1, longest);
        return;
    }
    simdjson::dom::object object;
    if (in.get(object) != simdjson::SUCCESS) return;
    for (const auto& [key, value] : object) {
        std::string_view text;
        if (key == "articleBody" && value.get(text) == simdjson::SUCCESS) {
            if (text.size() > longest.size()) longest = text;
        } else {
            find_body(value, depth + 1, longest);
        }
    }
}

}  // namespace

std::string article_body(const std::vector<std::string_view>& linked_data) {
    std::string best;
    simdjson::dom::parser parser;
    std::size_t read = 0;
    for (const std::string_view json : linked_data) {
        if (++read > objects_max) break;
        if (json.find("articleBody") == std::string_view::npos) continue;
        const simdjson::padded_string padded(json);
        simdjson::dom::element root;
        if (parser.parse(padded).get(root) != simdjson::SUCCESS) continue;
        std::string_view longest;
        find_body(root, 0, longest);
        // Some hold HTML, escaped once or twice.
        std::string text = html_to_text(longest);
        if (text.size() > best.size()) best = std::move(text);
    }
    return best;
}

}  // namespace feedwatch
