#include "app/config/environment.hpp"

#include <unistd.h>

#include <array>
#include <cstdlib>

namespace feedwatch::app {

environment process_environment() {
    return [](std::string_view name) -> std::optional<std::string> {
        if (const char* const value = std::getenv(std::string(name).c_str())) return value;
        std::array<char, 256> host{};
        if (name == "HOSTNAME" && gethostname(host.data(), host.size() - 1) == 0) return host.data();
        return std::nullopt;
    };
}

}  // namespace feedwatch::app
