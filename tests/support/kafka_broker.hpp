// A real broker for the tests of one program, by deploy/kafka/local; started when first asked for, stopped with the
// program.
#pragma once

#include <filesystem>
#include <string>

#include "core/config.hpp"

namespace feedwatch::test {

class kafka_broker {
  public:
    // FEEDWATCH_TEST_KAFKA=host:port uses a broker that runs already. Throws std::runtime_error with the script's
    // words.
    static kafka_broker& shared();

    [[nodiscard]] const std::string& bootstrap() const noexcept { return bootstrap_; }
    // For this broker, with a topic prefix that no other test has.
    [[nodiscard]] kafka_config config(std::int32_t partitions = 2) const;

    ~kafka_broker();
    kafka_broker(const kafka_broker&) = delete;
    kafka_broker& operator=(const kafka_broker&) = delete;

  private:
    kafka_broker();
    std::filesystem::path data_;  // empty: not ours
    std::string bootstrap_;
};

}  // namespace feedwatch::test
