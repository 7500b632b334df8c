// Blocks by which a page speaks of itself. Private to producers/extract.
#pragma once

#include <string_view>

namespace feedwatch {

// What a page's programs say to its reader: of cookies, scripts, players and forms.
[[nodiscard]] bool is_notice(std::string_view block);

// Names of networks and ways to share, and nothing else: "Facebook Twitter WhatsApp E-Mail 12".
[[nodiscard]] bool is_share_bar(std::string_view block);

}  // namespace feedwatch
