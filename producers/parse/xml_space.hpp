// The namespaces that feeds use. Private to producers/parse.
#pragma once

#include <string_view>

#include "producers/parse/xml_reader.hpp"

namespace feedwatch {

[[nodiscard]] xml_space space_of_uri(std::string_view uri);
// What an undeclared prefix means by custom.
[[nodiscard]] xml_space space_of_customary_prefix(std::string_view prefix);

}  // namespace feedwatch
