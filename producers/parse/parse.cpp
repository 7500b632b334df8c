#include "producers/parse/parse.hpp"

#include "producers/parse/encoding.hpp"
#include "producers/parse/finish.hpp"
#include "producers/parse/json_feed.hpp"
#include "producers/parse/looks_like.hpp"
#include "producers/parse/xml_feed.hpp"

namespace feedwatch {
namespace {

// By its first character: a feed in XML may have junk before it, but none that begins with a brace.
bool is_json(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && text[first] == '{';
}

}  // namespace

result<parsed_feed> parse_feed(std::string_view bytes, const parse_hints& hints, const parse_limits& limits,
                               const std::vector<std::string>& known_boilerplate) {
    std::vector<std::string> warnings;
    std::string storage;
    const std::string_view text = decode_document(bytes, hints.content_type, storage, warnings);
    auto draft = is_json(text) ? read_json_feed(text, hints, limits) : read_xml_feed(text, hints, limits);
    if (!draft) return error(errc::malformed, looks_like(bytes));
    draft->warnings.insert(draft->warnings.begin(), warnings.begin(), warnings.end());
    return finish(*std::move(draft), limits, known_boilerplate);
}

}  // namespace feedwatch
