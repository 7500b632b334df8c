// Which of many is due next: a heap of four that knows where each stands. 20 bytes for each, so that a million feeds
// fit beside everything else (bench/run schedule).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/time.hpp"

namespace feedwatch::schedule {

// What is scheduled, as its owner numbers it: small, dense, free to be used again after erase() or pop().
using handle = std::uint32_t;

class due_queue {
  public:
    void set(handle what, timestamp due);  // replaces
    void erase(handle what);               // one that is not there is fine
    [[nodiscard]] std::optional<timestamp> next() const;
    [[nodiscard]] std::optional<timestamp> due_of(handle what) const;
    // The earliest that is due at `now`, removed; ties in the order of handles.
    [[nodiscard]] std::optional<handle> pop(timestamp now);
    [[nodiscard]] std::size_t size() const noexcept { return heap_.size(); }
    [[nodiscard]] std::size_t bytes() const noexcept;  // of memory, room to grow included

    // The clock was set by `by`: everything keeps its distance.
    void shift(duration by);

  private:
    struct entry {
        timestamp due;
        handle what;
    };
    [[nodiscard]] static bool before(const entry& a, const entry& b) noexcept {
        return a.due != b.due ? a.due < b.due : a.what < b.what;
    }
    void put(std::size_t at, entry e);
    void rise(std::size_t at, entry e);
    void sink(std::size_t at, entry e);

    std::vector<entry> heap_;
    std::vector<std::uint32_t> place_;  // by handle: index in heap_ plus one; 0: not there
};

}  // namespace feedwatch::schedule
