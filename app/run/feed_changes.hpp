// Changes of the subscriptions by command, as values: planned against what topic `feeds` holds, then written to it, or
// handed to the process that owns the embedded broker. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "app/run/subscriptions.hpp"
#include "core/error.hpp"
#include "core/record/feed.hpp"

namespace feedwatch::app {

struct feed_change {
    enum class action { add, remove, pause, resume, poll, backfill, stop_backfill };
    action what = action::add;
    feed of;  // of `add` the subscription; else as known, with the request in `asked`
    friend bool operator==(const feed_change&, const feed_change&) = default;
};

// {"do":"add","feed":{…}}: without a line break.
[[nodiscard]] std::string to_json(const feed_change& c);
// errc::malformed. What it says is not believed: the planner checks it.
[[nodiscard]] result<feed_change> feed_change_from_json(std::string_view json);

// Whether a subscription is one that a feeds file could hold; errc::invalid_config says why not, without a secret.
[[nodiscard]] result<> check_subscription(const feed& f);

class change_planner {
  public:
    explicit change_planner(known_feeds known);

    // errc::conflict: what is to be added is there already; errc::not_found: there is no such feed; errc::refused: a
    // feed that came from a file is removed there; errc::invalid_config.
    [[nodiscard]] result<> apply(const feed_change& c);
    // What to write so that the topic says so. Feeds keep their owner: files or a command.
    [[nodiscard]] std::vector<output_record> take() { return std::exchange(records_, {}); }

  private:
    [[nodiscard]] result<> add(const feed& f);
    void put(const feed& f, bool from_files);

    known_feeds known_;
    std::unordered_map<std::string, std::string> ids_;  // by URL
    std::vector<output_record> records_;
};

}  // namespace feedwatch::app
