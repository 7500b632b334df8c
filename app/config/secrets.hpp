// Secrets in the configuration: `name: value` or `name_file: path`. No message says what a secret is.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config.hpp"
#include "io/yaml/yaml.hpp"

namespace feedwatch::app {

struct secret_source {
    std::filesystem::path folder;        // relative paths start here
    std::vector<std::string>& warnings;  // a file that everybody may read
};

// `of` holds `name` or `name_file`, not both. nullopt where neither is there or a problem was told.
[[nodiscard]] std::optional<secret> read_secret(const yaml::field& of, std::string_view name, secret_source& from);

// The content of the file that `at` names, without the line break at its end. Empty and unreadable files are problems.
[[nodiscard]] std::optional<secret> read_secret_file(const yaml::field& at, secret_source& from);

}  // namespace feedwatch::app
