// feedwatch.yaml to core/config.hpp. docs/configuration.md describes every key, docs/schemas/config.schema.json too.
#pragma once

#include <string>
#include <vector>

#include "app/config/environment.hpp"
#include "core/config.hpp"
#include "core/error.hpp"

namespace feedwatch::app {

struct loaded_config {
    config values;                      // paths of files to read are absolute
    std::vector<std::string> warnings;  // nothing that stops a start
};

// All mistakes at once, a line each with file, line, column and path, in the error's detail (errc::invalid_config).
[[nodiscard]] result<loaded_config> load_config(const std::string& file, const environment& surroundings);

// For tests: the same from bytes. Relative files are looked for in the folder of `file`.
[[nodiscard]] result<loaded_config> parse_config(std::string text, const std::string& file,
                                                 const environment& surroundings);

}  // namespace feedwatch::app
