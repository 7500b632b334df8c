// A cluster that hands everything on to another: tests override what they watch or break.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "io/kafka/backend.hpp"

namespace feedwatch::kafka::test {

class forwarding_backend : public backend {
  public:
    explicit forwarding_backend(backend& on) : backend(on.config()), on_(on) {}
    [[nodiscard]] std::string id() const override { return on_.id(); }
    [[nodiscard]] std::string bootstrap() const override { return on_.bootstrap(); }
    result<> create_missing_topics() override { return on_.create_missing_topics(); }
    [[nodiscard]] result<> reach(duration patience) const override { return on_.reach(patience); }
    [[nodiscard]] std::optional<std::vector<topic_partition>> whole_assignment(const stage& who) const override {
        return on_.whole_assignment(who);
    }
    void enlist(const stage& who) override { on_.enlist(who); }
    void starting(const stage& who) override { on_.starting(who); }
    void leaving(const stage& who) override { on_.leaving(who); }
    [[nodiscard]] std::unique_ptr<committer> make_committer(const stage& who, rd_kafka_t* consumer) override {
        return on_.make_committer(who, consumer);
    }
    [[nodiscard]] result<std::vector<position>> committed(const stage& who, rd_kafka_t* consumer,
                                                          std::span<const topic_partition> wanted,
                                                          duration patience) override {
        return on_.committed(who, consumer, wanted, patience);
    }
    [[nodiscard]] result<std::unique_ptr<changelog>> open_changelog(topic_partition which,
                                                                    const std::optional<resumption>& after) override {
        return on_.open_changelog(which, after);
    }
    [[nodiscard]] bool keeps_offsets() const override { return on_.keeps_offsets(); }
    [[nodiscard]] result<extent> ends_of(const topic_partition& which) override { return on_.ends_of(which); }

  private:
    backend& on_;
};

inline kafka_config embedded_config() {
    kafka_config config;
    config.partitions = 1;
    return config;
}

}  // namespace feedwatch::kafka::test
