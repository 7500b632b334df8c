// An item as the index remembers it: one allocation for all of its variable parts.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "core/record/item.hpp"
#include "core/record/seen.hpp"
#include "core/time.hpp"
#include "processors/dedup/fingerprint.hpp"

namespace feedwatch::dedup {

class document {
  public:
    // What the variable parts are made from; copied.
    struct parts {
        std::string_view id, story, feed, publisher, source;
        std::span<const std::uint32_t> anchors;
        std::span<const std::uint16_t> evidence, names, numbers;
    };

    document() = default;
    explicit document(const parts& from);

    [[nodiscard]] std::string_view id() const noexcept { return text(0, id_size_); }
    [[nodiscard]] std::string_view story() const noexcept;  // equals id() for the head
    [[nodiscard]] std::string_view feed() const noexcept { return text(feed_at(), feed_size_); }
    [[nodiscard]] std::string_view publisher() const noexcept { return text(feed_at() + feed_size_, publisher_size_); }
    [[nodiscard]] std::string_view source() const noexcept;
    [[nodiscard]] std::span<const std::uint32_t> anchors() const noexcept;
    // The samples, unpacked into the buffer.
    [[nodiscard]] std::span<const std::uint16_t> evidence(std::vector<std::uint16_t>& buffer) const;
    [[nodiscard]] std::span<const std::uint16_t> names(std::vector<std::uint16_t>& buffer) const;
    [[nodiscard]] std::span<const std::uint16_t> numbers(std::vector<std::uint16_t>& buffer) const;

    [[nodiscard]] bool is_head() const noexcept { return revision > 0; }
    // Whether copies are looked for among its words; otherwise another member of its story stands for it.
    [[nodiscard]] bool is_indexed() const noexcept { return indexed; }

    // What it takes in memory with its share of the tables. A function of the content alone, so that a budget evicts
    // the same documents after a restart as before it.
    [[nodiscard]] std::size_t bytes() const noexcept;

    std::uint64_t url_hash = 0;    // 0: none
    std::uint64_t title_hash = 0;  // 0: none
    std::uint64_t text_hash = 0;   // 0: none
    timestamp first_seen{};
    timestamp last_seen{};
    std::uint32_t words = 0;
    std::uint32_t distinct = 0;  // shingles
    std::uint32_t revision = 0;
    bool indexed = false;

  private:
    [[nodiscard]] std::size_t feed_at() const noexcept { return std::size_t{id_size_} + story_size_; }
    [[nodiscard]] std::size_t samples_at() const noexcept { return std::size_t{anchors_size_} * sizeof(std::uint32_t); }
    [[nodiscard]] std::size_t text_at() const noexcept { return samples_at() + samples_size_; }
    [[nodiscard]] std::size_t blob_size() const noexcept;
    [[nodiscard]] std::string_view text(std::size_t from, std::size_t size) const noexcept;
    [[nodiscard]] std::span<const std::uint16_t> sample(int number, std::vector<std::uint16_t>& buffer) const;

    std::unique_ptr<std::byte[]> blob_;  // anchors, packed evidence, names and numbers, then the strings
    std::uint32_t id_size_ = 0, story_size_ = 0, feed_size_ = 0, publisher_size_ = 0, source_size_ = 0;
    std::uint32_t samples_size_ = 0;  // bytes
    std::uint16_t anchors_size_ = 0;
};

[[nodiscard]] seen to_seen(const document& d);
[[nodiscard]] result<document> to_document(const seen& s);

}  // namespace feedwatch::dedup
