#include "io/metrics/text_format.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

#include "core/utf8.hpp"

namespace feedwatch::metrics {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using label_list = std::vector<ClientMetric::Label>;

enum class quotes { kept, escaped };

void append_escaped(std::string& out, std::string_view raw, quotes q) {
    for (const char c : to_valid_utf8(raw)) {
        if (c == '\\') {
            out += "\\\\";
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '"' && q == quotes::escaped) {
            out += "\\\"";
        } else {
            out += c;
        }
    }
}

void append_number(std::string& out, double value) {
    if (std::isnan(value)) {
        out += "NaN";
    } else if (std::isinf(value)) {
        out += value > 0 ? "+Inf" : "-Inf";
    } else {
        std::array<char, 32> buffer{};
        const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
        out.append(buffer.data(), end);
    }
}

std::string number(double value) {
    std::string out;
    append_number(out, value);
    return out;
}

// One line. `extra` is the label that a bucket or quantile adds.
void append_sample(std::string& out, const std::string& name, std::string_view suffix, const label_list& labels,
                   const ClientMetric::Label* extra, double value) {
    (out += name) += suffix;
    if (!labels.empty() || extra != nullptr) {
        char separator = '{';
        const auto append_label = [&](const ClientMetric::Label& l) {
            ((out += separator) += l.name) += "=\"";
            append_escaped(out, l.value, quotes::escaped);
            out += '"';
            separator = ',';
        };
        for (const auto& l : labels) append_label(l);
        if (extra != nullptr) append_label(*extra);
        out += '}';
    }
    out += ' ';
    append_number(out, value);
    out += '\n';
}

void append_histogram(std::string& out, const std::string& name, const ClientMetric& m) {
    for (const auto& bucket : m.histogram.bucket) {
        const ClientMetric::Label le{"le", number(bucket.upper_bound)};
        append_sample(out, name, "_bucket", m.label, &le, static_cast<double>(bucket.cumulative_count));
    }
    append_sample(out, name, "_sum", m.label, nullptr, m.histogram.sample_sum);
    append_sample(out, name, "_count", m.label, nullptr, static_cast<double>(m.histogram.sample_count));
}

void append_summary(std::string& out, const std::string& name, const ClientMetric& m) {
    for (const auto& q : m.summary.quantile) {
        const ClientMetric::Label quantile{"quantile", number(q.quantile)};
        append_sample(out, name, "", m.label, &quantile, q.value);
    }
    append_sample(out, name, "_sum", m.label, nullptr, m.summary.sample_sum);
    append_sample(out, name, "_count", m.label, nullptr, static_cast<double>(m.summary.sample_count));
}

std::string_view type_name(MetricType type) {
    switch (type) {
        case MetricType::Counter:
            return "counter";
        case MetricType::Gauge:
            return "gauge";
        case MetricType::Summary:
            return "summary";
        case MetricType::Histogram:
            return "histogram";
        case MetricType::Untyped:
            break;
    }
    return "untyped";
}

void append_metric(std::string& out, const MetricFamily& family, const ClientMetric& m) {
    switch (family.type) {
        case MetricType::Counter:
            return append_sample(out, family.name, "", m.label, nullptr, m.counter.value);
        case MetricType::Gauge:
            return append_sample(out, family.name, "", m.label, nullptr, m.gauge.value);
        case MetricType::Untyped:
            return append_sample(out, family.name, "", m.label, nullptr, m.untyped.value);
        case MetricType::Histogram:
            return append_histogram(out, family.name, m);
        case MetricType::Summary:
            return append_summary(out, family.name, m);
    }
}

}  // namespace

std::string to_text(std::vector<MetricFamily> families) {
    std::sort(families.begin(), families.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    std::string out;
    for (MetricFamily& family : families) {
        if (family.metric.empty()) continue;
        std::sort(family.metric.begin(), family.metric.end(),
                  [](const auto& a, const auto& b) { return a.label < b.label; });
        ((out += "# HELP ") += family.name) += ' ';
        append_escaped(out, family.help, quotes::kept);
        (((out += "\n# TYPE ") += family.name) += ' ') += type_name(family.type);
        out += '\n';
        for (const ClientMetric& m : family.metric) append_metric(out, family, m);
    }
    return out;
}

}  // namespace feedwatch::metrics
