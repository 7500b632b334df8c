// Where XML's tokens end, as feeds write them: for the reader and for what explains its repairs, which so agree.
// Private to producers/parse.
#pragma once

#include <cstddef>
#include <string_view>

#include "producers/extract/html_reader.hpp"

namespace feedwatch {

struct xml_tag {
    std::string_view name;        // as written
    std::string_view attributes;  // of a start tag, without the "/" of an empty element
    std::size_t end = 0;          // offset behind it
    bool empty = false;           // an empty element
    bool complete = false;        // false: the document ended inside
};

constexpr bool starts_xml_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' ||
           static_cast<unsigned char>(c) >= 0x80;
}

// The start tag whose "<" stands at `at`. It ends with its ">" outside quotes, or where the next tag begins.
[[nodiscard]] inline xml_tag xml_start_tag_at(std::string_view xml, std::size_t at) {
    xml_tag out;
    std::size_t end = at + 1;
    while (end < xml.size() && !is_html_space(xml[end]) && xml[end] != '>' && xml[end] != '/' && xml[end] != '<') ++end;
    out.name = xml.substr(at + 1, end - at - 1);
    const std::size_t attributes_at = end;
    end = end_of_tag<'>', '<'>(xml, end);
    out.complete = end < xml.size();
    out.attributes = xml.substr(attributes_at, end - attributes_at);
    out.end = out.complete && xml[end] == '>' ? end + 1 : end;
    out.empty = out.attributes.ends_with('/');
    if (out.empty) out.attributes.remove_suffix(1);
    return out;
}

// The end tag whose "<" stands at `at`.
[[nodiscard]] inline xml_tag xml_end_tag_at(std::string_view xml, std::size_t at) {
    xml_tag out;
    std::size_t end = at + 2;
    while (end < xml.size() && xml[end] != '>' && xml[end] != '<') ++end;
    out.name = xml.substr(at + 2, end - at - 2);
    while (!out.name.empty() && is_html_space(out.name.back())) out.name.remove_suffix(1);
    out.complete = end < xml.size();
    out.end = out.complete && xml[end] == '>' ? end + 1 : end;
    return out;
}

// Comments, instructions and DTDs of one document, in its order.
class xml_declarations {
  public:
    struct found {
        std::size_t end = 0;   // offset behind it; the document's size where it never ends
        bool complete = true;  // false: it goes to the end of the document
        bool closed = true;    // false: as it should not, at the next ">" or not at all
    };
    // The one whose "<" stands at `at`. What is not closed as it should be ends at the next ">"; a comment nowhere.
    found at(std::string_view xml, std::size_t at);

  private:
    // Looking for such an end failed once; looking again each time would take quadratic time.
    bool unbalanced_ = false;
    bool unclosed_instruction_ = false;
};

}  // namespace feedwatch
