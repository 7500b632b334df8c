#include "io/kafka/embedded_lanes.hpp"

#include <algorithm>

namespace feedwatch::kafka {

void embedded_lane::add_reader(const std::string& stage, journal_seq passed) {
    passed_.emplace(stage, passed);
}

journal_seq embedded_lane::passed_by_all() const {
    journal_seq least = last_;
    for (const auto& [stage, seq] : passed_) least = std::min(least, seq);
    return least;
}

journal_seq embedded_lane::passed_by(const std::string& stage) const {
    const auto it = passed_.find(stage);
    return it == passed_.end() ? 0 : it->second;
}

void embedded_lane::add_backlog(journal_seq last, std::size_t bytes) {
    last_ = std::max(last_, last);
    if (has_readers()) backlog_bytes_ += bytes;
}

void embedded_lane::begin() {
    if (begun_) return;
    begun_ = true;
    produced_ = before_first_ = passed_by_all();
}

bool embedded_lane::fits(std::size_t bytes, const window& limit) const noexcept {
    if (unpassed_.empty()) return true;
    return unpassed_bytes_ + bytes <= limit.bytes && unpassed_.size() < limit.records;
}

std::int64_t embedded_lane::produce(journal_seq seq, std::size_t bytes) {
    const auto offset = next_offset();
    unpassed_.push_back({seq, bytes});
    unpassed_bytes_ += bytes;
    produced_ = seq;
    return offset;
}

std::int64_t embedded_lane::offset_after(journal_seq passed) const {
    const auto it = std::upper_bound(unpassed_.begin(), unpassed_.end(), passed,
                                     [](journal_seq seq, const in_memory& each) { return seq < each.seq; });
    return first_offset_ + (it - unpassed_.begin());
}

journal_seq embedded_lane::seq_before(const std::string& stage, std::int64_t offset) const {
    const auto index = offset - 1 - first_offset_;
    if (index < 0 || unpassed_.empty()) return std::max(passed_by(stage), std::min(before_first_, produced_));
    const auto at = std::min<std::size_t>(static_cast<std::size_t>(index), unpassed_.size() - 1);
    return std::max(passed_by(stage), unpassed_[at].seq);
}

void embedded_lane::pass(const std::string& stage, journal_seq seq) {
    const auto it = passed_.find(stage);
    if (it == passed_.end()) return;
    it->second = std::max(it->second, seq);
    const auto all = passed_by_all();
    while (!unpassed_.empty() && unpassed_.front().seq <= all) {
        before_first_ = unpassed_.front().seq;
        unpassed_bytes_ -= unpassed_.front().bytes;
        backlog_bytes_ -= std::min(backlog_bytes_, unpassed_.front().bytes);
        unpassed_.pop_front();
        ++first_offset_;
    }
}

}  // namespace feedwatch::kafka
