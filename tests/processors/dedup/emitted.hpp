// Collects what a step emits.
#pragma once

#include <string>
#include <vector>

#include "core/step.hpp"

namespace feedwatch::dedup {

class emitted final : public emitter {
  public:
    void emit(output_record record) override { records.push_back(std::move(record)); }
    [[nodiscard]] std::vector<output_record> of(topic t) const {
        std::vector<output_record> some;
        for (const output_record& r : records) {
            if (r.to == t) some.push_back(r);
        }
        return some;
    }
    std::vector<output_record> records;
};

}  // namespace feedwatch::dedup
