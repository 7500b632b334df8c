#include "app/run/feed_spool.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <random>
#include <thread>

#include "core/hash.hpp"
#include "core/utf8.hpp"
#include "io/log/log.hpp"

namespace feedwatch::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view changes_ending = ".changes";
constexpr std::string_view refusal_ending = ".refused";
constexpr std::string_view unfinished_ending = ".part";
constexpr std::size_t files_per_look_max = 100;
constexpr std::size_t changes_per_file_max = 100'000;
constexpr std::size_t reason_bytes_max = 2000;
constexpr auto leftovers_after = std::chrono::hours{1};  // of a command that was killed
constexpr std::chrono::milliseconds look_again{20};      // another process acts and cannot wake us

struct open_file {
    int fd = -1;
    ~open_file() {
        if (fd >= 0) ::close(fd);
    }
};

error failure(const std::string& path, int code) {
    return {errc::refused, path + ": " + std::strerror(code)};
}

// Names sort by when they were made.
std::string new_name() {
    const auto now = std::chrono::system_clock::now().time_since_epoch().count();
    std::random_device random;
    std::string time = std::to_string(now);
    time.insert(0, 24 - std::min<std::size_t>(time.size(), 24), '0');
    return time + "-" + hash128_hex(std::to_string(random()) + "-" + std::to_string(random())).substr(0, 12);
}

// In one step: whoever sees the name sees all of the text.
result<> write_whole(const std::string& path, std::string_view text) {
    const std::string unfinished = path + std::string(unfinished_ending);
    open_file file{::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
    if (file.fd < 0) return failure(unfinished, errno);
    for (std::size_t done = 0; done < text.size();) {
        const ssize_t n = ::write(file.fd, text.data() + done, text.size() - done);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
            const int code = errno;
            (void)::unlink(unfinished.c_str());
            return failure(unfinished, code);
        }
        done += static_cast<std::size_t>(n);
    }
    if (::rename(unfinished.c_str(), path.c_str()) != 0) return failure(path, errno);
    return {};
}

result<std::string> read_plain_file(const std::string& path, std::size_t bytes_max) {
    open_file file{::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
    if (file.fd < 0) return failure(path, errno);
    struct stat about {};
    if (::fstat(file.fd, &about) != 0) return failure(path, errno);
    if (!S_ISREG(about.st_mode)) return error(errc::refused, path + ": not a plain file");
    if (about.st_uid != ::geteuid() && about.st_uid != 0)
        return error(errc::refused, path + ": belongs to another user");
    if (static_cast<std::size_t>(about.st_size) > bytes_max)
        return error(errc::too_large, path + ": more than " + std::to_string(bytes_max) + " bytes");
    std::string text;
    std::array<char, 65536> buffer;
    for (;;) {
        const ssize_t n = ::read(file.fd, buffer.data(), buffer.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return failure(path, errno);
        if (n == 0) return text;
        text.append(buffer.data(), static_cast<std::size_t>(n));
        if (text.size() > bytes_max) return error(errc::too_large, path + ": grows");
    }
}

result<std::vector<feed_change>> read_changes(const std::string& path) {
    const auto text = read_plain_file(path, feed_spool::file_bytes_max);
    if (!text) return text.error();
    std::vector<feed_change> changes;
    for (std::string_view rest = *text; !rest.empty();) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        if (line.empty()) continue;
        auto change = feed_change_from_json(line);
        if (!change)
            return error(change.error().code,
                         "change " + std::to_string(changes.size() + 1) + ": " + change.error().detail);
        if (changes.size() >= changes_per_file_max) return error(errc::too_large, "too many changes in one file");
        changes.push_back(std::move(*change));
    }
    return changes;
}

std::string folder_in(const std::string& state_dir) {
    return state_dir + "/feed-changes";
}

// What the process left instead of the changes.
result<> outcome_of(const std::string& path) {
    const std::string refusal = path + std::string(refusal_ending);
    const auto reason = read_plain_file(refusal, reason_bytes_max);
    if (!reason) return {};
    (void)::unlink(refusal.c_str());
    return error(errc::refused, *reason);
}

}  // namespace

result<> hand_over(const std::string& state_dir, std::span<const feed_change> changes, duration patience) {
    std::string text;
    for (const feed_change& c : changes) (text += to_json(c)) += '\n';
    const std::string folder = folder_in(state_dir);
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return failure(folder, errno);
    const std::string path = folder + "/" + new_name() + std::string(changes_ending);
    if (const auto written = write_whole(path, text); !written) return written;
    const auto until = std::chrono::steady_clock::now() + patience;
    while (::access(path.c_str(), F_OK) == 0) {
        if (std::chrono::steady_clock::now() >= until && ::unlink(path.c_str()) == 0)
            return error(errc::timeout, "the feedwatch that runs with state_dir " + state_dir +
                                            " does not take changes; nothing was changed");
        std::this_thread::sleep_for(look_again);
    }
    return outcome_of(path);
}

feed_spool::feed_spool(std::string state_dir) : folder_(folder_in(state_dir)) {}

void feed_spool::look(const std::function<result<>(const std::vector<feed_change>&)>& apply) {
    std::error_code failed;
    std::vector<std::string> names;
    std::size_t seen = 0;
    for (fs::directory_iterator at(folder_, failed), end; !failed && at != end && ++seen < 10 * files_per_look_max;
         at.increment(failed)) {
        const std::string name = at->path().filename().string();
        if (name.ends_with(changes_ending)) {
            names.push_back(name);
        } else if (const auto written = at->last_write_time(failed);
                   !failed && fs::file_time_type::clock::now() - written > leftovers_after) {
            (void)::unlink(at->path().c_str());  // a reason that nobody fetched, an unfinished file
        }
    }
    std::sort(names.begin(), names.end());
    names.resize(std::min(names.size(), files_per_look_max));
    for (const std::string& name : names) {
        const std::string path = folder_ + "/" + name;
        const auto changes = read_changes(path);
        const result<> applied = changes ? apply(*changes) : result<>(changes.error());
        if (!applied && is_retryable(applied.error())) {
            log::warning("changes of the feeds wait", {{"file", name}, {"error", applied.error()}});
            return;
        }
        if (!applied) {
            log::warning("changes of the feeds refused", {{"file", name}, {"error", applied.error()}});
            (void)write_whole(path + std::string(refusal_ending),
                              truncate_utf8(to_valid_utf8(applied.error().detail), reason_bytes_max));
        }
        // A folder by that name cannot be unlinked: it is told once a look, and keeps nobody else waiting.
        (void)::unlink(path.c_str());
    }
}

}  // namespace feedwatch::app
