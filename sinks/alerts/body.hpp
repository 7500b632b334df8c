// What a generic webhook is sent. Pure.
#pragma once

#include <cstddef>
#include <string>

#include "core/record/item.hpp"

namespace feedwatch::alerts {

// Standard Webhooks asks for payloads under 20 kB.
inline constexpr std::size_t body_bytes_max = 20'000;

// The `flagged` record with "type": "feedwatch.flagged" and "alert_topic". Where that is longer than body_bytes_max,
// the HTML fields are left out and the text is cut, and "truncated": true says so; offsets of spans are those of the
// whole text.
[[nodiscard]] std::string alert_body(const flagged_item& item, const topic_id& topic);

// The same on every attempt and after every restart: "fw_" and 32 hexadecimal digits.
[[nodiscard]] std::string webhook_id(const story_id& story, const topic_id& topic);

}  // namespace feedwatch::alerts
