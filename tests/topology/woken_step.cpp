#include "tests/topology/woken_step.hpp"

namespace feedwatch::testing {

std::optional<timestamp> woken_step::next_tick() const {
    if (through_->in_flight() > 0) return timestamp{};
    return inner_->next_tick();
}

}  // namespace feedwatch::testing
