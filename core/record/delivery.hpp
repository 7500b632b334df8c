// Topic `deliveries` (compacted): the alerts that are due, done or given up, so that retries survive a restart and no
// alert goes out for a second time. The key is "<channel>|<webhook id>".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "core/named.hpp"
#include "core/time.hpp"

namespace feedwatch {

struct delivery {
    enum class state { pending, delivered, dead };
    std::string channel;     // configured name
    std::string webhook_id;  // from story and topic: the same on every attempt and after every restart
    topic_id topic;
    story_id story;
    state status = state::pending;
    std::uint32_t attempts = 0;
    timestamp next_attempt{};  // while pending
    timestamp changed{};
    std::string last_error;  // a reason, never a secret or a body
    std::string body;        // what is sent; empty once it is not pending any more
    friend bool operator==(const delivery&, const delivery&) = default;
};

[[nodiscard]] std::string_view name_of(delivery::state s) noexcept;
[[nodiscard]] std::string to_json(const delivery& d);
[[nodiscard]] result<delivery> delivery_from_json(std::string_view json);

}  // namespace feedwatch
