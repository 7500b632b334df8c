// A meter that a test can look into.
#pragma once

#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/meter.hpp"

namespace feedwatch::test {

class counting_meter final : public meter {
  public:
    counter& get_counter(const std::string& name, const std::string&, const labels& with) override {
        return all_[{name, with}];
    }
    gauge& get_gauge(const std::string& name, const std::string&, const labels& with) override {
        return all_[{name, with}];
    }
    histogram& get_histogram(const std::string& name, const std::string&, const std::vector<double>&,
                             const labels& with) override {
        return observations_[{name, with}];
    }
    void remove(gauge&) override {}

    // NaN, which equals nothing, where nobody asked for it.
    [[nodiscard]] double value(const std::string& name, const labels& with = {}) const {
        const auto found = all_.find({name, with});
        return found == all_.end() ? std::numeric_limits<double>::quiet_NaN() : found->second.value;
    }

    // All that a histogram was given, in order.
    [[nodiscard]] std::vector<double> observed(const std::string& name, const labels& with = {}) const {
        const auto found = observations_.find({name, with});
        return found == observations_.end() ? std::vector<double>{} : found->second.values;
    }

  private:
    struct observations final : histogram {
        void observe(double v) override { values.push_back(v); }
        std::vector<double> values;
    };
    struct instrument final : counter, gauge {
        void add(double amount) override { value += amount; }
        void set(double v) override { value = v; }
        double value = 0;
    };
    std::map<std::pair<std::string, labels>, instrument> all_;
    std::map<std::pair<std::string, labels>, observations> observations_;
};

}  // namespace feedwatch::test
