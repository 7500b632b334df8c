#include "processors/dedup/document.hpp"

#include <charconv>
#include <cstring>
#include <new>

namespace feedwatch::dedup {
namespace {

// Entries of the tables at their usual load: an anchor is 8 bytes in a table that is between a third and two thirds
// full, an identity 16.
constexpr std::size_t bytes_per_anchor = 16;
constexpr std::size_t bytes_per_identity = 32;
constexpr std::size_t bytes_per_expiry = 24;

std::string to_hex(std::uint64_t hash) {
    if (hash == 0) return {};
    char digits[17];
    const auto end = std::to_chars(digits, digits + 16, hash, 16).ptr;
    std::string out(16 - static_cast<std::size_t>(end - digits), '0');
    out.append(digits, end);
    return out;
}

result<std::uint64_t> from_hex(std::string_view what, const std::string& hex) {
    std::uint64_t hash = 0;
    if (hex.empty()) return hash;
    const auto [end, failed] = std::from_chars(hex.data(), hex.data() + hex.size(), hash, 16);
    if (failed != std::errc{} || end != hex.data() + hex.size()) {
        return error{errc::malformed, std::string(what) + " is not a hexadecimal hash"};
    }
    return hash;
}

}  // namespace

document::document(const parts& from)
    : id_size_(static_cast<std::uint32_t>(from.id.size())),
      story_size_(from.story == from.id ? 0 : static_cast<std::uint32_t>(from.story.size())),
      feed_size_(static_cast<std::uint32_t>(from.feed.size())),
      publisher_size_(static_cast<std::uint32_t>(from.publisher.size())),
      source_size_(static_cast<std::uint32_t>(from.source.size())),
      anchors_size_(static_cast<std::uint16_t>(from.anchors.size())),
      evidence_size_(static_cast<std::uint16_t>(from.evidence.size())),
      names_size_(static_cast<std::uint16_t>(from.names.size())),
      numbers_size_(static_cast<std::uint16_t>(from.numbers.size())) {
    blob_ = std::make_unique<std::byte[]>(blob_size());
    std::byte* at = blob_.get();
    const auto put = [&at](const void* data, std::size_t size) {
        if (size != 0) std::memcpy(at, data, size);
        at += size;
    };
    put(from.anchors.data(), from.anchors.size_bytes());
    put(from.evidence.data(), from.evidence.size_bytes());
    put(from.names.data(), from.names.size_bytes());
    put(from.numbers.data(), from.numbers.size_bytes());
    put(from.id.data(), id_size_);
    put(from.story.data(), story_size_);
    put(from.feed.data(), feed_size_);
    put(from.publisher.data(), publisher_size_);
    put(from.source.data(), source_size_);
}

std::size_t document::text_at() const noexcept {
    const std::size_t samples = std::size_t{evidence_size_} + names_size_ + numbers_size_;
    return samples_at() + samples * sizeof(std::uint16_t);
}

std::size_t document::blob_size() const noexcept {
    return text_at() + feed_at() + feed_size_ + publisher_size_ + source_size_;
}

std::string_view document::text(std::size_t from, std::size_t size) const noexcept {
    return {reinterpret_cast<const char*>(blob_.get() + text_at() + from), size};
}

std::string_view document::story() const noexcept {
    return story_size_ == 0 ? id() : text(id_size_, story_size_);
}

std::string_view document::source() const noexcept {
    return text(feed_at() + feed_size_ + publisher_size_, source_size_);
}

// The blob's allocation is aligned for any integer, and each array begins at a multiple of its element's size.
std::span<const std::uint32_t> document::anchors() const noexcept {
    return {reinterpret_cast<const std::uint32_t*>(blob_.get()), anchors_size_};
}

std::span<const std::uint16_t> document::sample(std::size_t from, std::size_t size) const noexcept {
    return {reinterpret_cast<const std::uint16_t*>(blob_.get() + samples_at()) + from, size};
}

std::span<const std::uint16_t> document::numbers() const noexcept {
    return sample(std::size_t{evidence_size_} + names_size_, numbers_size_);
}

std::size_t document::bytes() const noexcept {
    return sizeof(document) + blob_size() + anchors_size_ * bytes_per_anchor + 3 * bytes_per_identity +
           bytes_per_expiry;
}

seen to_seen(const document& d) {
    seen s;
    s.story = story_id{std::string(d.story())};
    s.item = item_id{std::string(d.id())};
    s.feed = feed_id{std::string(d.feed())};
    s.publisher = d.publisher();
    s.source = d.source();
    s.revision = d.revision;
    s.url_hash = to_hex(d.url_hash);
    s.title_hash = to_hex(d.title_hash);
    s.text_hash = to_hex(d.text_hash);
    s.words = d.words;
    s.fingerprint.assign(d.anchors().begin(), d.anchors().end());
    s.evidence.assign(d.evidence().begin(), d.evidence().end());
    s.shingles = d.distinct;
    s.names.assign(d.names().begin(), d.names().end());
    s.numbers.assign(d.numbers().begin(), d.numbers().end());
    s.first_seen = d.first_seen;
    s.last_seen = d.last_seen;
    return s;
}

result<document> to_document(const seen& s) {
    constexpr std::size_t list_max = 0xFFFF;
    if (s.fingerprint.size() > list_max || s.evidence.size() > list_max || s.names.size() > list_max ||
        s.numbers.size() > list_max) {
        return error{errc::too_large, "a list of the seen record has more than 65535 hashes"};
    }
    const auto url = from_hex("url_hash", s.url_hash);
    if (!url) return url.error();
    const auto title = from_hex("title_hash", s.title_hash);
    if (!title) return title.error();
    const auto text = from_hex("text_hash", s.text_hash);
    if (!text) return text.error();
    document d({.id = s.item.str(),
                .story = s.story.str(),
                .feed = s.feed.str(),
                .publisher = s.publisher,
                .source = s.source,
                .anchors = s.fingerprint,
                .evidence = s.evidence,
                .names = s.names,
                .numbers = s.numbers});
    d.url_hash = *url;
    d.title_hash = *title;
    d.text_hash = *text;
    d.first_seen = s.first_seen;
    d.last_seen = s.last_seen;
    d.words = s.words;
    d.distinct = s.shingles;
    d.revision = s.revision;
    d.indexed = s.shingles > 0;
    return d;
}

}  // namespace feedwatch::dedup
