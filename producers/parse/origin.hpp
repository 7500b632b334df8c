// Where a piece says that it was published first. Private to producers/parse.
#pragma once

#include <string>
#include <string_view>

namespace feedwatch {

struct named_origin {
    std::string publisher;  // as it is named: "The Conversation"
    std::string url;        // of the link that names it; may be empty
};

// Told fast, of the piece's plain text: whether the words of such a note stand near its beginning or its end. Most
// pieces have none.
[[nodiscard]] bool may_name_origin(std::string_view text);

// Of "This article was originally published on <a href="...">The Conversation</a>", "Der Beitrag erschien zuerst auf
// ...", "本文首发于《...》" near the beginning or the end of sanitised HTML. A sentence without a word for an article
// names none: books are published, too. Empty: nothing is said.
[[nodiscard]] named_origin origin_named_in(std::string_view html);

}  // namespace feedwatch
