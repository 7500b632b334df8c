#include "processors/dedup/origins.hpp"

#include <cstring>
#include <utility>

namespace feedwatch::dedup {
namespace {

constexpr std::size_t sizes = 2 * sizeof(std::uint32_t);

std::pair<std::uint32_t, std::uint32_t> sizes_of(std::string_view key) noexcept {
    std::uint32_t feed = 0;
    std::uint32_t publisher = 0;
    std::memcpy(&feed, key.data(), sizeof(feed));
    std::memcpy(&publisher, key.data() + sizeof(feed), sizeof(publisher));
    return {feed, publisher};
}

}  // namespace

std::string origins::join(std::string_view feed, std::string_view publisher, std::string_view source) {
    const auto feed_size = static_cast<std::uint32_t>(feed.size());
    const auto publisher_size = static_cast<std::uint32_t>(publisher.size());
    std::string key;
    key.reserve(sizes + feed.size() + publisher.size() + source.size());
    key.append(reinterpret_cast<const char*>(&feed_size), sizeof(feed_size));
    key.append(reinterpret_cast<const char*>(&publisher_size), sizeof(publisher_size));
    key.append(feed).append(publisher).append(source);
    return key;
}

origins::handle origins::hold(std::string_view key) {
    if (const auto known = handles_.find(key); known != handles_.end()) {
        ++entries_[known->second].held;
        return known->second;
    }
    auto h = static_cast<handle>(entries_.size());
    if (free_.empty()) {
        entries_.emplace_back();
    } else {
        h = free_.back();
        free_.pop_back();
    }
    entries_[h] = {.key = std::string(key), .held = 1};
    handles_.emplace(entries_[h].key, h);
    bytes_ += overhead + key.size();
    return h;
}

void origins::release(handle h) {
    if (--entries_[h].held > 0) return;
    handles_.erase(entries_[h].key);
    bytes_ -= overhead + entries_[h].key.size();
    entries_[h].key = {};
    free_.push_back(h);
}

std::string_view origins::feed(handle h) const noexcept {
    return key(h).substr(sizes, sizes_of(key(h)).first);
}

std::string_view origins::publisher(handle h) const noexcept {
    const auto [feed, publisher] = sizes_of(key(h));
    return key(h).substr(sizes + feed, publisher);
}

std::string_view origins::source(handle h) const noexcept {
    const auto [feed, publisher] = sizes_of(key(h));
    return key(h).substr(sizes + feed + publisher);
}

void origins::save(byte_writer& out) const {
    out.put(static_cast<std::uint32_t>(entries_.size()));
    for (const entry& e : entries_) {
        out.put(e.held);
        out.put_text(e.key);
    }
}

bool origins::load(byte_reader& in) {
    constexpr std::uint32_t key_size_max = 1U << 24U;
    std::uint32_t count = 0;
    if (!in.get(count)) return false;
    for (handle h = 0; h < count; ++h) {
        entry& e = entries_.emplace_back();
        if (!in.get(e.held) || !in.get_text(e.key, key_size_max)) return false;
        if (e.held == 0) {
            free_.push_back(h);
            continue;
        }
        if (e.key.size() < sizes) return false;
        const auto [feed, publisher] = sizes_of(e.key);
        if (std::uint64_t{feed} + publisher > e.key.size() - sizes || !handles_.emplace(e.key, h).second) return false;
        bytes_ += overhead + e.key.size();
    }
    return true;
}

}  // namespace feedwatch::dedup
