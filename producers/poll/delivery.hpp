// From a hub's delivery to the feed's next checkpoint and the items to publish. Pure: conclude() for what was not asked
// for.
#pragma once

#include <string>
#include <string_view>

#include "producers/poll/outcome.hpp"

namespace feedwatch::polling {

struct delivery_content {
    std::string_view body;
    std::string content_type;
    timestamp at{};
};

// It is compared with the same window as a poll's document, so that what comes both ways is published once. A hub may
// leave out items that it has delivered before (WebSub, section 7): what is not in it has not left the feed, and
// `at`, `outcome` and the validators stay those of the last poll. errc::malformed: not a feed.
[[nodiscard]] result<conclusion> conclude_delivery(const feed& of, const poll& before, const delivery_content& got,
                                                   const outcome_options& options);

}  // namespace feedwatch::polling
