#include "app/run/subscriptions.hpp"

#include <algorithm>
#include <chrono>
#include <set>

namespace feedwatch::app {
namespace {

constexpr std::chrono::seconds patience{15};

bool is_from_files(const std::vector<header>& headers) {
    return std::any_of(headers.begin(), headers.end(),
                       [](const header& h) { return h.name == applied_header && h.value == applied_from_files; });
}

}  // namespace

result<known_feeds> read_known_feeds(const kafka_config& config, const std::string& state_dir) {
    auto reader =
        kafka::open_reader(config, state_dir, {{topic::feeds}, kafka::read_from::beginning, {}, false}, patience);
    if (!reader) {
        if (reader.error().code == errc::not_found) return known_feeds{};  // nothing was ever subscribed
        return reader.error();
    }
    known_feeds known;
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!(*reader)->at_end()) {
        auto next = (*reader)->next(std::chrono::milliseconds(200));
        if (!next) return next.error();
        if (*next && (**next).value) {
            known[(**next).key] = {*(**next).value, is_from_files((**next).headers)};
        } else if (*next) {
            known.erase((**next).key);
        } else if (std::chrono::steady_clock::now() > deadline) {
            return error(errc::timeout, "topic feeds could not be read to its end in time");
        }
    }
    return known;
}

subscription_changes plan_subscriptions(const known_feeds& known, const std::vector<feed>& wanted) {
    subscription_changes changes;
    std::set<std::string> kept;
    for (feed f : wanted) {
        kept.insert(f.id.str());
        const auto before = known.find(f.id.str());
        if (before != known.end()) {
            const auto read = feed_from_json(before->second.json);
            if (read) f.asked = read->asked;
            if (read && before->second.from_files && *read == f) continue;
        }
        ++(before == known.end() ? changes.added : changes.changed);
        changes.records.push_back({topic::feeds,
                                   f.id.str(),
                                   to_json(f),
                                   std::nullopt,
                                   {{std::string(applied_header), std::string(applied_from_files)}}});
    }
    for (const auto& [id, before] : known) {
        if (!before.from_files || kept.contains(id)) continue;
        ++changes.removed;
        changes.records.push_back({topic::feeds, id, std::nullopt, std::nullopt, {}});
    }
    return changes;
}

result<subscription_changes> apply_subscriptions(kafka::cluster& on, const kafka_config& config,
                                                 const std::string& state_dir, const std::vector<feed>& wanted) {
    const auto known = read_known_feeds(config, state_dir);
    if (!known) return known.error();
    subscription_changes changes = plan_subscriptions(*known, wanted);
    if (changes.records.empty()) return changes;
    const auto writer = kafka::open_writer(on);
    if (!writer) return writer.error();
    if (const auto written = (*writer)->write(changes.records); !written) return written.error();
    return changes;
}

}  // namespace feedwatch::app
