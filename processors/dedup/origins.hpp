// Where documents come from: feed, publisher and the source that the item itself names, each such triple held once for
// all of its documents.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/byte_stream.hpp"

namespace feedwatch::dedup {

class origins {
  public:
    using handle = std::uint32_t;

    origins() = default;
    origins(origins&&) noexcept = default;
    origins& operator=(origins&&) noexcept = default;
    origins(const origins&) = delete;
    origins& operator=(const origins&) = delete;
    ~origins() = default;

    // Until as many release(). A key, once joined, is as good as what it was joined of.
    [[nodiscard]] static std::string join(std::string_view feed, std::string_view publisher, std::string_view source);
    [[nodiscard]] handle hold(std::string_view key);
    void release(handle h);

    [[nodiscard]] std::string_view key(handle h) const noexcept { return entries_[h].key; }
    [[nodiscard]] std::string_view feed(handle h) const noexcept;
    [[nodiscard]] std::string_view publisher(handle h) const noexcept;
    [[nodiscard]] std::string_view source(handle h) const noexcept;

    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

    // With their handles. load() is for one that holds nothing; false: these are not the bytes of save().
    void save(byte_writer& out) const;
    [[nodiscard]] bool load(byte_reader& in);

  private:
    struct entry {
        std::string key;  // the sizes of feed and publisher, then all three
        std::uint32_t held = 0;
    };
    // Entry, node of the map and their allocations.
    static constexpr std::size_t overhead = sizeof(entry) + 80;

    std::deque<entry> entries_;  // they do not move: the map has views of their keys
    std::unordered_map<std::string_view, handle> handles_;
    std::vector<handle> free_;
    std::size_t bytes_ = 0;
};

}  // namespace feedwatch::dedup
