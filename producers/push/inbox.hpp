// Between the HTTP port and the poller: what hubs send to callbacks, checked and bounded before the poller sees it. It
// lives as long as the port; the poller opens it while it runs.
//
// What needs no state is answered on the port's thread: a path whose tag is not ours (404, before the body is read), a
// delivery that is not signed with the subscription's secret (403), one that is too large (413) or one too many (503).
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/step.hpp"
#include "io/http/server.hpp"
#include "producers/push/intent.hpp"
#include "producers/push/keys.hpp"
#include "producers/push/metrics.hpp"

namespace feedwatch::push {

struct letter {
    address to;
    std::optional<intent> asks;  // nullopt: a delivery
    std::string body;
    std::string content_type;
    std::unique_ptr<http::pending_reply> reply;  // destroyed unsent, it is a 503
    std::shared_ptr<void> place;                 // in the queue
};

struct inbox_limits {
    std::size_t body_bytes_max = 16U << 20U;  // of one delivery
    std::size_t bytes_max = 64U << 20U;       // of all that are being read, wait or are not committed yet
    std::size_t letters_max = 256;
};

class inbox final : public http::receiver {
  public:
    inbox(keys own, inbox_limits limits, meter& counts);
    ~inbox() override;
    inbox(const inbox&) = delete;
    inbox& operator=(const inbox&) = delete;

    [[nodiscard]] admission admit(const http::received_request& head, std::optional<std::uint64_t> body_bytes) override;
    void receive(http::received_request what, std::unique_ptr<http::pending_reply> reply) override;

    // By the poller. `wakes` is called for each letter until close().
    void open(waker& wakes);
    void close();  // what waits is answered 503, and so is what comes
    [[nodiscard]] std::vector<letter> take();

    [[nodiscard]] const keys& own() const noexcept { return keys_; }

  private:
    struct queue;
    keys keys_;
    inbox_limits limits_;
    metrics counts_;
    std::shared_ptr<queue> queue_;  // shared with the places of letters, which may outlive it
};

}  // namespace feedwatch::push
