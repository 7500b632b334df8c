// A Standard Webhooks receiver in this process: verifies each signature with code of its own, answers as it is told,
// and keeps what it accepted.
#pragma once

#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "tests/support/http_test_server.hpp"

namespace feedwatch::test {

struct webhook {
    std::string id;
    std::string timestamp;
    std::string body;
};

class webhook_receiver {
  public:
    explicit webhook_receiver(std::string secret);  // "whsec_…"
    [[nodiscard]] std::string url() const { return server_.url("/hook"); }

    // The next answers, in order; after them 204.
    void answer_next(server_reply reply);

    [[nodiscard]] std::vector<webhook> accepted() const;  // verified, and answered with 2xx
    [[nodiscard]] std::vector<webhook> refused() const;   // verified, and answered otherwise
    [[nodiscard]] std::size_t unverified() const;         // answered with 401

  private:
    server_reply take(const received_request& r);

    std::string key_;
    mutable std::mutex mutex_;  // guards what follows
    std::deque<server_reply> planned_;
    std::vector<webhook> accepted_;
    std::vector<webhook> refused_;
    std::size_t unverified_ = 0;
    http_test_server server_;  // last: its threads end before the rest does
};

}  // namespace feedwatch::test
