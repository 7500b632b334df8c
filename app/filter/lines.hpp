// Lines in, lines out, for the filters. Output is flushed whenever the filter is about to wait for input, so that a
// person or a pipe sees each result at once, and a large file still goes through in large blocks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/error.hpp"

namespace feedwatch::app {

class line_writer {
  public:
    explicit line_writer(int fd) : fd_(fd) {}
    ~line_writer() { (void)flush(); }
    line_writer(const line_writer&) = delete;
    line_writer& operator=(const line_writer&) = delete;

    // False once the reader has gone away or the disk is full: nobody can be served any more.
    bool write(std::string_view line);
    bool flush();
    // Set by a failed write; nullopt while all is well or when the reader has just left (EPIPE), which is no failure.
    [[nodiscard]] const std::optional<error>& failure() const noexcept { return failure_; }

  private:
    int fd_;
    std::string pending_;
    bool broken_ = false;
    std::optional<error> failure_;
};

class line_reader {
  public:
    // `before_wait` is called before each read from the descriptor. Longer lines than the limit are skipped and told.
    line_reader(int fd, std::function<void()> before_wait, std::size_t line_bytes_max = 64U << 20U)
        : fd_(fd), before_wait_(std::move(before_wait)), line_bytes_max_(line_bytes_max) {}

    enum class got { line, too_long, end, failed };
    // The view lives until the next call. The last line needs no line break; a CR before it is dropped.
    got next(std::string_view& line);
    [[nodiscard]] std::uint64_t number() const noexcept { return number_; }  // of the line last returned, from 1
    [[nodiscard]] std::size_t line_bytes_max() const noexcept { return line_bytes_max_; }

  private:
    bool fill();

    int fd_;
    std::function<void()> before_wait_;
    std::size_t line_bytes_max_;
    std::string buffer_;
    std::size_t begin_ = 0;
    std::uint64_t number_ = 0;
    bool at_end_ = false;
    bool failed_ = false;
};

// Calls `process` for each line of standard input that is not blank and writes what it returns. A line that fails is
// named on stderr and skipped; the exit code then is exit_failed at the end.
using line_function = std::function<result<std::optional<std::string>>(std::string_view)>;
int filter_lines(std::string_view command, const line_function& process);

// "feedwatch parse: <message>" on stderr, with control characters escaped.
void complain(std::string_view command, std::string_view message);

// The same for each line of a message that has several, such as all mistakes of a configuration.
void complain_lines(std::string_view command, std::string_view messages);

// All of a file, or of standard input for "-". errc::not_found, errc::too_large, ... in words.
[[nodiscard]] result<std::string> read_input(const std::string& name, std::size_t bytes_max = 256U << 20U);

}  // namespace feedwatch::app
