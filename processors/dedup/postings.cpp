#include "processors/dedup/postings.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <optional>
#include <span>
#include <utility>

namespace feedwatch::dedup {
namespace {

// Where a table ends, entries are pushed past the last home.
constexpr std::uint32_t room_past(std::uint32_t range) noexcept {
    return 2 + range / 128;
}
// Tables begin with different sizes, so that they do not all grow at the same time.
constexpr std::uint32_t first_range(std::size_t segment) noexcept {
    return static_cast<std::uint32_t>(2 + segment % 64 / 16);
}
// Of one table: more than all slots with all of their anchors would fill, and few enough to be multiplied.
constexpr std::uint32_t range_max = 1U << 27U;
// Fuller, entries stand far from their homes.
constexpr std::uint64_t percent_used_max = 94;
constexpr std::uint32_t larger(std::uint32_t range) noexcept {
    return range + range / 11 + 1;
}

}  // namespace

postings::postings() : tables_(segments) {}

// All of the table's entries, most of them in the order of their homes, go to new lines in the same place.
void postings::grow(table& t, std::uint32_t range) {
    growing_.resize(std::max<std::size_t>(growing_.size(), t.lines));
    const std::size_t before = t.lines;
    if (before != 0) std::memcpy(static_cast<void*>(growing_.data()), t.data.data(), before * sizeof(line));
    for (bool fits = false; !fits; range = larger(range)) {
        t.data.grow((std::size_t{range} + room_past(range)) * sizeof(line));
        // All of the pages.
        while ((std::size_t{range} + 1 + room_past(range + 1)) * sizeof(line) <= t.data.size()) ++range;
        t.range = range;
        t.lines = range + room_past(range);
        std::memset(t.data.data(), 0, t.lines * sizeof(line));
        fits = true;
        for (std::size_t at = 0; at < before && fits; ++at) {
            const line& l = growing_[at];
            for (unsigned i = 0; i < l.used && fits; ++i) fits = insert(t, l.tag_at(i), l.slot_at(i));
        }
    }
}

bool postings::insert(table& t, std::uint32_t tag, slot s) noexcept {
    const std::size_t home = t.home(tag);
    std::size_t at = home;
    while (t.at(at)->used == line::entries) {
        if (++at == t.lines) return false;
    }
    for (std::size_t full = home; full < at; ++full) ++t.at(full)->passed;
    t.at(at)->put(tag, s);
    return true;
}

void postings::erase(table& t, std::size_t at, unsigned entry) noexcept {
    line& l = *t.at(at);
    for (std::size_t full = t.home(l.tag_at(entry)); full < at; ++full) --t.at(full)->passed;
    --l.used;
    l.low[entry] = l.low[l.used];
    l.high[entry] = l.high[l.used];
    --t.used;
}

// One entry that says so takes the place of all of the key's.
void postings::make_list(table& t, std::uint32_t tag, std::uint64_t key, slot s) {
    std::vector<slot>& list = lists_[key];
    for (;;) {
        std::optional<std::pair<std::size_t, unsigned>> one;
        each(t, tag, [&](std::size_t at, unsigned i) {
            one = {at, i};
            return false;
        });
        if (!one) break;
        list.push_back(t.at(one->first)->slot_at(one->second));
        erase(t, one->first, one->second);
    }
    list.push_back(s);
    static_cast<void>(insert(t, tag, listed));  // there is room: some have just been erased
    ++t.used;
}

void postings::add(std::uint64_t hash, slot s) {
    const std::size_t segment = segment_of(hash);
    const std::uint32_t tag = tag_of(hash);
    table& t = tables_[segment];
    if (t.lines == 0) grow(t, first_range(segment));
    std::size_t count = 0;
    bool in_list = false;
    each(t, tag, [&](std::size_t at, unsigned i) {
        in_list = t.at(at)->slot_at(i) >= listed;
        ++count;
        if (in_list) add_to_list(*t.at(at), i, key_of(segment, tag), s);
        return !in_list;
    });
    if (in_list) return;
    if (count == entries_per_key_max) {
        make_list(t, tag, key_of(segment, tag), s);
        return;
    }
    const std::uint64_t places = std::uint64_t{t.range} * line::entries;
    if ((std::uint64_t{t.used} + 1) * 100 > places * percent_used_max) grow(t, larger(t.range));
    while (!insert(t, tag, s)) grow(t, larger(t.range));
    ++t.used;
}

void postings::add_to_list(line& l, unsigned entry, std::uint64_t key, slot s) {
    std::vector<slot>& list = lists_.find(key)->second;
    list.push_back(s);
    if (list.size() == crowd + 1) l.set_slot(entry, crowded);
}

void postings::remove(std::uint64_t hash, slot s) {
    const std::size_t segment = segment_of(hash);
    const std::uint32_t tag = tag_of(hash);
    table& t = tables_[segment];
    each(t, tag, [&](std::size_t at, unsigned i) {
        const slot there = t.at(at)->slot_at(i);
        if (there >= listed) {
            remove_from_list(t, at, i, key_of(segment, tag), s);
            return false;
        }
        if (there != s) return true;
        erase(t, at, i);
        return false;
    });
}

void postings::remove_from_list(table& t, std::size_t at, unsigned entry, std::uint64_t key, slot s) {
    const auto list = lists_.find(key);
    const auto found = std::ranges::find(list->second, s);
    if (found == list->second.end()) return;
    *found = list->second.back();
    list->second.pop_back();
    if (list->second.size() == crowd) t.at(at)->set_slot(entry, listed);
    if (!list->second.empty()) return;
    lists_.erase(list);
    erase(t, at, entry);
}

void postings::save(byte_writer& out) const {
    for (const table& t : tables_) {
        out.put(t.range);
        out.put(t.used);
        if (t.lines != 0) out.write({t.data.data(), t.lines * sizeof(line)});
    }
    out.put(std::uint64_t{lists_.size()});
    for (const auto& [key, list] : lists_) {
        out.put(key);
        out.put(static_cast<std::uint32_t>(list.size()));
        for (const slot s : list) out.put(s);
    }
}

bool postings::load_table(table& t, byte_reader& in) {
    if (!in.get(t.range) || !in.get(t.used) || t.range > range_max) return false;
    if (t.used > std::uint64_t{t.range} * line::entries) return false;
    if (t.range == 0) return true;
    t.lines = t.range + room_past(t.range);
    t.data.grow(t.lines * sizeof(line));
    if (!in.read(std::span(t.data.data(), t.lines * sizeof(line)))) return false;
    // Whoever looks for something stops within the table.
    for (std::size_t at = 0; at < t.lines; ++at)
        if (t.at(at)->used > line::entries) return false;
    return t.at(t.lines - 1)->passed == 0;
}

bool postings::load(byte_reader& in) {
    tables_ = std::vector<table>(segments);
    lists_.clear();
    for (table& t : tables_)
        if (!load_table(t, in)) return false;
    std::uint64_t lists = 0;
    if (!in.get(lists)) return false;
    for (std::uint64_t i = 0; i < lists; ++i) {
        std::uint64_t key = 0;
        std::uint32_t size = 0;
        if (!in.get(key) || !in.get(size) || size > slots_max) return false;
        std::vector<slot>& list = lists_[key];
        list.resize(size);
        if (!in.read(std::as_writable_bytes(std::span(list)))) return false;
    }
    return true;
}

std::size_t postings::size() const noexcept {
    std::size_t n = 0;
    for (const table& t : tables_) n += t.used;
    return n;
}

}  // namespace feedwatch::dedup
