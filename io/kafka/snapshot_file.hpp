// Private: the file of a snapshot: what it is of, a step's bytes, and a check sum of both. It appears whole, by being
// renamed into its place.
#pragma once

#include <xxhash.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/byte_stream.hpp"
#include "core/error.hpp"
#include "core/time.hpp"

namespace feedwatch::kafka {

// Whose state it is and up to where.
struct snapshot_place {
    std::string format;   // the step's
    std::string cluster;  // Kafka's id of it
    std::string topic;    // the changelog's full name
    std::int32_t partition = 0;
    std::int64_t first = 0;  // where the changelog began: what was deleted from it since is in the snapshot still
    std::int64_t next = 0;   // the first record of the changelog that may not be in it
    timestamp as_of{};       // when that was read: records from `next` on were written later
    friend bool operator==(const snapshot_place&, const snapshot_place&) = default;
};

class file_descriptor {
  public:
    explicit file_descriptor(int fd) noexcept : fd_(fd) {}
    file_descriptor(file_descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    file_descriptor& operator=(file_descriptor&&) = delete;
    file_descriptor(const file_descriptor&) = delete;
    file_descriptor& operator=(const file_descriptor&) = delete;
    ~file_descriptor();
    [[nodiscard]] int get() const noexcept { return fd_; }

  private:
    int fd_;
};

class snapshot_writer final : public byte_writer {
  public:
    // Writes beside `path`, for its owner alone. Errors name the file.
    [[nodiscard]] static result<std::unique_ptr<snapshot_writer>> open(std::string path, const snapshot_place& place);
    ~snapshot_writer() override;  // removes what was not published
    snapshot_writer(const snapshot_writer&) = delete;
    snapshot_writer& operator=(const snapshot_writer&) = delete;

    void write(std::span<const std::byte> bytes) override;
    // Ends it with the check sum and puts it on the disk; the first failure of any write.
    [[nodiscard]] result<> finish();
    // In its place, instead of what was there.
    [[nodiscard]] result<> publish();
    [[nodiscard]] std::uint64_t bytes() const noexcept { return written_; }

  private:
    snapshot_writer(std::string path, file_descriptor file);
    void flush();

    std::string path_, beside_;
    file_descriptor file_;
    std::vector<std::byte> buffer_;
    std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> sum_;
    std::uint64_t written_ = 0;
    result<> state_;
    bool published_ = false;
};

class snapshot_reader final : public byte_reader {
  public:
    // Reads it whole, to compare the check sum. errc::not_found: there is none; errc::malformed: it is not one, or is
    // damaged.
    [[nodiscard]] static result<std::unique_ptr<snapshot_reader>> open(const std::string& path);

    [[nodiscard]] const snapshot_place& place() const noexcept { return place_; }
    [[nodiscard]] bool read(std::span<std::byte> into) override;
    [[nodiscard]] bool at_end() const noexcept { return left_ == 0 && at_ == filled_; }

  private:
    explicit snapshot_reader(file_descriptor file) : file_(std::move(file)) {}
    [[nodiscard]] bool is_whole();
    [[nodiscard]] bool read_place();
    [[nodiscard]] bool fill();

    snapshot_place place_;
    file_descriptor file_;
    std::vector<std::byte> buffer_;
    std::size_t at_ = 0, filled_ = 0;  // of the buffer
    std::uint64_t left_ = 0;           // not read into it yet
};

}  // namespace feedwatch::kafka
