// application/x-www-form-urlencoded: what is sent to hubs, and the query of their verifications. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace feedwatch::push {

using form = std::vector<std::pair<std::string, std::string>>;

[[nodiscard]] std::string percent_encoded(std::string_view text);  // all but letters, digits, '-', '.', '_', '~'
[[nodiscard]] std::string write_form(const form& fields);
// Escapes and '+' undone. At most fields_max, the rest is left out.
inline constexpr std::size_t fields_max = 64;
[[nodiscard]] form read_form(std::string_view text);
// The first of that name, or nullptr.
[[nodiscard]] const std::string* find_field(const form& fields, std::string_view name);

}  // namespace feedwatch::push
