// The process's metrics: core/meter.hpp over prometheus-cpp's registry, and their text for Prometheus.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/meter.hpp"

namespace feedwatch::metrics {

// Text format 0.0.4: what Prometheus has read since 2014 and every agent still does.
inline constexpr const char* content_type = "text/plain; version=0.0.4; charset=utf-8";

class registry final : public meter {
  public:
    registry();
    ~registry() override;
    registry(const registry&) = delete;
    registry& operator=(const registry&) = delete;

    // A name or label that Prometheus would refuse, or one name for two kinds, is a mistake in our code: it throws.
    counter& get_counter(const std::string& name, const std::string& help, const labels& with = {}) override;
    gauge& get_gauge(const std::string& name, const std::string& help, const labels& with = {}) override;
    histogram& get_histogram(const std::string& name, const std::string& help, const std::vector<double>& buckets,
                             const labels& with = {}) override;
    void remove(gauge& instrument) override;

    // Called before each collection, on the collecting thread: for values that are cheaper to ask for than to keep.
    void before_collect(std::function<void()> refresh);

    // Everything, sorted by name. Thread-safe.
    [[nodiscard]] std::string text() const;

  private:
    struct state;
    std::unique_ptr<state> state_;
};

// process_cpu_seconds_total, process_resident_memory_bytes, …, as Prometheus' own client libraries name them, from
// /proc.
void add_process_metrics(registry& to);

// feedwatch_build_info{version, …} 1 and feedwatch_start_time_seconds.
void add_build_info(registry& to, const labels& versions);

}  // namespace feedwatch::metrics
