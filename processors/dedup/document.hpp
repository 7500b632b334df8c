// An item as the index remembers it: what is put in, and a view of the few bytes that it becomes.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "core/record/seen.hpp"
#include "core/time.hpp"
#include "processors/dedup/origins.hpp"
#include "processors/dedup/packing.hpp"

namespace feedwatch::dedup {

// Borrows everything that it is made from.
struct document {
    std::string_view id = {}, story = {}, feed = {}, publisher = {}, source = {};  // the story's id is the head's
    std::span<const std::uint32_t> anchors = {};                                   // by which likenesses are found
    std::span<const std::uint16_t> evidence = {}, names = {}, numbers = {};
    std::uint64_t url_hash = 0;    // 0: none
    std::uint64_t title_hash = 0;  // 0: none
    std::uint64_t text_hash = 0;   // 0: none
    timestamp first_seen{};
    timestamp last_seen{};
    std::uint32_t words = 0;
    std::uint32_t distinct = 0;  // shingles
    std::uint32_t revision = 0;  // of the story, where this is its head or an earlier version of that
    bool live = true;            // of a head: a live item of the story has been seen
    // Whether copies are looked for among its words; otherwise another member of its story stands for it.
    bool indexed = false;
    // False: its words were hashed another way and are not known here. There is neither hash of them nor sample then.
    bool comparable = true;
};

// Times are kept to the millisecond from the year 1 to 8920, others as the nearest of these.
[[nodiscard]] timestamp as_kept(timestamp t) noexcept;

void pack(const document& d, origins::handle origin, packed_bytes& out);
// These change a packed document.
void set_last_seen(std::byte* packed, timestamp last_seen) noexcept;
void set_origin(std::byte* packed, origins::handle origin) noexcept;

// Valid as long as the packed bytes; what is public here is a copy.
class document_view {
  public:
    document_view(const std::byte* packed, const origins& from) noexcept;

    [[nodiscard]] std::string id() const { return unpacked_id(packed_id_); }
    [[nodiscard]] std::string story() const { return unpacked_id(packed_story_); }
    [[nodiscard]] std::span<const std::byte> packed_id() const noexcept { return packed_id_; }
    [[nodiscard]] std::span<const std::byte> packed_story() const noexcept { return packed_story_; }
    [[nodiscard]] std::string_view feed() const noexcept { return from_->feed(origin); }
    [[nodiscard]] std::string_view publisher() const noexcept { return from_->publisher(origin); }
    [[nodiscard]] std::string_view source() const noexcept { return from_->source(origin); }
    [[nodiscard]] bool is_head() const noexcept { return revision > 0 && has_own_story(); }
    // What the story's head said at an earlier revision.
    [[nodiscard]] bool is_version() const noexcept { return revision > 0 && !has_own_story(); }
    [[nodiscard]] bool is_indexed() const noexcept { return indexed; }

    // Unpacked into the buffer.
    [[nodiscard]] std::span<const std::uint16_t> evidence(std::vector<std::uint16_t>& buffer) const;
    [[nodiscard]] std::span<const std::uint16_t> names(std::vector<std::uint16_t>& buffer) const;
    [[nodiscard]] std::span<const std::uint16_t> numbers(std::vector<std::uint16_t>& buffer) const;
    [[nodiscard]] std::span<const std::uint32_t> anchors(std::vector<std::uint32_t>& buffer) const;

    [[nodiscard]] std::span<const std::byte> packed() const noexcept;

    timestamp first_seen{};
    timestamp last_seen{};
    std::uint64_t url_hash = 0;
    std::uint64_t title_hash = 0;
    std::uint64_t text_hash = 0;
    std::uint32_t words = 0;
    std::uint32_t distinct = 0;
    std::uint32_t revision = 0;
    origins::handle origin = 0;
    bool live = true;
    bool indexed = false;
    bool comparable = true;

  private:
    [[nodiscard]] bool has_own_story() const noexcept { return packed_story_.data() == packed_id_.data(); }
    [[nodiscard]] const std::byte* sample(int number) const noexcept;

    const std::byte* begin_;
    const std::byte* samples_ = nullptr;  // evidence, names, numbers, anchors
    std::span<const std::byte> packed_id_, packed_story_;
    const origins* from_;
};

// What a document made from a view borrows.
struct unpacked {
    std::string id, story;
    std::vector<std::uint32_t> anchors;
    std::vector<std::uint16_t> evidence, names, numbers;
};
[[nodiscard]] document unpack(const document_view& d, unpacked& buffers);

// Only what a queue of expiry asks, of one cache line.
struct document_age {
    timestamp last_seen{};
    std::span<const std::byte> packed_id;
};
[[nodiscard]] document_age age_of(const std::byte* packed) noexcept;

// What seen::hashes says of what is written here: raised with every change of word_hash() and of fingerprinter.
inline constexpr std::uint32_t hashes_now = 2;

[[nodiscard]] std::string hex_or_none(std::uint64_t hash);  // as `seen` writes a hash; 0: ""
[[nodiscard]] seen to_seen(const document_view& d);
// Borrows the record's. Words that were hashed another way are left out.
[[nodiscard]] result<document> to_document(const seen& s);

}  // namespace feedwatch::dedup
