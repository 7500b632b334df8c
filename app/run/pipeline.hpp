// The steps and sinks of a role, each with its runner, wired to one cluster.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/commands.hpp"
#include "app/config/environment.hpp"
#include "core/config.hpp"
#include "core/meter.hpp"
#include "io/kafka/runner.hpp"
#include "processors/match/rule_set.hpp"

namespace feedwatch::push {
class inbox;
}

namespace feedwatch::app {

class pipeline {
  public:
    // All references must outlive it, and so must `from_hubs`, nullptr where feeds are polled only.
    // errc::invalid_config names what cannot work.
    static result<std::unique_ptr<pipeline>> make(role as, const config& values, const environment& surroundings,
                                                  const rules_source& rules, kafka::cluster& on, meter& counts,
                                                  push::inbox* from_hubs);
    ~pipeline();
    pipeline(const pipeline&) = delete;
    pipeline& operator=(const pipeline&) = delete;

    void start();
    // The poller first, so that no more comes in; then the rest, in the order of the flow. Returns when all have left.
    void stop();

    // Why the process is not ready: "dedup: not assigned and restored yet". Empty: it is.
    [[nodiscard]] std::vector<std::string> not_ready() const;
    // The first runner that has given up.
    [[nodiscard]] std::optional<error> failure() const;

  private:
    struct part;
    pipeline();
    std::vector<std::unique_ptr<part>> parts_;  // in the order of the flow
};

// "feedwatch/0.1.0 (+https://…)" unless configured.
[[nodiscard]] std::string user_agent(const network_config& network);

}  // namespace feedwatch::app
