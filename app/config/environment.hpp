// What the process's surroundings say. Read here only; everything else gets values.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace feedwatch::app {

// A variable's value, nullopt where it is not set. HOSTNAME is there even when the shell does not export it.
using environment = std::function<std::optional<std::string>(std::string_view name)>;

[[nodiscard]] environment process_environment();

}  // namespace feedwatch::app
