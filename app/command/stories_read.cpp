#include "app/command/stories_read.hpp"

#include "app/command/read_topic.hpp"
#include "core/url/url.hpp"

namespace feedwatch::app {
namespace {

using kafka::read_record;

// Whether it stands before the story's end.
bool is_over(const named_stories& found, const read_record& r) {
    const auto ends = found.ends.find(r.from);
    if (ends == found.ends.end()) return false;
    const auto end = ends->second.find(r.key);
    return end != ends->second.end() && r.offset <= end->second;
}

}  // namespace

result<named_stories> search_stories(const config& c, std::string_view named) {
    story_search search(named);
    named_stories found;
    const auto ended = [&](const read_record& r) {
        found.ends[r.from][r.key] = r.offset;
        search.forget(r.key);
    };
    const auto item = [&](const read_record& r) {
        if (!r.value) return ended(r);
        if (!search.may_hold(r.key, *r.value)) return;
        if (const auto i = story_item_from_json(*r.value)) search.look_at(*i);
    };
    if (const auto read = read_topic(c, topic::items, item, progress::told); !read) return read.error();
    const auto copy = [&](const read_record& r) {
        if (!r.value) return ended(r);
        if (!search.may_hold(r.key, *r.value)) return;
        if (const auto d = duplicate_from_json(*r.value)) search.look_at(*d);
    };
    if (const auto read = read_topic(c, topic::duplicates, copy, progress::told); !read) return read.error();
    found.ids = search.stories();
    found.taken_down = search.forgot();
    return found;
}

result<story_id> only_story(const named_stories& found, const std::string& named) {
    const std::string quoted = "'" + (origin_of(named).empty() ? named : redacted_url(named)) + "'";
    if (found.ids.empty() && found.taken_down)
        return error(errc::not_found, "the story with " + quoted + " was taken down (`feedwatch stories forget`)");
    if (found.ids.empty())
        return error(errc::not_found, "topics items and duplicates hold no story with " + quoted +
                                          ": it never came, or retention has erased it");
    if (found.ids.contains(named)) return story_id(named);
    if (found.ids.size() == 1) return story_id(*found.ids.begin());
    std::string all;
    for (const std::string& s : found.ids) all += (all.empty() ? "" : ", ") + s;
    if (found.ids.size() == story_search::stories_max) all += " ...";
    return error(errc::conflict, "there are several stories with " + quoted + "; name one by its id: " + all);
}

// Records of items and duplicates have the story's id as their key.
result<story> read_story(const config& c, const story_id& id, const named_stories& found, texts wanted,
                         std::size_t& unreadable) {
    story_collector all(id);
    const auto item_of_story = [&](const read_record& r) {
        if (!r.value || r.key != id.str() || is_over(found, r)) return;
        auto i = story_item_from_json(*r.value);
        if (!i) {
            ++unreadable;
            return;
        }
        all.add(std::move(*i));
    };
    if (const auto read = read_topic(c, topic::items, item_of_story, progress::told); !read) return read.error();
    const auto copy = [&](const read_record& r) {
        if (!r.value || r.key != id.str() || is_over(found, r)) return;
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
    if (wanted == texts::compared)
        if (const auto read = read_topic(c, topic::fetched, text, progress::told); !read) return read.error();
    return std::move(all).take(c.dedup.families ? *c.dedup.families : publisher_families::shipped());
}

}  // namespace feedwatch::app
