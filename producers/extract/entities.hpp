// Character references of HTML and XML.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/bytes.hpp"

namespace feedwatch {

enum class entity_rules {
    text,       // HTML text: "&nbsp" and its 105 siblings work without the semicolon
    attribute,  // HTML attribute: those do not before "=" or a letter or digit ("?a=1&copy=2")
    xml,        // the semicolon is needed; HTML's names are known all the same
};

// How many bytes the reference at the front of `text` (which begins with '&') takes; its characters are appended to
// `out`. 0: no reference, nothing appended. Numbers that name no character give U+FFFD, 128..159 are read as
// windows-1252.
std::size_t decode_entity(std::string_view text, entity_rules rules, std::string& out);

// Appends `text` with all references decoded; what is none stays.
void decode_entities(std::string_view text, entity_rules rules, std::string& out);

// The text between the tags of XML: references decoded by its rules, and a line end is "\n", however it was written
// (XML 1.0, 2.11).
void decode_xml_text(std::string_view text, std::string& out);

// Text of HTML (`literal`: without references) as sanitised HTML has it: references decoded, & < > " escaped, control
// characters gone.
void escape_text(std::string_view text, bool literal, bytes::buffer& out);

// Appends with & < > " escaped.
void escape_html(std::string_view text, std::string& out);

}  // namespace feedwatch
