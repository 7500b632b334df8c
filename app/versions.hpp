// Which libraries this process really runs with: what a bug report and `feedwatch_build_info` name.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace feedwatch::app {

[[nodiscard]] std::string version();  // feedwatch's own, "0.1.0"

// Name and version, feedwatch not among them. Asked at run time where the library can tell.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> library_versions();

}  // namespace feedwatch::app
