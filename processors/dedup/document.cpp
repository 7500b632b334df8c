#include "processors/dedup/document.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <functional>

#include "core/hash.hpp"

namespace feedwatch::dedup {
namespace {

// The packed form: times, origin, flags and id, then what the flags say is there.
constexpr std::size_t time_bytes = 6;
constexpr std::size_t origin_at = 2 * time_bytes;
constexpr std::size_t flags_at = origin_at + sizeof(origins::handle);
constexpr std::size_t id_at = flags_at + 1;
constexpr int samples = 4;
constexpr std::int64_t first_kept = -62'135'596'800'000;  // 0001-01-01
constexpr std::int64_t last_kept = first_kept + (std::int64_t{1} << (8 * time_bytes)) - 1;

enum : unsigned {
    indexed_bit = 1,
    own_story_bit = 2,
    url_bit = 4,
    title_bit = 8,
    text_bit = 16,
    head_bit = 32,
    other_hashes_bit = 64,
    unheard_bit = 128  // not live
};

template <class T>
void put_raw(packed_bytes& out, T value, std::size_t bytes = sizeof(T)) {
    const std::size_t size = out.size();
    out.resize(size + bytes);
    std::memcpy(out.data() + size, &value, bytes);
}

template <class T>
T get_raw(const std::byte*& at) noexcept {
    T value{};
    std::memcpy(&value, at, sizeof(T));
    at += sizeof(T);
    return value;
}

std::uint64_t since_first(timestamp t) noexcept {
    return static_cast<std::uint64_t>(as_kept(t).time_since_epoch().count() - first_kept);
}

timestamp get_time(const std::byte* at) noexcept {
    std::uint64_t since = 0;
    std::memcpy(&since, at, time_bytes);
    return timestamp{duration{static_cast<std::int64_t>(since) + first_kept}};
}

std::uint32_t get_number(const std::byte*& at) noexcept {
    return static_cast<std::uint32_t>(get_varint(at));
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

template <class Hash>
bool ascends(const std::vector<Hash>& sample) noexcept {
    return std::ranges::adjacent_find(sample, std::greater_equal<>{}) == sample.end();
}

}  // namespace

timestamp as_kept(timestamp t) noexcept {
    return timestamp{duration{std::clamp<std::int64_t>(t.time_since_epoch().count(), first_kept, last_kept)}};
}

void pack(const document& d, origins::handle origin, packed_bytes& out) {
    out.clear();
    put_raw(out, since_first(d.last_seen), time_bytes);
    put_raw(out, since_first(d.first_seen), time_bytes);
    put_raw(out, origin);
    const unsigned flags = (d.indexed ? indexed_bit : 0U) | (d.story == d.id ? own_story_bit : 0U) |
                           (d.url_hash != 0 ? url_bit : 0U) | (d.title_hash != 0 ? title_bit : 0U) |
                           (d.text_hash != 0 ? text_bit : 0U) | (d.revision != 0 ? head_bit : 0U) |
                           (d.comparable ? 0U : other_hashes_bit) | (d.live ? 0U : unheard_bit);
    out.push_back(static_cast<std::byte>(flags));
    put_id(out, d.id);
    if (d.story != d.id) put_id(out, d.story);
    if (d.url_hash != 0) put_raw(out, d.url_hash);
    if (d.title_hash != 0) put_raw(out, d.title_hash);
    if (d.text_hash != 0) put_raw(out, d.text_hash);
    if (d.revision != 0) put_varint(out, d.revision);
    put_varint(out, d.words);
    if (!d.indexed) return;
    put_varint(out, d.distinct);
    put_sample(out, d.evidence);
    put_sample(out, d.names);
    put_sample(out, d.numbers);
    put_sample(out, d.anchors);
}

void set_last_seen(std::byte* packed, timestamp last_seen) noexcept {
    const std::uint64_t since = since_first(last_seen);
    std::memcpy(packed, &since, time_bytes);
}

void set_origin(std::byte* packed, origins::handle origin) noexcept {
    std::memcpy(packed + origin_at, &origin, sizeof(origin));
}

document_age age_of(const std::byte* packed) noexcept {
    const std::byte* id = packed + id_at;
    return {.last_seen = get_time(packed), .packed_id = get_id(id)};
}

document_view::document_view(const std::byte* packed, const origins& from) noexcept : begin_(packed), from_(&from) {
    last_seen = get_time(packed);
    first_seen = get_time(packed + time_bytes);
    const std::byte* at = packed + origin_at;
    origin = get_raw<origins::handle>(at);
    const auto flags = std::to_integer<unsigned>(*at++);
    indexed = (flags & indexed_bit) != 0;
    comparable = (flags & other_hashes_bit) == 0;
    packed_id_ = get_id(at);
    packed_story_ = (flags & own_story_bit) != 0 ? packed_id_ : get_id(at);
    if ((flags & url_bit) != 0) url_hash = get_raw<std::uint64_t>(at);
    if ((flags & title_bit) != 0) title_hash = get_raw<std::uint64_t>(at);
    if ((flags & text_bit) != 0) text_hash = get_raw<std::uint64_t>(at);
    if ((flags & head_bit) != 0) revision = get_number(at);
    live = (flags & unheard_bit) == 0;
    words = get_number(at);
    if (indexed) distinct = get_number(at);
    samples_ = at;
}

const std::byte* document_view::sample(int number) const noexcept {
    const std::byte* at = samples_;
    for (; number > 0; --number) skip_sample(at);
    return at;
}

std::span<const std::uint16_t> document_view::evidence(std::vector<std::uint16_t>& buffer) const {
    if (!indexed) return {};
    const std::byte* at = sample(0);
    get_sample(at, buffer);
    return buffer;
}

std::span<const std::uint16_t> document_view::names(std::vector<std::uint16_t>& buffer) const {
    if (!indexed) return {};
    const std::byte* at = sample(1);
    get_sample(at, buffer);
    return buffer;
}

std::span<const std::uint16_t> document_view::numbers(std::vector<std::uint16_t>& buffer) const {
    if (!indexed) return {};
    const std::byte* at = sample(2);
    get_sample(at, buffer);
    return buffer;
}

std::span<const std::uint32_t> document_view::anchors(std::vector<std::uint32_t>& buffer) const {
    if (!indexed) return {};
    const std::byte* at = sample(3);
    get_sample(at, buffer);
    return buffer;
}

std::span<const std::byte> document_view::packed() const noexcept {
    return {begin_, indexed ? sample(samples) : samples_};
}

document unpack(const document_view& d, unpacked& buffers) {
    buffers.id = d.id();
    buffers.story = d.story();
    document out{.id = buffers.id,
                 .story = buffers.story,
                 .feed = d.feed(),
                 .publisher = d.publisher(),
                 .source = d.source(),
                 .anchors = d.anchors(buffers.anchors),
                 .evidence = d.evidence(buffers.evidence),
                 .names = d.names(buffers.names),
                 .numbers = d.numbers(buffers.numbers)};
    out.url_hash = d.url_hash;
    out.title_hash = d.title_hash;
    out.text_hash = d.text_hash;
    out.first_seen = d.first_seen;
    out.last_seen = d.last_seen;
    out.words = d.words;
    out.distinct = d.distinct;
    out.revision = d.revision;
    out.live = d.live;
    out.comparable = d.comparable;
    out.indexed = d.indexed;
    return out;
}

std::string hex_or_none(std::uint64_t hash) {
    return hash == 0 ? std::string{} : hex_of(hash);
}

seen to_seen(const document_view& d) {
    seen s;
    s.story = story_id{d.story()};
    s.item = item_id{d.id()};
    s.feed = feed_id{std::string(d.feed())};
    s.publisher = d.publisher();
    s.source = d.source();
    s.revision = d.revision;
    s.live = d.live;
    s.url_hash = hex_or_none(d.url_hash);
    s.title_hash = hex_or_none(d.title_hash);
    s.text_hash = hex_or_none(d.text_hash);
    s.words = d.words;
    s.hashes = d.comparable ? hashes_now : 0;
    static_cast<void>(d.anchors(s.fingerprint));
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
    if (s.fingerprint.size() > list_max) {
        return error{errc::too_large, "the fingerprint of the seen record has more than 65535 hashes"};
    }
    if (!ascends(s.fingerprint) || !ascends(s.evidence) || !ascends(s.names) || !ascends(s.numbers)) {
        return error{errc::malformed, "a list of the seen record does not ascend"};
    }
    const auto url = from_hex("url_hash", s.url_hash);
    if (!url) return url.error();
    const auto title = from_hex("title_hash", s.title_hash);
    if (!title) return title.error();
    const auto text = from_hex("text_hash", s.text_hash);
    if (!text) return text.error();
    document d{
        .id = s.item.str(), .story = s.story.str(), .feed = s.feed.str(), .publisher = s.publisher, .source = s.source};
    d.url_hash = *url;
    d.first_seen = s.first_seen;
    d.last_seen = s.last_seen;
    d.words = s.words;
    d.revision = s.revision;
    d.live = s.live;
    d.comparable = s.hashes == hashes_now;
    if (!d.comparable) return d;
    d.anchors = s.fingerprint;
    d.evidence = s.evidence;
    d.names = s.names;
    d.numbers = s.numbers;
    d.title_hash = *title;
    d.text_hash = *text;
    d.distinct = s.shingles;
    d.indexed = s.shingles > 0;
    return d;
}

}  // namespace feedwatch::dedup
