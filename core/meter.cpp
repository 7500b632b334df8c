#include "core/meter.hpp"

namespace feedwatch {
namespace {

class null_instruments final : public meter {
    struct null_counter final : counter {
        void add(double) override {}
    } counter_;
    struct null_gauge final : gauge {
        void set(double) override {}
        void add(double) override {}
    } gauge_;
    struct null_histogram final : histogram {
        void observe(double) override {}
    } histogram_;

  public:
    counter& get_counter(const std::string&, const std::string&, const labels&) override { return counter_; }
    gauge& get_gauge(const std::string&, const std::string&, const labels&) override { return gauge_; }
    histogram& get_histogram(const std::string&, const std::string&, const std::vector<double>&,
                             const labels&) override {
        return histogram_;
    }
    void remove(gauge&) override {}
};

}  // namespace

meter& null_meter() noexcept {
    static null_instruments instance;
    return instance;
}

}  // namespace feedwatch
