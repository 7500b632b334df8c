// The step between `fetched` and `items`: each record becomes one in `items` (a new story, or an update of one) or one
// in `duplicates`, and what was learned goes to `seen`, in the partition of the input. A request to take a story down
// becomes its tombstones in all three; what comes of the story later becomes nothing.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <vector>

#include "core/config.hpp"
#include "core/meter.hpp"
#include "core/step.hpp"
#include "processors/dedup/story_index.hpp"

namespace feedwatch::dedup {

class dedup final : public step {
  public:
    // `counts` must outlive the step.
    dedup(const dedup_config& config, meter& counts);
    ~dedup() override;

    [[nodiscard]] std::string_view name() const override { return "dedup"; }
    [[nodiscard]] std::vector<topic> inputs() const override { return {topic::fetched}; }
    [[nodiscard]] std::vector<topic> changelogs() const override { return {topic::seen}; }

    void assigned(std::int32_t partition) override;
    result<> restore(const record_view& record) override;
    void restored(std::int32_t partition, timestamp now) override;
    void revoked(std::int32_t partition) override;

    [[nodiscard]] std::string snapshot_format() const override;
    void save(std::int32_t partition, byte_writer& out) const override;
    result<> load(std::int32_t partition, byte_reader& in) override;

    void begin_batch(std::uint64_t batch) override;
    result<> process(const record_view& record, timestamp now, emitter& out) override;
    void commit_batch(std::uint64_t batch) override;
    void rollback_batch(std::uint64_t batch) override;

  private:
    struct instruments;
    struct tally;  // of a batch: counted when it is durable

    [[nodiscard]] story_index& index_of(std::int32_t partition);
    result<> restore_marker(const record_view& record);
    result<> take_down(const record_view& record, emitter& out);
    void emit_changes(const story_index& index, std::int32_t partition, emitter& out);
    void measure_state();

    index_options options_;
    std::map<std::int32_t, story_index> indexes_;  // by partition; one, as `fetched` is created
    std::unique_ptr<instruments> instruments_;
    std::vector<tally> open_;
};

// The records that say what was decided of `i`.
[[nodiscard]] output_record to_record(const decision& d, item i);

}  // namespace feedwatch::dedup
