#include "app/config/secrets.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace feedwatch::app {
namespace {

constexpr std::size_t secret_bytes_max = 64U << 10U;

// Reads all of the descriptor, up to one byte more than the limit.
std::string read_all(int fd) {
    std::string all(secret_bytes_max + 1, '\0');
    std::size_t filled = 0;
    while (filled < all.size()) {
        const ssize_t n = ::read(fd, all.data() + filled, all.size() - filled);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) break;
        filled += static_cast<std::size_t>(n);
    }
    all.resize(filled);
    return all;
}

}  // namespace

std::optional<secret> read_secret_file(const yaml::field& at, secret_source& from) {
    const auto name = at.required_string();
    if (!name) return std::nullopt;
    const std::string path = (from.folder / *name).string();  // an absolute name replaces the folder
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat about {};
    if (fd < 0 || ::fstat(fd, &about) != 0) {
        at.fail("the secret's file " + path + " cannot be read: " + std::strerror(errno));
        if (fd >= 0) ::close(fd);
        return std::nullopt;
    }
    std::string value = S_ISDIR(about.st_mode) ? "" : read_all(fd);
    ::close(fd);
    while (value.ends_with('\n') || value.ends_with('\r')) value.pop_back();
    if (value.empty()) {
        at.fail("the secret's file " + path + (S_ISDIR(about.st_mode) ? " is a folder" : " is empty"));
        return std::nullopt;
    }
    if (value.size() > secret_bytes_max) {
        at.fail("the secret's file " + path + " is larger than 64 KiB; is it the right one?");
        return std::nullopt;
    }
    if ((about.st_mode & S_IROTH) != 0) {
        from.warnings.push_back(at.path() + ": " + path + " can be read by everyone on this machine; chmod 600 it");
    }
    return secret(std::move(value));
}

std::optional<secret> read_secret(const yaml::field& of, std::string_view name, secret_source& from) {
    const yaml::field inline_value = of[name];
    const yaml::field file = of[std::string(name) + "_file"];
    if (inline_value.present() && file.present()) {
        file.fail("give " + std::string(name) + " or " + std::string(name) + "_file, not both");
        return std::nullopt;
    }
    if (file.present()) return read_secret_file(file, from);
    if (!inline_value.present()) return std::nullopt;
    auto text = inline_value.required_string();
    if (!text) return std::nullopt;
    return secret(std::move(*text));
}

}  // namespace feedwatch::app
