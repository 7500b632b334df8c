// What to take back when a batch is rolled back. Batches are begun in order, committed oldest first, rolled back newest
// first. Outside of any nothing is noted.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace feedwatch::dedup {

template <class Change>
class batch_journal {
  public:
    [[nodiscard]] bool is_open() const noexcept { return !open_.empty(); }
    void note(Change c) {
        if (is_open()) changes_.push_back(std::move(c));
    }

    void begin(std::uint64_t batch) { open_.push_back({batch, changes_.size()}); }
    void commit(std::uint64_t batch) {
        assert(is_open() && open_.front().number == batch);
        static_cast<void>(batch);
        open_.erase(open_.begin());
        const std::size_t done = open_.empty() ? changes_.size() : open_.front().first_change;
        changes_.erase(changes_.begin(), changes_.begin() + static_cast<std::ptrdiff_t>(done));
        for (open_batch& b : open_) b.first_change -= done;
    }
    // And those begun after it: undo(Change) for each change, newest first.
    template <class Undo>
    void rollback(std::uint64_t batch, const Undo& undo) {
        while (is_open() && open_.back().number >= batch) {
            while (changes_.size() > open_.back().first_change) {
                Change last = std::move(changes_.back());
                changes_.pop_back();
                undo(std::move(last));
            }
            open_.pop_back();
        }
    }

  private:
    struct open_batch {
        std::uint64_t number = 0;
        std::size_t first_change = 0;
    };
    std::vector<Change> changes_;
    std::vector<open_batch> open_;
};

}  // namespace feedwatch::dedup
