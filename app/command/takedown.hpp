// What `stories forget` finds of a story, what it asks for and what becomes of it where. Pure: records in, text out.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "app/command/story.hpp"
#include "core/record/forget.hpp"
#include "core/step.hpp"
#include "core/time.hpp"
#include "core/topic.hpp"
#include "io/kafka/client.hpp"
#include "io/kafka/topic_settings.hpp"

namespace feedwatch::app {

// The request for what a person names, where the topics know no story of it.
[[nodiscard]] forget_request request_for(std::string_view named);

struct takedown {
    forget_request request;
    std::optional<story> found;  // as `items` and `duplicates` tell it
    struct share {
        std::size_t records = 0;          // of the story, tombstones apart
        timestamp last_written{};         // of the newest of them, by Kafka's clock
        std::vector<std::string> places;  // "partition:offset" in `dead`, at most places_max
    };
    static constexpr std::size_t places_max = 20;
    std::map<topic, share> held;

    // Of the story that was found; else the one named.
    [[nodiscard]] std::string named() const;
};

// Counts what the topics hold of the story and its members.
class takedown_counter {
  public:
    explicit takedown_counter(takedown& of);
    void look_at(const kafka::read_record& r);

  private:
    [[nodiscard]] bool is_of_story(const kafka::read_record& r) const;
    takedown& of_;
    std::set<std::string, std::less<>> ids_;  // the story's and its members'
};

// The records to write, one for each partition of `fetched`: each is looked after by a dedup of its own.
[[nodiscard]] std::vector<output_record> records_of(const takedown& t, std::int32_t partitions);
// Members that the request names; further ones dedup must know itself.
inline constexpr std::size_t members_named_max = 1000;
inline constexpr std::size_t members_named_bytes_max = 256U << 10U;

// Whether the record of `seen` says that dedup has taken the request.
[[nodiscard]] bool confirms(const kafka::read_record& seen, const forget_request& r);

enum class taken { dry_run, not_waited, yes, no };

struct broker_facts {
    bool embedded = false;
    std::vector<kafka::topic_settings> topics;
    timestamp now{};
};

// Lines for a person: what was found, then a line for each topic.
[[nodiscard]] std::string shown_takedown(const takedown& t, const broker_facts& b);
[[nodiscard]] std::string takedown_json(const takedown& t, const broker_facts& b, taken state);

}  // namespace feedwatch::app
