// Prometheus' text exposition format. Private to io/metrics.
#pragma once

#include <string>
#include <vector>

#include <prometheus/metric_family.h>

namespace feedwatch::metrics {

// Families sorted by name, series by labels, so that two scrapes compare. Label values and help are made valid UTF-8:
// one bad byte would fail the whole scrape. A family without series is left out.
[[nodiscard]] std::string to_text(std::vector<prometheus::MetricFamily> families);

}  // namespace feedwatch::metrics
