// Private: the headers that every record of ours carries, and their size.
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>

#include "core/step.hpp"
#include "io/kafka/batch.hpp"

namespace feedwatch::kafka {

[[nodiscard]] std::string_view schema_header(topic t);  // "feedwatch.items/1"

// Continues W3C trace contexts: the trace id of the input with a span id of ours; a new trace where there is none (or a
// broken one).
class trace_source {
  public:
    explicit trace_source(std::uint64_t seed) : random_(seed) {}
    [[nodiscard]] std::string continue_from(std::span<const header> input);

  private:
    std::mt19937_64 random_;
};

// Calls use(name, value) for each header of the record as it is written: its own, then the standard ones it lacks. A
// dead letter keeps its source's, and gets none that would claim more than that.
template <class Use>
void for_each_header(const output& out, const Use& use) {
    bool has_content_type = false;
    bool has_schema = false;
    bool has_trace = false;
    for (const auto& [name, value] : out.record.headers) {
        has_content_type |= name == "content-type";
        has_schema |= name == "feedwatch-schema";
        has_trace |= name == "traceparent";
        use(std::string_view{name}, std::string_view{value});
    }
    if (out.record.to != topic::dead) {
        if (!has_content_type) use(std::string_view{"content-type"}, std::string_view{"application/json"});
        if (!has_schema) use(std::string_view{"feedwatch-schema"}, schema_header(out.record.to));
    }
    if (!has_trace && !out.traceparent.empty()) use(std::string_view{"traceparent"}, std::string_view{out.traceparent});
}

// Bytes that the record takes in a batch of its own, an upper bound.
[[nodiscard]] std::size_t wire_bytes(const output& out);

}  // namespace feedwatch::kafka
