#include "io/kafka/snapshot_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <new>
#include <utility>

namespace feedwatch::kafka {
namespace {

constexpr std::string_view magic = "feedwatch snapshot 2\n";
constexpr std::size_t sum_bytes = sizeof(XXH64_hash_t);
constexpr std::size_t buffer_bytes = std::size_t{1} << 20U;

error failure(const std::string& doing, const std::string& path) {
    const int code = errno;
    const auto kind = code == ENOENT ? errc::not_found : errc::unavailable;
    return {kind, doing + " " + path + ": " + std::strerror(code)};
}

// So that a name is on the disk and not only what it names.
void sync_folder(const std::filesystem::path& folder) {
    const file_descriptor at{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (at.get() >= 0) ::fsync(at.get());
}

std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> new_sum() {
    std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> sum{XXH3_createState(), &XXH3_freeState};
    if (!sum) throw std::bad_alloc();
    XXH3_64bits_reset(sum.get());
    return sum;
}

// False: it ends before, or cannot be read.
bool read_fully(int fd, std::span<std::byte> into) {
    while (!into.empty()) {
        const auto got = ::read(fd, into.data(), into.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        into = into.subspan(static_cast<std::size_t>(got));
    }
    return true;
}

}  // namespace

file_descriptor::~file_descriptor() {
    if (fd_ >= 0) ::close(fd_);
}

snapshot_writer::snapshot_writer(std::string path, file_descriptor file)
    : path_(std::move(path)), beside_(path_ + ".new"), file_(std::move(file)), sum_(new_sum()) {
    buffer_.reserve(buffer_bytes);
}

result<std::unique_ptr<snapshot_writer>> snapshot_writer::open(std::string path, const snapshot_place& place) {
    const std::string beside = path + ".new";
    // Another process that writes the same one now keeps its own file: ours has the name.
    ::unlink(beside.c_str());
    file_descriptor file{::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (file.get() < 0) return failure("cannot write", beside);
    std::unique_ptr<snapshot_writer> made(new snapshot_writer(std::move(path), std::move(file)));
    made->write(std::as_bytes(std::span(magic)));
    made->put_text(place.format);
    made->put_text(place.cluster);
    made->put_text(place.topic);
    made->put(place.partition);
    made->put(place.first);
    made->put(place.next);
    made->put(static_cast<std::int64_t>(place.as_of.time_since_epoch().count()));
    return made;
}

snapshot_writer::~snapshot_writer() {
    if (!published_) ::unlink(beside_.c_str());
}

void snapshot_writer::write(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const auto some = bytes.first(std::min(bytes.size(), buffer_bytes - buffer_.size()));
        buffer_.insert(buffer_.end(), some.begin(), some.end());
        bytes = bytes.subspan(some.size());
        if (buffer_.size() == buffer_bytes) flush();
    }
}

void snapshot_writer::flush() {
    std::span<const std::byte> left = buffer_;
    XXH3_64bits_update(sum_.get(), left.data(), left.size());
    while (!left.empty() && state_) {
        const auto done = ::write(file_.get(), left.data(), left.size());
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) {
            state_ = failure("cannot write", beside_);
            break;
        }
        left = left.subspan(static_cast<std::size_t>(done));
        written_ += static_cast<std::uint64_t>(done);
    }
    buffer_.clear();
}

result<> snapshot_writer::finish() {
    flush();
    const XXH64_hash_t sum = XXH3_64bits_digest(sum_.get());
    write(std::as_bytes(std::span(&sum, 1)));
    flush();
    if (state_ && ::fsync(file_.get()) != 0) state_ = failure("cannot write", beside_);
    return state_;
}

result<> snapshot_writer::publish() {
    if (!state_) return state_;
    if (std::rename(beside_.c_str(), path_.c_str()) != 0) return failure("cannot rename to", path_);
    published_ = true;
    sync_folder(std::filesystem::path(path_).parent_path());
    return {};
}

result<std::unique_ptr<snapshot_reader>> snapshot_reader::open(const std::string& path) {
    file_descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
    if (file.get() < 0) return failure("cannot read", path);
    std::unique_ptr<snapshot_reader> made(new snapshot_reader(std::move(file)));
    if (!made->is_whole() || !made->read_place())
        return error{errc::malformed, path + " is not a snapshot, or is damaged"};
    return made;
}

bool snapshot_reader::is_whole() {
    struct stat about {};
    if (::fstat(file_.get(), &about) != 0 || !S_ISREG(about.st_mode)) return false;
    const auto size = static_cast<std::uint64_t>(about.st_size);
    if (size < magic.size() + sum_bytes) return false;
    const auto content = size - sum_bytes;
    const auto sum = new_sum();
    left_ = content;
    while (fill()) {
        XXH3_64bits_update(sum.get(), buffer_.data(), filled_);
        at_ = filled_;
    }
    if (left_ != 0) return false;
    XXH64_hash_t stored = 0;
    if (!read_fully(file_.get(), std::as_writable_bytes(std::span(&stored, 1)))) return false;
    if (stored != XXH3_64bits_digest(sum.get())) return false;
    left_ = content;
    at_ = filled_ = 0;
    return ::lseek(file_.get(), 0, SEEK_SET) == 0;
}

// The next bytes into the empty buffer; false: there are none, or they cannot be read.
bool snapshot_reader::fill() {
    const auto some = static_cast<std::size_t>(std::min<std::uint64_t>(left_, buffer_bytes));
    buffer_.resize(buffer_bytes);
    if (some == 0 || !read_fully(file_.get(), std::span(buffer_).first(some))) return false;
    left_ -= some;
    at_ = 0;
    filled_ = some;
    return true;
}

bool snapshot_reader::read(std::span<std::byte> into) {
    while (!into.empty()) {
        if (at_ == filled_ && !fill()) return false;
        const auto some = std::min(into.size(), filled_ - at_);
        std::memcpy(into.data(), buffer_.data() + at_, some);
        at_ += some;
        into = into.subspan(some);
    }
    return true;
}

bool snapshot_reader::read_place() {
    constexpr std::uint32_t text_max = 4096;
    std::string found(magic.size(), '\0');
    std::int64_t as_of = 0;
    if (!read(std::as_writable_bytes(std::span(found))) || found != magic) return false;
    if (!get_text(place_.format, text_max) || !get_text(place_.cluster, text_max) ||
        !get_text(place_.topic, text_max) || !get(place_.partition) || !get(place_.first) || !get(place_.next) ||
        !get(as_of))
        return false;
    place_.as_of = timestamp{duration{as_of}};
    return true;
}

}  // namespace feedwatch::kafka
