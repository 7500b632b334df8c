#include "processors/dedup/dedup.hpp"

#include <cassert>
#include <string>
#include <utility>

#include "core/record/forget.hpp"

namespace feedwatch::dedup {
namespace {

constexpr std::string_view key_prefix = "id:";
constexpr std::string_view marker_prefix = "forgotten:";
constexpr std::array duplicate_kinds{likeness::same_id, likeness::same_url, likeness::same_text, likeness::near,
                                     likeness::excerpt};
// Verdicts: new, update, then duplicates by how, forgotten.
constexpr std::size_t verdict_kinds = 3 + duplicate_kinds.size();

std::size_t verdict_number(const decision& d) noexcept {
    if (d.what == decision::kind::new_story) return 0;
    if (d.what == decision::kind::update) return 1;
    if (d.what == decision::kind::forgotten) return 2 + duplicate_kinds.size();
    return 2 + static_cast<std::size_t>(d.how);
}

}  // namespace

struct dedup::instruments {
    explicit instruments(meter& counts)
        : keys(counts.get_gauge("feedwatch_dedup_state_keys", "Items that dedup remembers")),
          bytes(counts.get_gauge("feedwatch_dedup_state_bytes",
                                 "Bytes of what dedup remembers, as its budget counts them")),
          forgotten_window(
              counts.get_counter("feedwatch_dedup_forgotten_total", help_forgotten, {{"reason", "window"}})),
          forgotten_budget(
              counts.get_counter("feedwatch_dedup_forgotten_total", help_forgotten, {{"reason", "budget"}})),
          forgotten_request(
              counts.get_counter("feedwatch_dedup_forgotten_total", help_forgotten, {{"reason", "request"}})) {
        const auto verdict = [&counts](std::string_view what, std::string_view how) {
            return &counts.get_counter("feedwatch_dedup_verdicts_total", "Items by what dedup decided and why",
                                       {{"verdict", std::string(what)}, {"how", std::string(how)}});
        };
        verdicts[0] = verdict("new", "");
        verdicts[1] = verdict("update", "");
        verdicts[2 + duplicate_kinds.size()] = verdict("forgotten", "");
        for (std::size_t i = 0; i < duplicate_kinds.size(); ++i) {
            verdicts[2 + i] = verdict("duplicate", feedwatch::name_of(duplicate_kinds[i]));
        }
    }

