#include "io/kafka/snapshots.hpp"

#include <filesystem>

#include "io/log/log.hpp"

namespace feedwatch::kafka {
namespace {

using namespace std::chrono_literals;

// A compacted topic keeps a tombstone for delete.retention.ms after it was written, a day unless configured otherwise:
// who goes on from an older place may never learn what was deleted.
constexpr duration age_max = 12h;
// How far clocks of processes and brokers may differ.
constexpr duration clocks_differ = 1min;

const std::vector<double> seconds_buckets{0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60};

}  // namespace

struct snapshots::instruments {
    instruments(meter& counts, const std::string& stage)
        : written(count(counts, stage, "written")),
          failed(count(counts, stage, "failed")),
          loaded(count(counts, stage, "loaded")),
          refused(count(counts, stage, "refused")),
          duration(counts.get_histogram("feedwatch_snapshot_duration_seconds",
                                        "How long processing waited while a snapshot of the state was written.",
                                        seconds_buckets, {{"stage", stage}})) {}

    static counter& count(meter& counts, const std::string& stage, const char* what) {
        return counts.get_counter("feedwatch_snapshots_total", "Snapshots of a stage's state by what became of them.",
                                  {{"stage", stage}, {"result", what}});
    }

    counter& written;
    counter& failed;
    counter& loaded;
    counter& refused;
    histogram& duration;
};

snapshots::snapshots(step& what, backend& on, const stage& who, const runner_options& options, meter& counts,
                     const clock& time)
    : step_(what),
      on_(on),
      who_(who),
      time_(time),
      folder_(options.snapshots),
      interval_(options.snapshot_interval),
      format_(what.snapshot_format()),
      enabled_(!format_.empty() && !folder_.empty() && interval_ > duration::zero() && on.keeps_offsets()),
      counts_(enabled_ ? std::make_unique<instruments>(counts, who.name) : nullptr),
      last_(std::chrono::steady_clock::now()) {}

snapshots::~snapshots() = default;

std::string snapshots::path_of(std::int32_t partition) const {
    return folder_ + "/" + who_.name + "-" + std::to_string(partition) + ".snapshot";
}

topic_partition snapshots::changelog_of(std::int32_t partition) const {
    return {step_.changelogs().front(), partition};
}

result<> snapshots::check(const snapshot_place& place, std::int32_t partition) const {
    if (place.format != format_) return error{errc::unsupported, "it is of another version or configuration"};
    const auto log = changelog_of(partition);
    if (place.cluster != on_.id() || place.topic != on_.topic_name(log.name) || place.partition != partition)
        return error{errc::conflict, "it is of " + place.topic + "[" + std::to_string(place.partition) +
                                         "] of another cluster or topic"};
    const duration age = time_.now() - place.as_of;
    if (age > age_max) return error{errc::conflict, "it is older than 12 hours"};
    if (age < -clocks_differ) return error{errc::conflict, "it is of the future"};
    return {};
}

void snapshots::refuse(const std::string& path, const error& why) {
    counts_->refused.add();
    log::warning("snapshot thrown away; all of the changelog is read",
                 {{"stage", who_.name}, {"file", path}, {"error", why}});
    std::error_code ignored;  // it is refused next time, too
    std::filesystem::remove(path, ignored);
}

result<std::unique_ptr<changelog>> snapshots::resume(std::int32_t partition) {
    std::unique_ptr<changelog> none;
    if (!enabled_) return none;
    const std::string path = path_of(partition);
    auto file = snapshot_reader::open(path);
    if (!file) {
        if (file.error().code != errc::not_found) refuse(path, file.error());
        return none;
    }
    const snapshot_place& place = file.value()->place();
    if (const auto fits = check(place, partition); !fits) {
        refuse(path, fits.error());
        return none;
    }
    auto rest =
        on_.open_changelog(changelog_of(partition), resumption{place.first, place.next, place.as_of + clocks_differ});
    if (!rest) {
        if (rest.error().code != errc::conflict) return rest.error();
        refuse(path, rest.error());
        return none;
    }
    step_.assigned(partition);
    auto loaded = step_.load(partition, *file.value());
    if (loaded && !file.value()->at_end()) loaded = error{errc::malformed, "more was saved than was loaded"};
    if (!loaded) {
        step_.assigned(partition);
        refuse(path, loaded.error());
        return none;
    }
    counts_->loaded.add();
    log::info("state loaded from a snapshot", {{"stage", who_.name}, {"file", path}, {"next_offset", place.next}});
    return rest;
}

bool snapshots::due() const {
    return wanted() && std::chrono::steady_clock::now() - last_ >= interval_;
}

result<std::unique_ptr<snapshot_writer>> snapshots::write_one(std::int32_t partition) const {
    const auto log = changelog_of(partition);
    const auto ends = on_.ends_of(log);
    if (!ends) return ends.error();
    auto made = snapshot_writer::open(path_of(partition), {.format = format_,
                                                           .cluster = on_.id(),
                                                           .topic = on_.topic_name(log.name),
                                                           .partition = partition,
                                                           .first = ends->first,
                                                           .next = ends->next,
                                                           .as_of = time_.now()});
    if (!made) return made;
    step_.save(partition, *made.value());
    if (const auto done = made.value()->finish(); !done) return done.error();
    return made;
}

void snapshots::write(const std::vector<std::int32_t>& partitions) {
    const auto begun = std::chrono::steady_clock::now();
    last_ = begun;
    std::error_code failed;  // then no file can be opened there, which says why
    std::filesystem::create_directories(folder_, failed);
    for (const std::int32_t partition : partitions) {
        auto made = write_one(partition);
        if (made) {
            written_.push_back(std::move(made.value()));
            continue;
        }
        counts_->failed.add();
        log::warning("could not write a snapshot", {{"stage", who_.name}, {"error", made.error()}});
    }
    counts_->duration.observe(std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
}

void snapshots::publish() {
    for (const auto& each : written_) {
        const auto done = each->publish();
        (done ? counts_->written : counts_->failed).add();
        if (!done) log::warning("could not write a snapshot", {{"stage", who_.name}, {"error", done.error()}});
    }
    written_.clear();
    changed_ = false;
}

void snapshots::discard() {
    written_.clear();
}

}  // namespace feedwatch::kafka
