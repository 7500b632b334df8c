// A runner for one alerts step: batches, commits, roll-backs and restarts as a test says; the topic `deliveries` in
// memory.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/record/delivery.hpp"
#include "core/record/item.hpp"
#include "sinks/alerts/alerts.hpp"
#include "tests/sinks/alerts/fake_exchange.hpp"

namespace feedwatch::test {

inline constexpr const char* test_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=";

channel_config channel_named(const std::string& name);
flagged_item alert_item(const std::string& story, const std::vector<std::string>& topics);

class alert_bench {
  public:
    // `through`: a real exchange instead of the fake one.
    explicit alert_bench(std::vector<channel_config> channels, std::int32_t partitions = 1,
                         http::exchange* through = nullptr);

    // As after SIGKILL: what was committed is all there is. Requests under way get lost.
    void restart();
    void begin();
    result<> process(const flagged_item& item, std::int32_t partition = 0);
    result<> take_down(const std::string& story, std::int32_t partition = 0);
    void tick();
    void commit();
    void rollback();
    // One batch each.
    void flag(const flagged_item& item, std::int32_t partition = 0);
    void settle();
    void pass(duration by);  // time goes by, and what is due is done

    [[nodiscard]] delivery stored(const std::string& key) const;
    [[nodiscard]] std::vector<std::string> keys(delivery::state status) const;

    timestamp now = timestamp(std::chrono::seconds(1'800'000'000));
    std::unique_ptr<fake_exchange> http;
    std::unique_ptr<step> alerts;
    std::vector<output_record> dead;
    std::map<std::string, std::pair<std::int32_t, std::string>>
        topic_deliveries;         // compacted: key to partition and value
    std::vector<header> headers;  // of the next records
    timestamp written = now;      // Kafka's time of the next records
    std::size_t emitted = 0;

  private:
    class collector final : public emitter {
      public:
        void emit(output_record r) override { records.push_back(std::move(r)); }
        std::vector<output_record> records;
    };

    std::vector<channel_config> channels_;
    std::int32_t partitions_;
    http::exchange* through_;
    std::uint64_t batch_ = 0;
    collector out_;
};

}  // namespace feedwatch::test
