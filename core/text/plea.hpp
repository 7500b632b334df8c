// What stands at the end of an article and is no part of it.
#pragma once

#include <span>
#include <string_view>

namespace feedwatch {

// How they begin, in lower case.
[[nodiscard]] std::span<const std::string_view> closing_plea_beginnings() noexcept;

// "Read more ...", "Share this", "The post X appeared first on Y", newsletter pleas, copyright lines; only marks. Of a
// paragraph or a sentence.
[[nodiscard]] bool is_closing_plea(std::string_view block);

}  // namespace feedwatch
