// Private: what a stage could not process, as a record of `dead`.
#pragma once

#include <cstdint>

#include "core/error.hpp"
#include "core/step.hpp"
#include "io/kafka/backend.hpp"
#include "io/kafka/batch.hpp"

namespace feedwatch::kafka {

// The source's key, bytes and headers, and those of core/record/dead.hpp. What would not fit is cut, which a header
// says (feedwatch.dlq.truncated: the size it had).
[[nodiscard]] output make_dead_letter(const backend& on, const stage& who, const record_view& source, const error& why,
                                      std::uint32_t attempt);

// For a record that a step made without an input and that is too large to be written: its key and the start of its
// value.
[[nodiscard]] output make_dead_letter(const backend& on, const stage& who, output_record unwritable, const error& why);

}  // namespace feedwatch::kafka
