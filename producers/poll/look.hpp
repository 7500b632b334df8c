// How a feed presents itself, and signs that it is no longer the one that was subscribed: a domain that lapsed and was
// bought, a feed service that serves somebody else's items. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/record/poll.hpp"
#include "producers/parse/parse.hpp"

namespace feedwatch::polling {

// Every value that poll_event::signs can hold.
namespace signs {
inline constexpr const char* html = "html";            // an HTML page where the feed was
inline constexpr const char* served_by = "served_by";  // redirected to another registrable domain than before
inline constexpr const char* link = "link";            // the feed's own link leads to another one
inline constexpr const char* items = "items";          // most items' links do
inline constexpr const char* language = "language";    // most items are in another language
inline constexpr const char* title = "title";          // no word of the feed's title is left
}  // namespace signs

// `url`: where the answer came from. The items' language must be their own, not a configured one. Most: two thirds of
// at least three.
[[nodiscard]] feed_look look_of(const parsed_feed& document, std::string_view url);

struct suspicion {
    std::vector<std::string> signs;
    std::string detail;  // "title: Old, now New; ..."
};
// What is not known before or now is no sign.
[[nodiscard]] suspicion suspect(const feed_look& before, const feed_look& now);

// What the document did not say stays as it was.
[[nodiscard]] feed_look learned(const feed_look& before, feed_look now);

}  // namespace feedwatch::polling
