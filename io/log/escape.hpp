// How foreign text becomes safe to show: in a log line, and on a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace feedwatch::log {

// Longer values are cut, and say by how much: a feed must not fill a disk through its title.
inline constexpr std::size_t value_bytes_max = 2048;

// As in key=value: quoted where a reader (or grep) could not tell where it ends. Control characters, ANSI escapes, line
// separators and bidirectional overrides are written as escapes, so that a terminal shows what is there.
[[nodiscard]] std::string text_value(std::string_view value);

// For a terminal: the same escapes, without quotes and without a limit.
[[nodiscard]] std::string printable(std::string_view value);

// With its quotes; the same characters as \uXXXX.
[[nodiscard]] std::string json_string(std::string_view value);

}  // namespace feedwatch::log
