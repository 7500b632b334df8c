#include <unistd.h>

#include "app/command/read_topic.hpp"
#include "app/command/story.hpp"
#include "app/command/story_table.hpp"
#include "app/commands.hpp"
#include "app/config/config.hpp"
#include "app/exit_code.hpp"
#include "app/filter/lines.hpp"
#include "core/meter.hpp"
#include "core/url/url.hpp"
#include "io/log/escape.hpp"
#include "io/log/log.hpp"

namespace feedwatch::app {
namespace {

using kafka::read_record;

int fail(const error& why) {
    complain_lines("stories", why.message());
    return exit_failed;
}

result<story_id> find_story(const config& c, const std::string& named) {
    story_search search(named);
    const auto item = [&](const read_record& r) {
        if (!r.value || !search.may_hold(r.key, *r.value)) return;
        if (const auto i = story_item_from_json(*r.value)) search.look_at(*i);
    };
    if (const auto read = read_topic(c, topic::items, item, progress::told); !read) return read.error();
    const auto copy = [&](const read_record& r) {
        if (!r.value || !search.may_hold(r.key, *r.value)) return;
        if (const auto d = duplicate_from_json(*r.value)) search.look_at(*d);
    };
    if (const auto read = read_topic(c, topic::duplicates, copy, progress::told); !read) return read.error();

    const std::string quoted = "'" + (origin_of(named).empty() ? named : redacted_url(named)) + "'";
    if (search.stories().empty())
        return error(errc::not_found, "topics items and duplicates hold no story with " + quoted +
                                          ": it never came, or retention has erased it");
    if (search.stories().size() == 1) return story_id(*search.stories().begin());
    std::string all;
    for (const std::string& s : search.stories()) all += (all.empty() ? "" : ", ") + s;
    if (search.stories().size() == story_search::stories_max) all += " ...";
    return error(errc::conflict, "there are several stories with " + quoted + "; name one by its id: " + all);
}

// Records of items and duplicates have the story's id as their key. `unreadable`: those of them that are no such
// record.
result<story> read_story(const config& c, const story_id& id, std::size_t& unreadable) {
    story_collector all(id);
    const auto item_of_story = [&](const read_record& r) {
        if (!r.value || r.key != id.str()) return;
        auto i = story_item_from_json(*r.value);
        if (!i) {
            ++unreadable;
            return;
        }
        all.add(std::move(*i));
    };
    if (const auto read = read_topic(c, topic::items, item_of_story, progress::told); !read) return read.error();
    const auto copy = [&](const read_record& r) {
        if (!r.value || r.key != id.str()) return;
        auto d = duplicate_from_json(*r.value);
        if (!d) {
            ++unreadable;
            return;
        }
        all.add(std::move(*d));
    };
    if (const auto read = read_topic(c, topic::duplicates, copy, progress::told); !read) return read.error();
    const auto text = [&](const read_record& r) {  // what cannot be read went to `dead`, into no story
        if (!r.value) return;
        if (const auto i = item_from_json(*r.value)) all.compare(*i);
    };
    if (const auto read = read_topic(c, topic::fetched, text, progress::told); !read) return read.error();
    return std::move(all).take(c.dedup.families ? *c.dedup.families : publisher_families::shipped());
}

}  // namespace

int stories(const stories_options& options) {
    log::configure({.level = "error"}, null_meter());
    const auto loaded = load_config(options.config, process_environment());
    if (!loaded) {
        complain_lines("stories", loaded.error().detail);
        return exit_usage;
    }
    const config& c = loaded->values;
    const auto id = find_story(c, options.story);
    if (!id) return fail(id.error());
    std::size_t unreadable = 0;
    const auto found = read_story(c, *id, unreadable);
    if (!found) return fail(found.error());
    if (unreadable > 0)
        complain("stories", std::to_string(unreadable) + " records of the story cannot be read and are left out");
    line_writer out(STDOUT_FILENO);
    std::string text = options.json ? story_json(*found) : shown_story(*found);
    if (!options.json) text.pop_back();
    (void)out.write(text);
    (void)out.flush();
    return out.failure() ? fail(*out.failure()) : exit_ok;
}

}  // namespace feedwatch::app
