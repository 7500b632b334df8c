// HTML of strangers made harmless.
#pragma once

#include <string>
#include <string_view>

namespace feedwatch {

// An allow-list of elements and attributes, written anew: all references decoded and escaped again, all elements
// closed, no scripts, styles, frames, forms, event handlers; links are absolute (against `base`) and http, https,
// mailto or tel, others are dropped. Unknown elements vanish, their content stays. Linear time. The output means the
// same when sanitised again.
[[nodiscard]] std::string sanitise_html(std::string_view html, std::string_view base);

}  // namespace feedwatch
