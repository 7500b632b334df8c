// Records as a topic would carry them, for the storage tests.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "core/record/duplicate.hpp"
#include "core/record/feed.hpp"
#include "core/record/item.hpp"
#include "core/record/poll.hpp"
#include "core/sink.hpp"

namespace feedwatch::test {

timestamp at(const char* rfc3339);

story_item item_of(const std::string& id, std::uint32_t revision = 1);
flagged_item flagged_of(const std::string& id, const std::vector<std::string>& topics, std::uint32_t revision = 1);
duplicate duplicate_of(const std::string& id, const std::string& story);
feed feed_of(const std::string& id);
poll poll_of(const std::string& feed, timestamp when);

// Owns what its views look at. Offsets count up by topic and partition.
class batch {
  public:
    batch& add(const story_item& i, std::int32_t partition = 0) {
        return put(topic::items, i.story.str(), to_json(i), partition);
    }
    batch& add(const flagged_item& i, std::int32_t partition = 0) {
        return put(topic::flagged, i.story.str(), to_json(i), partition);
    }
    batch& add(const duplicate& d, std::int32_t partition = 0) {
        return put(topic::duplicates, d.story.str(), to_json(d), partition);
    }
    batch& add(const feed& f, std::int32_t partition = 0) {
        return put(topic::feeds, f.id.str(), to_json(f), partition);
    }
    batch& add(const poll& p, std::int32_t partition = 0) {
        return put(topic::polls, p.feed.str(), to_json(p), partition);
    }
    batch& tombstone(topic of, const std::string& key) { return put(of, key, std::nullopt, 0); }
    batch& put(topic to, std::string key, std::optional<std::string> value, std::int32_t partition);

    [[nodiscard]] const std::vector<record_view>& records() const { return views_; }

  private:
    std::deque<std::string> bytes_;
    std::vector<record_view> views_;
};

}  // namespace feedwatch::test
