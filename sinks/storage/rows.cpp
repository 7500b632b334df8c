#include "sinks/storage/rows.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "core/record/duplicate.hpp"
#include "core/record/feed.hpp"
#include "core/record/item.hpp"
#include "core/record/poll.hpp"
#include "core/utf8.hpp"
#include "sinks/storage/tables.hpp"

namespace feedwatch::storage {
namespace {

namespace json = boost::json;

cell text_cell(std::string value) {
    make_valid_utf8(value);  // a NUL or half a character would be refused by PostgreSQL, and with it the batch
    return value;
}
cell text_cell(std::string_view value) {
    return text_cell(std::string(value));
}

cell integer_cell(std::integral auto value) {
    return static_cast<std::int64_t>(value);
}

cell time_cell(const std::optional<timestamp>& value) {
    if (!value) return std::monostate{};
    return *value;
}

cell json_cell(const json::array& value) {
    return text_cell(json::serialize(value));
}

cell strings_cell(const std::vector<std::string>& values) {
    json::array out;
    for (const std::string& v : values) out.emplace_back(to_valid_utf8(v));
    return json_cell(out);
}

cell people_cell(const std::vector<person>& people) {
    json::array out;
    for (const person& p : people)
        out.emplace_back(json::object{
            {"name", to_valid_utf8(p.name)}, {"email", to_valid_utf8(p.email)}, {"url", to_valid_utf8(p.url)}});
    return json_cell(out);
}

cell enclosures_cell(const std::vector<enclosure>& enclosures) {
    json::array out;
    for (const enclosure& e : enclosures) {
        json::object one{{"url", to_valid_utf8(e.url)}, {"type", to_valid_utf8(e.type)}, {"length", nullptr}};
        if (e.length) one["length"] = *e.length;
        out.push_back(std::move(one));
    }
    return json_cell(out);
}

cell spans_cell(const std::vector<span>& spans) {
    json::array out;
    for (const span& s : spans)
        out.emplace_back(json::object{{"field", to_valid_utf8(s.field)},
                                      {"offset", s.offset},
                                      {"length", s.length},
                                      {"text", to_valid_utf8(s.text)},
                                      {"clause", to_valid_utf8(s.clause)}});
    return json_cell(out);
}

using row = std::vector<cell>;

row item_row(story_item i) {
    row r;
    r.reserve(items_table.columns.size());
    r.push_back(text_cell(i.id.str()));
    r.push_back(text_cell(i.story.str()));
    r.push_back(integer_cell(i.revision));
    r.push_back(text_cell(name_of(i.verdict)));
    r.push_back(text_cell(i.feed.str()));
    for (std::string* s : {&i.publisher, &i.source, &i.origin_url, &i.origin_publisher, &i.guid, &i.url,
                           &i.canonical_url, &i.title, &i.summary_html, &i.content_html, &i.text})
        r.push_back(text_cell(std::move(*s)));
    r.push_back(people_cell(i.authors));
    r.push_back(strings_cell(i.categories));
    r.push_back(enclosures_cell(i.enclosures));
    r.push_back(text_cell(std::move(i.comments)));
    r.push_back(time_cell(i.published));
    r.push_back(text_cell(std::move(i.published_raw)));
    r.push_back(time_cell(i.updated));
    r.emplace_back(i.observed);
    r.push_back(text_cell(std::move(i.language)));
    r.push_back(text_cell(name_of(i.origin)));
    r.push_back(strings_cell(i.tags));
    r.push_back(strings_cell(i.warnings));
    return r;
}

row duplicate_row(const duplicate& d) {
    return {text_cell(d.id.str()),
            text_cell(d.story.str()),
            text_cell(d.of.str()),
            text_cell(name_of(d.how)),
            d.similarity,
            text_cell(d.feed.str()),
            text_cell(d.url),
            text_cell(d.publisher),
            text_cell(d.title),
            text_cell(d.origin_url),
            text_cell(d.origin_publisher),
            d.observed,
            d.lag_seconds};
}

row match_row(const flagged_item& i, const topic_match& m) {
    return {text_cell(i.id.str()),
            text_cell(m.topic.str()),
            text_cell(i.story.str()),
            integer_cell(i.revision),
            text_cell(m.version),
            m.score,
            text_cell(m.severity),
            m.shadow,
            spans_cell(m.spans),
            strings_cell(m.notify),
            text_cell(i.feed.str()),
            text_cell(i.url),
            text_cell(i.publisher),
            text_cell(i.title),
            text_cell(i.language),
            time_cell(i.published),
            i.observed,
            text_cell(name_of(i.origin))};
}

row subscription_row(const feed& f) {
    return {text_cell(f.id.str()),
            true,
            text_cell(f.url),
            text_cell(f.title),
            text_cell(f.publisher),
            strings_cell(f.tags),
            integer_cell(f.interval.min.count()),
            integer_cell(f.interval.start.count()),
            integer_cell(f.interval.max.count()),
            text_cell(to_string(f.first_fetch)),
            text_cell(f.language),
            f.is_paused(),
            f.full_text,
            text_cell(f.credentials)};
}

row health_row(const poll& p) {
    return {text_cell(p.feed.str()),
            text_cell(p.url),
            p.at,
            text_cell(p.outcome),
            text_cell(p.detail),
            integer_cell(p.status),
            text_cell(p.redirected_to),
            p.next_due,
            integer_cell(p.interval.count()),
            integer_cell(p.failures),
            time_cell(p.last_success),
            integer_cell(p.items_new),
            integer_cell(p.items_updated),
            integer_cell(p.items_known),
            p.possibly_missed,
            strings_cell(p.warnings)};
}

// Rows by key; of two with one key the later stays, unless the earlier is newer.
template <class Order>
class newest {
  public:
    void put(std::string key, Order order, row r) {
        const auto [at, fresh] = rows_.try_emplace(std::move(key));
        if (!fresh && order < at->second.first) return;
        at->second = {order, std::move(r)};
    }
    void move_into(const upsert& into, std::vector<row_set>& out) {
        if (rows_.empty()) return;
        row_set set{&into, {}};
        set.cells.reserve(rows_.size() * into.columns.size());
        for (auto& [key, entry] : rows_)
            set.cells.insert(set.cells.end(), std::make_move_iterator(entry.second.begin()),
                             std::make_move_iterator(entry.second.end()));
        out.push_back(std::move(set));
        rows_.clear();
    }
    [[nodiscard]] bool erase(const std::string& key) { return rows_.erase(key) != 0; }
    // Those with this text in either column.
    void erase(const std::string& id, std::size_t one, std::size_t other) {
        std::erase_if(rows_, [&](const auto& entry) {
            const row& r = entry.second.second;
            return r[one] == cell(id) || r[other] == cell(id);
        });
    }

