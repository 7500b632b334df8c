// The elements of an RSS item or Atom entry. Private to producers/parse.
#pragma once

#include "producers/parse/draft.hpp"
#include "producers/parse/xml_reader.hpp"

namespace feedwatch {

// The reader stands at the start of a child of the item; its content is read or passed over.
void read_item_field(xml_reader& reader, draft_item& out);

// "<name>, <email>, <uri>" inside, else text: "jane@example.com (Jane Doe)", "Jane Doe <jane@example.com>", "Jane Doe".
[[nodiscard]] person read_person(xml_reader& reader);

// Text of an element that may hold markup: unescaped elements of it are taken as written.
struct marked_text {
    std::string value;
    markup kind;
};
// `typed`: Atom's rule, where a missing or "text" type means plain text; in RSS all such text is HTML.
[[nodiscard]] marked_text read_marked_text(xml_reader& reader, bool typed);

}  // namespace feedwatch
