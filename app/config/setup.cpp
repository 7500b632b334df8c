#include "app/config/setup.hpp"

#include "io/kafka/runner.hpp"
#include "sinks/alerts/alerts.hpp"

namespace feedwatch::app {
namespace {

std::string where(const topic_warning& w) {
    return w.file + ":" + std::to_string(w.line) + ":" + std::to_string(w.column) + ": " + w.topic.str() + ": " +
           w.message;
}

// What a role cannot do without.
std::string missing_for(role as, const config& c) {
    if ((as == role::all || as == role::poll) && !c.feeds.files_given) {
        return "feeds.files: must name the files with feeds (feeds.yaml, or OPML); [] where only `feedwatch feeds add` "
               "subscribes";
    }
    if (as == role::sink && c.storage.empty() && c.alerts.channels.empty()) {
        return "storage and alerts.channels are both empty: a sink has nothing to do";
    }
    return "";
}

}  // namespace

result<setup> load_setup(const std::string& file, role as, const environment& surroundings) {
    auto loaded = load_config(file, surroundings);
    if (!loaded) return loaded.error();
    setup made{std::move(loaded->values), {}, nullptr, std::move(loaded->warnings)};

    std::string mistakes;
    const auto add = [&mistakes](const std::string& more) { (mistakes += mistakes.empty() ? "" : "\n") += more; };
    if (const std::string missing = missing_for(as, made.values); !missing.empty()) add(file + ": " + missing);
    if (const auto fine = kafka::check_properties(made.values.kafka); !fine) {
        add(file + ": " + fine.error().detail);
    }
    if (const auto fine = alerts::check_channels(made.values.alerts); !fine) {
        add(file + ": alerts.channels: " + fine.error().detail);
    }
    if (auto feeds = load_feeds(made.values.feeds, surroundings)) {
        made.feeds = std::move(feeds->feeds);
        made.warnings.insert(made.warnings.end(), feeds->warnings.begin(), feeds->warnings.end());
    } else {
        add(feeds.error().detail);
    }
    if (auto rules = load_rules(made.values.topics.files)) {
        made.rules = std::move(*rules);
        for (const topic_warning& w : made.rules->warnings()) made.warnings.push_back(where(w));
    } else {
        add(rules.error().detail);
    }
    if (!mistakes.empty()) return error(errc::invalid_config, mistakes);
    return made;
}

}  // namespace feedwatch::app
