// HTTP for a step: requests are submitted and finished ones collected on the runner's thread, while a thread with an
// Asio loop does the waiting. Finishing wakes the runner, which calls the step's tick().
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/step.hpp"
#include "io/http/client.hpp"

namespace feedwatch::http {

struct finished {
    std::uint64_t token = 0;  // as submitted
    result<response> outcome;
};

class exchange {
  public:
    virtual ~exchange() = default;
    virtual void submit(std::uint64_t token, request what) = 0;
    [[nodiscard]] virtual std::vector<finished> take_finished() = 0;  // each once
    [[nodiscard]] virtual std::size_t in_flight() const = 0;          // submitted and not yet taken
};

// Owns its loop and thread; `wakes` must outlive it.
[[nodiscard]] std::unique_ptr<exchange> make_exchange(client_options options, waker& wakes);

}  // namespace feedwatch::http