    static constexpr const char* help_forgotten =
        "Items that dedup forgot, by why: their time was up, its memory was, or somebody asked";
    std::array<counter*, verdict_kinds> verdicts{};
    gauge& keys;
    gauge& bytes;
    counter& forgotten_window;
    counter& forgotten_budget;
    counter& forgotten_request;
};

struct dedup::tally {
    std::uint64_t batch = 0;
    std::array<std::uint64_t, verdict_kinds> verdicts{};
    std::uint64_t forgotten_window = 0;
    std::uint64_t forgotten_budget = 0;
    std::uint64_t forgotten_request = 0;
};

dedup::dedup(const dedup_config& config, meter& counts)
    : options_{.window = config.window, .bytes_max = config.index_bytes_max, .families = config.families},
      instruments_(std::make_unique<instruments>(counts)) {}

dedup::~dedup() = default;

story_index& dedup::index_of(std::int32_t partition) {
    const auto [at, added] = indexes_.try_emplace(partition, options_);
    if (added) {
        for (const tally& t : open_) at->second.begin_batch(t.batch);
    }
    return at->second;
}

void dedup::assigned(std::int32_t partition) {
    indexes_.insert_or_assign(partition, story_index(options_));
}

result<> dedup::restore(const record_view& record) {
    if (record.key.starts_with(marker_prefix)) return restore_marker(record);
    if (!record.key.starts_with(key_prefix)) return error{errc::malformed, "key of a seen record lacks \"id:\""};
    story_index& index = index_of(record.partition);
    if (!record.value) {
        index.forget(record.key.substr(key_prefix.size()));
        return {};
    }
    const auto s = seen_from_json(*record.value);
    if (!s) return s.error();
    return index.restore(*s);
}

result<> dedup::restore_marker(const record_view& record) {
    story_index& index = index_of(record.partition);
    if (!record.value) {
        index.forget_marker(record.key.substr(marker_prefix.size()));
        return {};
    }
    const auto s = seen_from_json(*record.value);
    if (!s) return s.error();
    return index.restore_marker(*s);
}

void dedup::restored(std::int32_t /*partition*/, timestamp /*now*/) {
    measure_state();
}

void dedup::revoked(std::int32_t partition) {
    indexes_.erase(partition);
    measure_state();
}

// Raise the number with every change of what story_index::save() writes, hashes included.
std::string dedup::snapshot_format() const {
    const publisher_families& families = options_.families ? *options_.families : publisher_families::shipped();
    return "stories/6 families/" + std::to_string(families.digest());
}

void dedup::save(std::int32_t partition, byte_writer& out) const {
    indexes_.at(partition).save(out);
}

result<> dedup::load(std::int32_t partition, byte_reader& in) {
    if (index_of(partition).load(in)) return {};
    return error{errc::malformed, "the snapshot is not one of stories"};
}

void dedup::begin_batch(std::uint64_t batch) {
    for (auto& [partition, index] : indexes_) index.begin_batch(batch);
    open_.push_back({.batch = batch});
}

result<> dedup::process(const record_view& record, timestamp /*now*/, emitter& out) {
    if (!record.value) return take_down(record, out);
    auto i = item_from_json(*record.value);
    if (!i) return i.error();
    story_index& index = index_of(record.partition);
    const decision d = index.decide(*i);
    if (d.what != decision::kind::forgotten) out.emit(to_record(d, std::move(*i)));
    emit_changes(index, record.partition, out);
    if (!open_.empty()) {
        tally& t = open_.back();
        ++t.verdicts[verdict_number(d)];
        t.forgotten_budget += index.evicted();
        t.forgotten_window += index.forgotten().size() - index.evicted();
    }
    return {};
}

// The story's tombstones go where its records went, under its key, so that they come after all of these.
result<> dedup::take_down(const record_view& record, emitter& out) {
    const auto request = forget_request_from_key(record.key);
    if (!request) return error{errc::malformed, "a fetched record without a value that asks to forget nothing"};
    std::vector<std::string> members;
    for (const header& h : record.headers)
        if (h.name == forget_member_header && !h.value.empty()) members.push_back(h.value);
    story_index& index = index_of(record.partition);
    const auto story = index.take_down(*request, members, record.written);
    if (!story) return story.error();
    for (const topic t : {topic::items, topic::duplicates}) {
        if (story->empty()) break;
        out.emit({.to = t, .key = *story, .value = std::nullopt, .partition = std::nullopt, .headers = {}});
    }
    emit_changes(index, record.partition, out);
    if (!open_.empty()) {
        open_.back().forgotten_request += index.forgotten().size() - index.evicted();
        open_.back().forgotten_budget += index.evicted();
    }
    return {};
}

void dedup::emit_changes(const story_index& index, std::int32_t partition, emitter& out) {
    for (const std::string& id : index.forgotten()) {
        out.emit({.to = topic::seen,
                  .key = std::string(key_prefix) + id,
                  .value = std::nullopt,
                  .partition = partition,
                  .headers = {}});
    }
    for (const std::string& item : index.unmarked()) {
        out.emit({.to = topic::seen,
                  .key = std::string(marker_prefix) + item,
                  .value = std::nullopt,
                  .partition = partition,
                  .headers = {}});
    }
    for (const std::string& item : index.marked()) {
        out.emit({.to = topic::seen,
                  .key = std::string(marker_prefix) + item,
                  .value = to_json(index.marker_of(item)),
                  .partition = partition,
                  .headers = {}});
    }
    for (const slot s : index.remembered()) {
        const seen record = index.record_of(s);
        out.emit({.to = topic::seen,
                  .key = std::string(key_prefix) + record.item.str(),
                  .value = to_json(record),
                  .partition = partition,
                  .headers = {}});
    }
}

void dedup::commit_batch(std::uint64_t batch) {
    for (auto& [partition, index] : indexes_) index.commit_batch(batch);
    assert(!open_.empty() && open_.front().batch == batch);
    const tally done = open_.front();
    open_.erase(open_.begin());
    for (std::size_t i = 0; i < verdict_kinds; ++i) {
        if (done.verdicts[i] != 0) instruments_->verdicts[i]->add(static_cast<double>(done.verdicts[i]));
    }
    if (done.forgotten_window != 0) instruments_->forgotten_window.add(static_cast<double>(done.forgotten_window));
    if (done.forgotten_budget != 0) instruments_->forgotten_budget.add(static_cast<double>(done.forgotten_budget));
    if (done.forgotten_request != 0) instruments_->forgotten_request.add(static_cast<double>(done.forgotten_request));
    measure_state();
}

void dedup::rollback_batch(std::uint64_t batch) {
    for (auto& [partition, index] : indexes_) index.rollback_batch(batch);
    while (!open_.empty() && open_.back().batch >= batch) open_.pop_back();
}

void dedup::measure_state() {
    std::size_t keys = 0;
    std::size_t bytes = 0;
    for (const auto& [partition, index] : indexes_) {
        keys += index.size();
        bytes += index.bytes();
    }
    instruments_->keys.set(static_cast<double>(keys));
    instruments_->bytes.set(static_cast<double>(bytes));
}

output_record to_record(const decision& d, item i) {
    const std::string story = d.story.str();
    if (d.what == decision::kind::duplicate) {
        const duplicate copy{.id = std::move(i.id),
                             .feed = std::move(i.feed),
                             .publisher = std::move(i.publisher),
                             .url = std::move(i.url),
                             .title = std::move(i.title),
                             .origin_url = std::move(i.origin_url),
                             .origin_publisher = std::move(i.origin_publisher),
                             .observed = i.observed,
                             .story = d.story,
                             .of = d.of,
                             .how = d.how,
                             .similarity = d.similarity,
                             .lag_seconds = d.lag_seconds};
        return {
            .to = topic::duplicates, .key = story, .value = to_json(copy), .partition = std::nullopt, .headers = {}};
    }
    story_item told;
    static_cast<item&>(told) = std::move(i);
    told.story = d.story;
    told.revision = d.revision;
    told.verdict = d.what == decision::kind::update ? verdict::update : verdict::new_story;
    told.changed = d.changed;
    return {.to = topic::items, .key = story, .value = to_json(told), .partition = std::nullopt, .headers = {}};
}

}  // namespace feedwatch::dedup
