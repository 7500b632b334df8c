#include "producers/schedule/due_queue.hpp"

#include <algorithm>

namespace feedwatch::schedule {
namespace {

constexpr std::size_t arity = 4;  // a level less to fetch from memory for every other one of a binary heap

}  // namespace

void due_queue::put(std::size_t at, entry e) {
    heap_[at] = e;
    place_[e.what] = static_cast<std::uint32_t>(at + 1);
}

void due_queue::rise(std::size_t at, entry e) {
    while (at > 0) {
        const std::size_t parent = (at - 1) / arity;
        if (!before(e, heap_[parent])) break;
        put(at, heap_[parent]);
        at = parent;
    }
    put(at, e);
}

void due_queue::sink(std::size_t at, entry e) {
    for (;;) {
        const std::size_t first = at * arity + 1;
        if (first >= heap_.size()) break;
        std::size_t least = first;
        for (std::size_t child = first + 1; child < std::min(first + arity, heap_.size()); ++child) {
            if (before(heap_[child], heap_[least])) least = child;
        }
        if (!before(heap_[least], e)) break;
        put(at, heap_[least]);
        at = least;
    }
    put(at, e);
}

void due_queue::set(handle what, timestamp due) {
    if (place_.size() <= what) place_.resize(std::size_t{what} + 1);
    const entry e{due, what};
    if (place_[what] == 0) {
        heap_.push_back(e);
        return rise(heap_.size() - 1, e);
    }
    const std::size_t at = place_[what] - 1;
    before(e, heap_[at]) ? rise(at, e) : sink(at, e);
}

void due_queue::erase(handle what) {
    if (what >= place_.size() || place_[what] == 0) return;
    const std::size_t at = place_[what] - 1;
    place_[what] = 0;
    const entry last = heap_.back();
    heap_.pop_back();
    if (at == heap_.size()) return;
    before(last, heap_[at]) ? rise(at, last) : sink(at, last);
}

std::optional<timestamp> due_queue::next() const {
    if (heap_.empty()) return std::nullopt;
    return heap_.front().due;
}

std::optional<timestamp> due_queue::due_of(handle what) const {
    if (what >= place_.size() || place_[what] == 0) return std::nullopt;
    return heap_[place_[what] - 1].due;
}

std::optional<handle> due_queue::pop(timestamp now) {
    if (heap_.empty() || heap_.front().due > now) return std::nullopt;
    const handle what = heap_.front().what;
    erase(what);
    return what;
}

std::size_t due_queue::bytes() const noexcept {
    return heap_.capacity() * sizeof(entry) + place_.capacity() * sizeof(std::uint32_t);
}

void due_queue::shift(duration by) {
    for (entry& e : heap_) e.due += by;
}

}  // namespace feedwatch::schedule
