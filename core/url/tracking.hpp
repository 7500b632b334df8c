// Query and fragment without what says nothing of what is read. Private to core/url.
#pragma once

#include <string>
#include <string_view>

#include "core/url/rules.hpp"

namespace feedwatch::url {

// Parameters that say where a reader came from, or ask for another rendering of the page, leave. `path`: the URL's, in
// its canonical form. "": nothing is left. Idempotent.
[[nodiscard]] std::string canonical_query(std::string_view query, std::string_view path, const sections& here);

// "xtor=RSS-3", ":~:text=...", "comments" name no content. "!/path", "/path" and ids are kept. Idempotent.
[[nodiscard]] std::string canonical_fragment(std::string_view fragment, std::string_view path, const sections& here);

// Calls f(name, value) for each parameter, as it stands in the query, until it says false.
template <class F>
void for_each_parameter(std::string_view query, F&& f) {
    while (!query.empty()) {
        const std::size_t end = query.find('&') < query.size() ? query.find('&') : query.size();
        std::string_view pair = query.substr(0, end);
        query.remove_prefix(end < query.size() ? end + 1 : end);
        while (pair.starts_with("amp;")) pair.remove_prefix(4);  // escaped twice by the publisher: "&amp;utm_source"
        const std::size_t equals = pair.find('=') < pair.size() ? pair.find('=') : pair.size();
        if (!pair.empty() && !f(pair.substr(0, equals), pair.substr(equals < pair.size() ? equals + 1 : equals), pair))
            return;
    }
}

}  // namespace feedwatch::url
