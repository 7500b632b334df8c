#include "tests/support/topology.hpp"

#include <utility>

#include "tests/support/driven.hpp"

namespace feedwatch::testing {

topology::topology(std::uint64_t seed, topology_options options)
    : random_(seed), options_(options), log_(options.partitions) {}

topology::~topology() = default;

void topology::add_step(step_factory make) {
    all_.push_back(std::make_unique<driven_step>(*this, std::move(make)));
}

void topology::add_sink(sink_factory make) {
    all_.push_back(std::make_unique<driven_sink>(*this, std::move(make)));
}

void topology::publish(topic to, std::string key, std::optional<std::string> value) {
    log_.append(to, std::nullopt,
                {.key = std::move(key), .value = std::move(value), .written = clock_.now(), .headers = {}});
}

bool topology::act() {
    if (all_.empty()) return false;
    const std::size_t first = up_to(all_.size()) - 1;
    for (std::size_t i = 0; i < all_.size(); ++i) {
        if (all_[(first + i) % all_.size()]->act()) return true;
    }
    return false;
}

bool topology::run_until_idle() {
    constexpr std::size_t actions_max = 1'000'000;
    for (std::size_t i = 0; i < actions_max; ++i) {
        if (!act()) return true;
    }
    return false;
}

// Not std::uniform_*_distribution: their values differ between standard libraries, and a seed should not.
bool topology::chance(double probability) {
    return static_cast<double>(random_() >> 11U) * 0x1p-53 < probability;
}

std::size_t topology::up_to(std::size_t most) {
    return 1 + static_cast<std::size_t>(random_() % most);
}

std::vector<topic_partition> reader::sources() const {
    std::vector<topic_partition> all;
    for (const topic t : inputs_) {
        for (std::int32_t p = 0; p < in_.log().partitions_of(t); ++p) all.push_back({t, p});
    }
    return all;
}

std::vector<topic_partition> reader::with_records(const offsets& at) const {
    std::vector<topic_partition> some;
    for (const topic_partition& source : sources()) {
        const auto found = at.find(source);
        const std::int64_t next = found == at.end() ? 0 : found->second;
        if (next < in_.log().end(source.name, source.partition)) some.push_back(source);
    }
    return some;
}

}  // namespace feedwatch::testing
