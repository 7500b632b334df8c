// One line per event to stderr: a constant message and key=value fields, as text or JSON lines (spdlog inside). Field
// values are escaped: one event is one line whatever a feed says. Secrets are never passed here; URLs only as
// redacted_url().
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "core/config.hpp"
#include "core/error.hpp"
#include "core/meter.hpp"

namespace feedwatch::log {

struct field {
    std::string_view name;
    std::string value;
    field(std::string_view n, std::string v) : name(n), value(std::move(v)) {}
    field(std::string_view n, std::string_view v) : name(n), value(v) {}
    field(std::string_view n, const char* v) : name(n), value(v) {}
    field(std::string_view n, const error& e) : name(n), value(e.message()) {}
    template <class Number>
    requires std::is_arithmetic_v<Number> field(std::string_view n, Number v) : name(n), value(std::to_string(v)) {}
};
using fields = std::initializer_list<field>;

// Once, at start; before it everything from `info` up is printed as text. Counts lines by level in
// feedwatch_log_messages_total{level}. Warnings and errors are limited per message: ten a minute, then a count of what
// was left out. `counts` must outlive the last line, or be replaced by null_meter() before it goes. Thread-safe
// thereafter.
void configure(const log_config& config, meter& counts);

void debug(std::string_view message, fields with = {});
void info(std::string_view message, fields with = {});
void warning(std::string_view message, fields with = {});
void error(std::string_view message, fields with = {});

}  // namespace feedwatch::log