  private:
    std::map<std::string, std::pair<Order, row>> rows_;
};

// One key of two parts. No part holds a NUL once it is valid text.
std::string pair_key(const std::string& a, const std::string& b) {
    return a + '\0' + b;
}

// Tables are locked in one order by every process.
struct by_table {
    bool operator()(const upsert* a, const upsert* b) const { return a->table < b->table; }
};

class collector {
  public:
    result<> add(const record_view& r) {
        switch (r.from) {
            case topic::items:
                return add_item(r);
            case topic::duplicates:
                return add_duplicate(r);
            case topic::flagged:
                return add_flagged(r);
            case topic::feeds:
                return add_feed(r);
            case topic::polls:
                return add_poll(r);
            default:
                return error(errc::internal, "storage does not read this topic");
        }
    }

    changes take() {
        changes out;
        for (auto& [of, ids] : gone_) out.removals.push_back({of->table, of->key.front(), {ids.begin(), ids.end()}});
        items_.move_into(items_table, out.rows);
        duplicates_.move_into(duplicates_table, out.rows);
        matches_.move_into(matches_table, out.rows);
        subscribed_.move_into(subscriptions, out.rows);
        unsubscribed_.move_into(unsubscriptions, out.rows);
        health_.move_into(feed_health, out.rows);
        return out;
    }

  private:
    // The story was taken down: what the batch held of it goes, and what the table holds.
    result<> take_down(const record_view& r, const upsert& of, auto& rows) {
        const auto column_at = [&](std::string_view name) {
            const auto at =
                std::find_if(of.columns.begin(), of.columns.end(), [&](const column& c) { return c.name == name; });
            return static_cast<std::size_t>(at - of.columns.begin());
        };
        std::string id = to_valid_utf8(r.key);
        rows.erase(id, column_at(of.key.front()), column_at("story"));
        gone_[&of].insert(std::move(id));
        return {};
    }

    result<> add_item(const record_view& r) {
        if (!r.value) return take_down(r, items_table, items_);
        auto i = story_item_from_json(*r.value);
        if (!i) return i.error();
        std::string key = to_valid_utf8(i->id.str());
        const std::uint32_t revision = i->revision;
        items_.put(std::move(key), revision, item_row(std::move(*i)));
        return {};
    }

    result<> add_duplicate(const record_view& r) {
        if (!r.value) return take_down(r, duplicates_table, duplicates_);
        const auto d = duplicate_from_json(*r.value);
        if (!d) return d.error();
        duplicates_.put(pair_key(to_valid_utf8(d->id.str()), to_valid_utf8(d->story.str())), d->observed,
                        duplicate_row(*d));
        return {};
    }

    result<> add_flagged(const record_view& r) {
        if (!r.value) return take_down(r, matches_table, matches_);
        const auto i = flagged_item_from_json(*r.value);
        if (!i) return i.error();
        for (const topic_match& m : i->matches)
            matches_.put(pair_key(to_valid_utf8(i->id.str()), to_valid_utf8(m.topic.str())), i->revision,
                         match_row(*i, m));
        return {};
    }

    result<> add_feed(const record_view& r) {
        if (!r.value) {
            std::string id = to_valid_utf8(r.key);
            (void)subscribed_.erase(id);
            row gone{id, false};
            unsubscribed_.put(std::move(id), 0, std::move(gone));
            return {};
        }
        const auto f = feed_from_json(*r.value);
        if (!f) return f.error();
        std::string id = to_valid_utf8(f->id.str());
        (void)unsubscribed_.erase(id);
        subscribed_.put(std::move(id), 0, subscription_row(*f));
        return {};
    }

    result<> add_poll(const record_view& r) {
        if (!r.value) return {};  // the poller has forgotten the feed; what it last saw of it stays on record
        const auto p = poll_from_json(*r.value);
        if (!p) return p.error();
        health_.put(to_valid_utf8(p->feed.str()), p->at, health_row(*p));
        return {};
    }

    newest<std::uint32_t> items_;
    newest<timestamp> duplicates_;
    newest<std::uint32_t> matches_;
    newest<int> subscribed_;
    newest<int> unsubscribed_;
    newest<timestamp> health_;
    std::map<const upsert*, std::set<std::string>, by_table> gone_;
};

}  // namespace

result<changes> rows_of(std::span<const record_view> records) {
    collector rows;
    for (const record_view& r : records) {
        const auto added = rows.add(r);
        if (added) continue;
        return error(added.error().code, std::string(name_of(r.from)) + "/" + std::to_string(r.partition) + " offset " +
                                             std::to_string(r.offset) + ": " + added.error().detail);
    }
    return rows.take();
}

}  // namespace feedwatch::storage
