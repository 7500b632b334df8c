// What a document that is no feed looks like, for the error's detail. Private to producers/parse.
#pragma once

#include <string>
#include <string_view>

namespace feedwatch {

[[nodiscard]] std::string looks_like(std::string_view bytes);

}  // namespace feedwatch
