#include "app/filter/lines.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "app/exit_code.hpp"
#include "io/log/escape.hpp"

namespace feedwatch::app {
namespace {

constexpr std::size_t block_bytes = 64U << 10U;

error system_error(int code, std::string what) {
    return {code == ENOENT   ? errc::not_found
            : code == EACCES ? errc::refused
                             : errc::unavailable,
            std::move(what) + ": " + std::strerror(code)};
}

// Reads once, also when a signal comes in between.
ssize_t read_some(int fd, char* to, std::size_t bytes) {
    ssize_t n = 0;
    do {
        n = ::read(fd, to, bytes);
    } while (n < 0 && errno == EINTR);
    return n;
}

}  // namespace

bool line_writer::write(std::string_view line) {
    if (broken_) return false;
    (pending_ += line) += '\n';
    return pending_.size() < block_bytes || flush();
}

bool line_writer::flush() {
    for (std::size_t done = 0; !broken_ && done < pending_.size();) {
        const ssize_t n = ::write(fd_, pending_.data() + done, pending_.size() - done);
        if (n >= 0) {
            done += static_cast<std::size_t>(n);
        } else if (errno != EINTR) {
            if (errno != EPIPE) failure_ = system_error(errno, "cannot write the output");
            broken_ = true;
        }
    }
    pending_.clear();
    return !broken_;
}

bool line_reader::fill() {
    buffer_.erase(0, begin_);
    begin_ = 0;
    before_wait_();
    const std::size_t had = buffer_.size();
    buffer_.resize(had + block_bytes);
    const ssize_t n = read_some(fd_, buffer_.data() + had, block_bytes);
    buffer_.resize(had + static_cast<std::size_t>(n > 0 ? n : 0));
    if (n < 0) failed_ = true;
    if (n <= 0) at_end_ = true;
    return n > 0;
}

line_reader::got line_reader::next(std::string_view& line) {
    bool skipping = false;
    for (std::size_t searched = 0;;) {
        const std::size_t end = buffer_.find('\n', begin_ + searched);
        const bool whole = end != std::string::npos;
        if (whole || at_end_) {
            const std::size_t stop = whole ? end : buffer_.size();
            if (!whole && (failed_ || (stop == begin_ && !skipping))) return failed_ ? got::failed : got::end;
            line = std::string_view(buffer_).substr(begin_, stop - begin_);
            begin_ = whole ? stop + 1 : stop;
            ++number_;
            if (skipping || line.size() > line_bytes_max_) return got::too_long;
            if (line.ends_with('\r')) line.remove_suffix(1);
            return got::line;
        }
        if (buffer_.size() - begin_ > line_bytes_max_) {
            skipping = true;
            begin_ = buffer_.size();
        }
        searched = buffer_.size() - begin_;
        fill();
    }
}

void complain(std::string_view command, std::string_view message) {
    const std::string line = "feedwatch " + std::string(command) + ": " + log::printable(message) + "\n";
    (void)!::write(STDERR_FILENO, line.data(), line.size());
}

void complain_lines(std::string_view command, std::string_view messages) {
    while (!messages.empty()) {
        const std::size_t end = messages.find('\n');
        complain(command, messages.substr(0, end));
        messages.remove_prefix(end == std::string_view::npos ? messages.size() : end + 1);
    }
}

int filter_lines(std::string_view command, const line_function& process) {
    line_writer out(STDOUT_FILENO);
    line_reader in(STDIN_FILENO, [&out] { (void)out.flush(); });
    int code = exit_ok;
    const auto bad_line = [&](const std::string& why) {
        complain(command, "line " + std::to_string(in.number()) + ": " + why);
        code = exit_failed;
    };
    std::string_view line;
    for (bool more = true; more;) {
        switch (in.next(line)) {
            case line_reader::got::end:
                more = false;
                break;
            case line_reader::got::failed:
                complain(command, "cannot read standard input");
                return exit_failed;
            case line_reader::got::too_long:
                bad_line("longer than " + std::to_string(in.line_bytes_max() >> 20U) + " MiB; skipped");
                break;
            case line_reader::got::line: {
                if (line.find_first_not_of(" \t") == std::string_view::npos) break;
                auto made = process(line);
                if (!made) {
                    bad_line(made.error().message());
                } else if (*made) {
                    more = out.write(**made);
                }
            }
        }
    }
    (void)out.flush();
    if (out.failure()) {
        complain(command, out.failure()->message());
        return exit_failed;
    }
    return code;
}

result<std::string> read_input(const std::string& name, std::size_t bytes_max) {
    const bool standard = name == "-";
    const int fd = standard ? STDIN_FILENO : ::open(name.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return system_error(errno, name);
    std::string all;
    std::optional<error> failed;
    for (;;) {
        const std::size_t had = all.size();
        all.resize(had + block_bytes);
        const ssize_t n = read_some(fd, all.data() + had, block_bytes);
        all.resize(had + static_cast<std::size_t>(n > 0 ? n : 0));
        if (n < 0) failed = system_error(errno, standard ? "standard input" : name);
        if (n <= 0) break;
        if (all.size() > bytes_max) {
            failed = error(errc::too_large, name + ": larger than " + std::to_string(bytes_max >> 20U) + " MiB");
            break;
        }
    }
    if (!standard) ::close(fd);
    if (failed) return *failed;
    return all;
}

}  // namespace feedwatch::app
