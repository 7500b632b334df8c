#include "processors/dedup/postings.hpp"

#include <algorithm>
#include <span>

namespace feedwatch::dedup {
namespace {

// Where a table ends, entries are pushed past the last home.
constexpr std::uint32_t room_past(std::uint32_t range) noexcept {
    return 16 + range / 64;
}
// Tables begin with different sizes, so that they do not all grow at the same time.
constexpr std::uint32_t first_range(std::size_t segment) noexcept {
    return static_cast<std::uint32_t>(16 + segment % 64 / 2);
}
// Of one table: more than all slots with all of their anchors would fill, and few enough to be multiplied.
constexpr std::uint32_t range_max = 1U << 30U;
constexpr std::uint32_t larger(std::uint32_t range) noexcept {
    return range + range / 12 + 4;
}

}  // namespace

postings::postings() : tables_(segments) {}

// There may be eight bytes read at the last entry, which is empty.
std::size_t postings::bytes_for(std::uint32_t range) noexcept {
    return (std::size_t{range} + room_past(range) + 1) * entry_bytes + sizeof(entry) - entry_bytes;
}

// Where it is: all entries go to the right end, and from there to their places, none of which is right of where the
// entry waits as long as there is room for all.
void postings::resize(table& t, std::uint32_t range) {
    for (bool fits = false; !fits; range = larger(range)) {
        const std::uint32_t old_room = t.room;
        const std::size_t old_size = t.data.size();
        t.data.grow(bytes_for(range));
        // All of the pages.
        while (bytes_for(range + 1) <= t.data.size()) ++range;
        t.range = range;
        t.room = range + room_past(range);
        std::memset(t.data.data() + old_size, 0xFF, t.data.size() - old_size);

        std::size_t waiting = t.room;
        for (std::size_t at = old_room; at-- > 0;) {
            const entry e = t.get(at);
            if (e == empty) continue;
            t.set(at, empty);
            t.set(--waiting, e);
        }
        fits = true;
        for (std::size_t next = 0; waiting < t.room; ++waiting) {
            const entry e = t.get(waiting);
            next = std::max(next, t.home(e));
            fits = next <= waiting;
            if (!fits) break;
            t.set(waiting, empty);
            t.set(next++, e);
        }
    }
}

bool postings::insert(table& t, entry e) {
    std::size_t at = t.home(e);
    while (t.get(at) < e) ++at;
    std::size_t end = at;
    while (t.get(end) != empty) ++end;
    if (end >= t.room) return false;
    std::byte* const from = t.data.data() + at * entry_bytes;
    std::memmove(from + entry_bytes, from, (end - at) * entry_bytes);
    t.set(at, e);
    ++t.used;
    return true;
}

// Moves those of the run that are not at home one back.
void postings::erase(table& t, std::size_t at) noexcept {
    std::size_t next = at + 1;
    for (entry e = t.get(next); e != empty && t.home(e) < next; e = t.get(++next)) t.set(next - 1, e);
    t.set(next - 1, empty);
    --t.used;
}

void postings::make_list(table& t, std::size_t first, std::size_t count, std::uint64_t key) {
    std::vector<slot>& list = lists_[key];
    for (std::size_t i = 0; i < count; ++i) list.push_back(slot_of(t.get(first + i)));
    t.set(first + count - 1, (t.get(first) & ~((entry{1} << slot_bits) - 1)) | listed);
    for (std::size_t i = 0; i + 1 < count; ++i) erase(t, first);
}

void postings::add(std::uint64_t hash, slot s) {
    const std::size_t segment = segment_of(hash);
    table& t = tables_[segment];
    if (t.room == 0) resize(t, first_range(segment));
    const entry from = tag_of(hash);
    std::size_t first = t.home(from);
    while (t.get(first) < from) ++first;
    std::size_t count = 0;
    entry e = t.get(first);
    for (; e != empty && (e >> slot_bits) == (from >> slot_bits); e = t.get(first + ++count)) {
        if (slot_of(e) != listed) continue;
        lists_.find(key_of(segment, e))->second.push_back(s);
        return;
    }
    if (count == entries_per_key_max) {
        const std::uint64_t key = key_of(segment, from);
        make_list(t, first, count, key);
        lists_[key].push_back(s);
        return;
    }
    if ((std::uint64_t{t.used} + 1) * 100 > std::uint64_t{t.range} * 90) resize(t, larger(t.range));
    while (!insert(t, from | s)) resize(t, larger(t.range));
}

void postings::remove(std::uint64_t hash, slot s) {
    const std::size_t segment = segment_of(hash);
    table& t = tables_[segment];
    if (t.room == 0) return;
    const entry from = tag_of(hash);
    std::size_t at = t.home(from);
    while (t.get(at) < from) ++at;
    for (entry e = t.get(at); e != empty && (e >> slot_bits) == (from >> slot_bits); e = t.get(++at)) {
        if (slot_of(e) == listed) {
            remove_from_list(t, at, key_of(segment, e), s);
            return;
        }
        if (slot_of(e) == s) {
            erase(t, at);
            return;
        }
    }
}

void postings::remove_from_list(table& t, std::size_t at, std::uint64_t key, slot s) {
    const auto list = lists_.find(key);
    const auto found = std::ranges::find(list->second, s);
    if (found == list->second.end()) return;
    *found = list->second.back();
    list->second.pop_back();
    if (!list->second.empty()) return;
    lists_.erase(list);
    erase(t, at);
}

void postings::save(byte_writer& out) const {
    for (const table& t : tables_) {
        out.put(t.range);
        out.put(t.used);
        if (t.room != 0) out.write({t.data.data(), bytes_for(t.range)});
    }
    out.put(std::uint64_t{lists_.size()});
    for (const auto& [key, list] : lists_) {
        out.put(key);
        out.put(static_cast<std::uint32_t>(list.size()));
        for (const slot s : list) out.put(s);
    }
}

bool postings::load_table(table& t, byte_reader& in) {
    if (!in.get(t.range) || !in.get(t.used) || t.range > range_max || t.used > t.range) return false;
    if (t.range == 0) return true;
    t.room = t.range + room_past(t.range);
    t.data.grow(bytes_for(t.range));
    const std::span all(t.data.data(), t.data.size());
    std::memset(all.data(), 0xFF, all.size());
    return in.read(all.first(bytes_for(t.range)));
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
