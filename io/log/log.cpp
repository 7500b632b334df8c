#include "io/log/log.hpp"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <array>
#include <atomic>
#include <memory>
#include <mutex>

#include "io/log/escape.hpp"
#include "io/log/limiter.hpp"

namespace feedwatch::log {
namespace {

// Warnings and errors come in floods (a broker away, a disk full); ten a minute of each kind tell the story.
constexpr std::uint32_t burst = 10;
constexpr std::chrono::minutes window{1};

constexpr std::array<std::string_view, 4> level_names{"debug", "info", "warning", "error"};

enum class level { debug, info, warning, error };

spdlog::level::level_enum spdlog_level(level l) {
    static constexpr std::array map{spdlog::level::debug, spdlog::level::info, spdlog::level::warn, spdlog::level::err};
    return map[static_cast<std::size_t>(l)];
}

spdlog::level::level_enum threshold(std::string_view name) {
    for (std::size_t i = 0; i < level_names.size(); ++i) {
        if (level_names[i] == name) return spdlog_level(static_cast<level>(i));
    }
    return spdlog::level::info;  // app/config refuses other names
}

struct state {
    std::mutex guard;  // of everything below
    std::shared_ptr<spdlog::logger> logger;
    limiter limits{burst, window};
    std::array<counter*, 4> counts{};
    counter* suppressed = nullptr;
    bool json = false;

    state() { rebuild(log_config{}); }

    void rebuild(const log_config& config) {
        json = config.format == "json";
        logger = std::make_shared<spdlog::logger>("feedwatch", std::make_shared<spdlog::sinks::stderr_sink_mt>());
        // The level's own names are printed: "warning" and "error" are spdlog's too.
        const char* const pattern =
            json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})" : "%Y-%m-%dT%H:%M:%S.%eZ %l %v";
        logger->set_formatter(std::make_unique<spdlog::pattern_formatter>(pattern, spdlog::pattern_time_type::utc));
        logger->set_level(threshold(config.level));
        logger->flush_on(spdlog::level::trace);
    }
};

state& shared() {
    // Never destroyed: a thread may still log while statics go.
    static state* const instance = new state;
    return *instance;
}

std::string text_line(std::string_view message, fields with) {
    std::string line(message);
    for (const field& f : with) ((line += ' ') += f.name) += '=' + text_value(f.value);
    return line;
}

std::string json_line(std::string_view message, fields with) {
    std::string line = "\"message\":" + json_string(message);
    for (const field& f : with) {
        const bool taken = f.name == "time" || f.name == "level" || f.name == "message";
        (((line += ",\"") += f.name) += taken ? "_\":" : "\":") += json_string(f.value);
    }
    return line;
}

void write(level l, std::string_view message, fields with) {
    state& s = shared();
    std::unique_lock lock(s.guard);
    if (counter* const c = s.counts[static_cast<std::size_t>(l)]) c->add();
    if (!s.logger->should_log(spdlog_level(l))) return;
    std::uint64_t left_out = 0;
    if (l >= level::warning) {
        const auto admitted = s.limits.admit(message, limiter::clock::now());
        if (!admitted) {
            if (s.suppressed != nullptr) s.suppressed->add();
            return;
        }
        left_out = *admitted;
    }
    const bool json = s.json;
    const std::shared_ptr<spdlog::logger> logger = s.logger;
    lock.unlock();

    std::string line = json ? json_line(message, with) : text_line(message, with);
    if (left_out > 0) {
        line +=
            json ? ",\"suppressed\":\"" + std::to_string(left_out) + '"' : " suppressed=" + std::to_string(left_out);
    }
    logger->log(spdlog_level(l), spdlog::string_view_t(line));
}

}  // namespace

void configure(const log_config& config, meter& counts) {
    state& s = shared();
    const std::lock_guard lock(s.guard);
    s.rebuild(config);
    for (std::size_t i = 0; i < level_names.size(); ++i) {
        s.counts[i] = &counts.get_counter("feedwatch_log_messages_total", "Events by level, whether printed or not.",
                                          {{"level", std::string(level_names[i])}});
    }
    s.suppressed = &counts.get_counter("feedwatch_log_suppressed_total",
                                       "Repeated warnings and errors that were counted but not printed.");
}

void debug(std::string_view message, fields with) {
    write(level::debug, message, with);
}
void info(std::string_view message, fields with) {
    write(level::info, message, with);
}
void warning(std::string_view message, fields with) {
    write(level::warning, message, with);
}
void error(std::string_view message, fields with) {
    write(level::error, message, with);
}

}  // namespace feedwatch::log
