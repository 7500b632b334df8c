// The elements of an RSS channel or Atom feed beside its items. Private to producers/parse.
#pragma once

#include "producers/parse/draft.hpp"
#include "producers/parse/xml_reader.hpp"

namespace feedwatch {

// The reader stands at the start of a child of the channel; its content is read or passed over.
void read_feed_field(xml_reader& reader, draft_feed& out);

}  // namespace feedwatch
