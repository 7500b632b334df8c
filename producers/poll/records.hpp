// What the poller reads and writes. Pure.
#pragma once

#include <optional>
#include <string>

#include "core/error.hpp"
#include "core/record/feed.hpp"
#include "core/record/item.hpp"
#include "core/step.hpp"

namespace feedwatch::polling {

// nullopt: a tombstone.
[[nodiscard]] output_record checkpoint_record(const feed_id& feed, std::int32_t partition,
                                              std::optional<std::string> value);
[[nodiscard]] output_record item_record(item i);
[[nodiscard]] result<feed> feed_of(const record_view& record);

}  // namespace feedwatch::polling
