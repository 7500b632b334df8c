#include "processors/dedup/document.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <functional>
#include <new>

#include "processors/dedup/packing.hpp"

namespace feedwatch::dedup {
namespace {

// Six bytes of an entry of the tables at their usual load of five sixths.
constexpr std::size_t bytes_per_entry = 7;
constexpr std::size_t bytes_per_expiry = 24;
// What the allocator adds to the blob, and the slot's numbers in the store.
constexpr std::size_t bytes_beside = 16 + 6;
// get_sample() may read so far past the last sample.
constexpr std::size_t readable_past = 8;

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

bool ascends(std::span<const std::uint16_t> sample) noexcept {
    return std::ranges::adjacent_find(sample, std::greater_equal<>{}) == sample.end();
}

}  // namespace

document::document(const parts& from)
    : id_size_(static_cast<std::uint32_t>(from.id.size())),
      story_size_(from.story == from.id ? 0 : static_cast<std::uint32_t>(from.story.size())),
      feed_size_(static_cast<std::uint32_t>(from.feed.size())),
      publisher_size_(static_cast<std::uint32_t>(from.publisher.size())),
      source_size_(static_cast<std::uint32_t>(from.source.size())),
      anchors_size_(static_cast<std::uint16_t>(from.anchors.size())) {
    thread_local packed_bytes samples;
    samples.clear();
    if (!from.evidence.empty() || !from.names.empty() || !from.numbers.empty()) {
        put_sample(samples, from.evidence);
        put_sample(samples, from.names);
        put_sample(samples, from.numbers);
    }
    samples_size_ = static_cast<std::uint32_t>(samples.size());
    blob_ = std::make_unique<std::byte[]>(blob_size());
    std::byte* at = blob_.get();
    const auto put = [&at](const void* data, std::size_t size) {
        if (size != 0) std::memcpy(at, data, size);
        at += size;
    };
    put(from.anchors.data(), from.anchors.size_bytes());
    put(samples.data(), samples.size());
    put(from.id.data(), id_size_);
    put(from.story.data(), story_size_);
    put(from.feed.data(), feed_size_);
    put(from.publisher.data(), publisher_size_);
    put(from.source.data(), source_size_);
}

std::size_t document::blob_size() const noexcept {
    return text_at() + feed_at() + feed_size_ + publisher_size_ + source_size_ + readable_past;
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

// The blob's allocation is aligned for any integer.
std::span<const std::uint32_t> document::anchors() const noexcept {
    return {reinterpret_cast<const std::uint32_t*>(blob_.get()), anchors_size_};
}

std::span<const std::uint16_t> document::sample(int number, std::vector<std::uint16_t>& buffer) const {
    buffer.clear();
    if (samples_size_ == 0) return {};
    const std::byte* at = blob_.get() + samples_at();
    for (; number > 0; --number) skip_sample(at);
    get_sample(at, buffer);
    return buffer;
}

std::span<const std::uint16_t> document::evidence(std::vector<std::uint16_t>& buffer) const {
    return sample(0, buffer);
}

std::span<const std::uint16_t> document::names(std::vector<std::uint16_t>& buffer) const {
    return sample(1, buffer);
}

std::span<const std::uint16_t> document::numbers(std::vector<std::uint16_t>& buffer) const {
    return sample(2, buffer);
}

std::size_t document::bytes() const noexcept {
    const std::size_t entries = std::size_t{anchors_size_} + 3;
    return sizeof(document) + blob_size() + entries * bytes_per_entry + bytes_per_expiry + bytes_beside;
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
    static_cast<void>(d.evidence(s.evidence));
    s.shingles = d.distinct;
    static_cast<void>(d.names(s.names));
    static_cast<void>(d.numbers(s.numbers));
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
    if (!ascends(s.evidence) || !ascends(s.names) || !ascends(s.numbers)) {
        return error{errc::malformed, "a sample of the seen record does not ascend"};
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
