#include "io/kafka/poison_search.hpp"

#include <algorithm>

namespace feedwatch::kafka {

poison_search::finding poison_search::failed(const position& first, std::uint32_t records) {
    ++failures_;
    if (records <= 1) {
        // Condemned only after as many failures as the first suspicion needed. Batches of other partitions may come and
        // go in between.
        if (++alone_[first] < aborts_before_suspicion) return finding::none;
        alone_.erase(first);
        failures_ = 0;
        return finding::poison;
    }
    // While halving, one failure is enough to halve again: halving wrongly costs little.
    if (!limit_ && failures_ < aborts_before_suspicion) return finding::none;
    if (!limit_) suspects_ = records;
    limit_ = (records + 1) / 2;
    failures_ = 0;
    return finding::none;
}

void poison_search::committed(std::uint32_t records) {
    failures_ = 0;
    if (!limit_) {
        alone_.clear();
        return;
    }
    suspects_ -= std::min(suspects_, records);
    if (suspects_ == 0) {
        limit_.reset();
        alone_.clear();
    } else {
        limit_ = std::min(suspects_, *limit_);
    }
}

}  // namespace feedwatch::kafka
