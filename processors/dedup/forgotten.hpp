// What was taken down (`stories forget`), so that it does not come back: a marker for each item of the story, with
// hashes by which the same piece is known again, and nothing of its words. As everything here, pure and with a journal
// to take changes back.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/byte_stream.hpp"
#include "core/error.hpp"
#include "core/record/seen.hpp"
#include "core/time.hpp"
#include "processors/dedup/batch_journal.hpp"

namespace feedwatch::dedup {

struct forgotten_marker {
    std::string item, story;
    std::string publisher, source;                              // whose text it was; the publisher by its family
    std::uint64_t url_hash = 0, title_hash = 0, text_hash = 0;  // 0: none
    std::uint32_t words = 0;
    timestamp last_seen{};  // asked for, or held something back
    friend bool operator==(const forgotten_marker&, const forgotten_marker&) = default;
};

// In topic `seen` a marker is a record with these fields alone, under the key "forgotten:" and the item's id.
[[nodiscard]] seen to_seen(const forgotten_marker& m);
[[nodiscard]] result<forgotten_marker> to_forgotten_marker(const seen& s);

class forgotten_pieces {
  public:
    void put(forgotten_marker m);  // over the one of its item
    void remove(std::string_view item);

    [[nodiscard]] const forgotten_marker* find(std::string_view item) const;
    // The one that speaks of this piece, last seen at `since` or later: by its id, else its link, else its text. Of
    // several the one with the smallest id.
    [[nodiscard]] const forgotten_marker* known(const forgotten_marker& piece, timestamp since) const;
    [[nodiscard]] const forgotten_marker* with_url(std::uint64_t hash, timestamp since) const;
    [[nodiscard]] const forgotten_marker* oldest() const;  // null: there is none

    [[nodiscard]] std::size_t size() const noexcept { return by_item_.size(); }
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
    [[nodiscard]] static std::size_t bytes_of(const forgotten_marker& m) noexcept;

    // As document_store's.
    void save(byte_writer& out) const;
    [[nodiscard]] bool load(byte_reader& in);
    void begin_batch(std::uint64_t batch) { journal_.begin(batch); }
    void commit_batch(std::uint64_t batch) { journal_.commit(batch); }
    void rollback_batch(std::uint64_t batch);

  private:
    struct change {
        std::string item;
        std::optional<forgotten_marker> before;
    };
    using by_hash = std::set<std::pair<std::uint64_t, std::string>>;  // of items

    void set(const std::string& item, std::optional<forgotten_marker> m);
    template <class Is>
    [[nodiscard]] const forgotten_marker* first(const by_hash& in, std::uint64_t hash, const Is& is) const;

    std::map<std::string, forgotten_marker, std::less<>> by_item_;
    by_hash by_url_, by_text_;
    std::set<std::pair<timestamp, std::string>> by_age_;
    std::size_t bytes_ = 0;
    batch_journal<change> journal_;
};

}  // namespace feedwatch::dedup
