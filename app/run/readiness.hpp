// What /readyz says; written by the main thread, read by the HTTP server's.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "io/http/server.hpp"

namespace feedwatch::app {

class readiness {
  public:
    void set(std::vector<std::string> reasons_against);
    // 200 {"ready":true,"reasons":[]}, or 503 with the reasons.
    [[nodiscard]] http::served_reply answer() const;

  private:
    mutable std::mutex guard_;
    std::vector<std::string> reasons_{"starting"};  // by guard_
};

}  // namespace feedwatch::app
