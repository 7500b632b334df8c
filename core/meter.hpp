// Counting without knowing who collects. Families and labels are made at start; the references stay valid as long as
// the meter. Label values are configured names, never what a feed or a URL says.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace feedwatch {

class counter {
  public:
    virtual ~counter() = default;
    virtual void add(double amount = 1) = 0;
};

class gauge {
  public:
    virtual ~gauge() = default;
    virtual void set(double value) = 0;
    virtual void add(double amount) = 0;
};

class histogram {
  public:
    virtual ~histogram() = default;
    virtual void observe(double value) = 0;
};

using labels = std::vector<std::pair<std::string, std::string>>;

// Thread-safe. Asking twice for one name and labels gives the same instrument.
class meter {
  public:
    virtual ~meter() = default;
    virtual counter& get_counter(const std::string& name, const std::string& help, const labels& with = {}) = 0;
    virtual gauge& get_gauge(const std::string& name, const std::string& help, const labels& with = {}) = 0;
    virtual histogram& get_histogram(const std::string& name, const std::string& help,
                                     const std::vector<double>& buckets, const labels& with = {}) = 0;
    // For things that come and go (a removed feed): its series is no longer exposed.
    virtual void remove(gauge& instrument) = 0;
};

// Counts nothing. For filters and tests that do not look.
[[nodiscard]] meter& null_meter() noexcept;

}  // namespace feedwatch
