#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <map>
#include <mutex>
#include <stdexcept>
#include <tuple>
#include <utility>

#include "io/metrics/metrics.hpp"
#include "io/metrics/text_format.hpp"

namespace feedwatch::metrics {
namespace {

struct counter_over final : counter {
    explicit counter_over(prometheus::Counter& c) : inner(c) {}
    void add(double amount) override { inner.Increment(amount); }
    prometheus::Counter& inner;
};

struct gauge_over final : gauge {
    gauge_over(prometheus::Family<prometheus::Gauge>& f, prometheus::Gauge& g) : family(f), inner(g) {}
    void set(double value) override { inner.Set(value); }
    void add(double amount) override { inner.Increment(amount); }
    prometheus::Family<prometheus::Gauge>& family;
    prometheus::Gauge& inner;
};

struct histogram_over final : histogram {
    explicit histogram_over(prometheus::Histogram& h) : inner(h) {}
    void observe(double value) override { inner.Observe(value); }
    prometheus::Histogram& inner;
};

using key = std::pair<std::string, std::map<std::string, std::string>>;

key key_of(const std::string& name, const labels& with) {
    return {name, {with.begin(), with.end()}};
}

}  // namespace

struct registry::state {
    mutable std::mutex guard;  // of the maps; the instruments are thread-safe themselves
    prometheus::Registry families;
    std::map<key, std::unique_ptr<counter_over>> counters;
    std::map<key, std::unique_ptr<gauge_over>> gauges;
    std::map<key, std::unique_ptr<histogram_over>> histograms;
    std::vector<std::function<void()>> refreshers;
};

registry::registry() : state_(std::make_unique<state>()) {}
registry::~registry() = default;

counter& registry::get_counter(const std::string& name, const std::string& help, const labels& with) {
    const std::lock_guard lock(state_->guard);
    auto k = key_of(name, with);
    auto& slot = state_->counters[k];
    if (!slot) {
        auto& family = prometheus::BuildCounter().Name(name).Help(help).Register(state_->families);
        slot = std::make_unique<counter_over>(family.Add(k.second));
    }
    return *slot;
}

gauge& registry::get_gauge(const std::string& name, const std::string& help, const labels& with) {
    const std::lock_guard lock(state_->guard);
    auto k = key_of(name, with);
    auto& slot = state_->gauges[k];
    if (!slot) {
        auto& family = prometheus::BuildGauge().Name(name).Help(help).Register(state_->families);
        slot = std::make_unique<gauge_over>(family, family.Add(k.second));
    }
    return *slot;
}

histogram& registry::get_histogram(const std::string& name, const std::string& help, const std::vector<double>& buckets,
                                   const labels& with) {
    const std::lock_guard lock(state_->guard);
    auto k = key_of(name, with);
    auto& slot = state_->histograms[k];
    if (!slot) {
        auto& family = prometheus::BuildHistogram().Name(name).Help(help).Register(state_->families);
        slot = std::make_unique<histogram_over>(family.Add(k.second, buckets));
    }
    return *slot;
}

void registry::remove(gauge& instrument) {
    const std::lock_guard lock(state_->guard);
    for (auto at = state_->gauges.begin(); at != state_->gauges.end(); ++at) {
        if (at->second.get() != &instrument) continue;
        at->second->family.Remove(&at->second->inner);
        state_->gauges.erase(at);
        return;
    }
}

void registry::before_collect(std::function<void()> refresh) {
    const std::lock_guard lock(state_->guard);
    state_->refreshers.push_back(std::move(refresh));
}

std::string registry::text() const {
    std::vector<std::function<void()>> refreshers;
    {
        const std::lock_guard lock(state_->guard);
        refreshers = state_->refreshers;  // they may ask for instruments themselves
    }
    for (const auto& refresh : refreshers) refresh();
    return to_text(state_->families.Collect());
}

}  // namespace feedwatch::metrics
