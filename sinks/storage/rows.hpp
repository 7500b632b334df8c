// Records as rows. Pure.
#pragma once

#include <span>
#include <vector>

#include "sinks/storage/item_store.hpp"

namespace feedwatch::storage {

// Row sets and removals without the empty ones. Of records for one row, the newest is kept, as the upserts would.
// errc::malformed where a record cannot be read; the detail names its topic, partition and offset.
[[nodiscard]] result<changes> rows_of(std::span<const record_view> records);

}  // namespace feedwatch::storage
