// Brings topic `feeds` to what the feeds files say.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/record/feed.hpp"
#include "core/step.hpp"
#include "io/kafka/client.hpp"

namespace feedwatch::app {

// On each record of `feeds` that was applied from files, or by a command. Feeds from elsewhere are left alone: only
// what came from a file is unsubscribed when it is in none any more.
inline constexpr std::string_view applied_header = "feedwatch.applied-from";
inline constexpr std::string_view applied_from_files = "files";
inline constexpr std::string_view applied_from_command = "command";

struct known_feed {
    std::string json;
    bool from_files = false;
};
using known_feeds = std::map<std::string, known_feed>;  // by id

struct subscription_changes {
    std::vector<output_record> records;
    std::size_t added = 0;
    std::size_t changed = 0;
    std::size_t removed = 0;
};

// Topic `feeds` as it is now; nothing where it does not exist yet.
[[nodiscard]] result<known_feeds> read_known_feeds(const kafka_config& config, const std::string& state_dir);

// Pure: what to write so that the topic says what the files say. What commands ask of a feed stays.
[[nodiscard]] subscription_changes plan_subscriptions(const known_feeds& known, const std::vector<feed>& wanted);

// Reads the topic, writes the changes. Retryable errors mean: again, later.
[[nodiscard]] result<subscription_changes> apply_subscriptions(kafka::cluster& on, const kafka_config& config,
                                                               const std::string& state_dir,
                                                               const std::vector<feed>& wanted);

}  // namespace feedwatch::app
