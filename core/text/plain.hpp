// Words of an item that came without its main text, as filters may get it. Producers find the main text properly
// (boilerplate removed); this only takes markup away, in one pass over the input.
#pragma once

#include <string>
#include <string_view>

namespace feedwatch::text {

// Appends the text of an HTML fragment: tags, comments, scripts and styles left out, block elements as line breaks,
// numeric and the most frequent named character references decoded, others left as they stand. Never fails.
void append_plain_text(std::string_view html, std::string& out);

// `text` unless it is empty, else the plain text of the first HTML that is not empty. The result lives as long as the
// arguments and `buffer`.
[[nodiscard]] std::string_view main_text_of(std::string_view text, std::string_view content_html,
                                            std::string_view summary_html, std::string& buffer);

}  // namespace feedwatch::text
