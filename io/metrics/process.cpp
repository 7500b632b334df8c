#include <dirent.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <mutex>
#include <optional>
#include <sstream>

#include "core/time.hpp"
#include "io/metrics/metrics.hpp"

namespace feedwatch::metrics {
namespace {

struct process_stat {
    double cpu_seconds = 0;
    double virtual_bytes = 0;
    double resident_bytes = 0;
    double threads = 0;
    double start_after_boot_seconds = 0;
};

// /proc/self/stat, fields numbered as in proc(5). The second one may hold spaces and parentheses: skip to the last ')'.
std::optional<process_stat> read_stat() {
    std::ifstream in("/proc/self/stat");
    std::string all((std::istreambuf_iterator<char>(in)), {});
    const std::size_t name_end = all.rfind(')');
    if (name_end == std::string::npos) return std::nullopt;
    std::istringstream rest(all.substr(name_end + 1));
    std::string word;
    process_stat s;
    const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
    const auto page_bytes = static_cast<double>(sysconf(_SC_PAGESIZE));
    for (int number = 3; number <= 24 && rest >> word; ++number) {
        if (number == 14 || number == 15) s.cpu_seconds += std::stod(word) / ticks;
        if (number == 20) s.threads = std::stod(word);
        if (number == 22) s.start_after_boot_seconds = std::stod(word) / ticks;
        if (number == 23) s.virtual_bytes = std::stod(word);
        if (number == 24) s.resident_bytes = std::stod(word) * page_bytes;
    }
    return s;
}

double open_descriptors() {
    DIR* const dir = opendir("/proc/self/fd");
    if (dir == nullptr) return 0;
    double count = 0;
    while (const dirent* entry = readdir(dir)) count += entry->d_name[0] != '.';
    closedir(dir);
    return count - 1;  // without the directory just opened
}

double start_time_seconds(double after_boot_seconds) {
    timespec boot{};
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &boot);
    clock_gettime(CLOCK_REALTIME, &now);
    const auto seconds = [](const timespec& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
    };
    return seconds(now) - seconds(boot) + after_boot_seconds;
}

}  // namespace

void add_process_metrics(registry& to) {
    auto& cpu = to.get_counter("process_cpu_seconds_total", "Total user and system CPU time spent in seconds.");
    auto& resident = to.get_gauge("process_resident_memory_bytes", "Resident memory size in bytes.");
    auto& virtual_memory = to.get_gauge("process_virtual_memory_bytes", "Virtual memory size in bytes.");
    auto& open = to.get_gauge("process_open_fds", "Number of open file descriptors.");
    auto& limit = to.get_gauge("process_max_fds", "Maximum number of open file descriptors.");
    auto& threads = to.get_gauge("process_threads", "Number of threads.");
    auto& start = to.get_gauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds.");
    if (const auto first = read_stat()) start.set(start_time_seconds(first->start_after_boot_seconds));
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) limit.set(static_cast<double>(files.rlim_cur));

    struct last_cpu {
        std::mutex guard;  // two scrapes at once must not count the same seconds twice
        double seconds = 0;
    };
    to.before_collect([&, last = std::make_shared<last_cpu>()] {
        const auto now = read_stat();
        if (!now) return;
        {
            const std::lock_guard lock(last->guard);
            if (now->cpu_seconds > last->seconds) cpu.add(now->cpu_seconds - last->seconds);
            last->seconds = std::max(last->seconds, now->cpu_seconds);
        }
        resident.set(now->resident_bytes);
        virtual_memory.set(now->virtual_bytes);
        threads.set(now->threads);
        open.set(open_descriptors());
    });
}

void add_build_info(registry& to, const labels& versions) {
    to.get_gauge("feedwatch_build_info", "Versions of feedwatch and of the libraries it runs with; always 1.", versions)
        .set(1);
    const auto now = system_clock().now().time_since_epoch();
    to.get_gauge("feedwatch_start_time_seconds", "When this process started working, in seconds since the unix epoch.")
        .set(static_cast<double>(now.count()) / 1000.0);
}

}  // namespace feedwatch::metrics
