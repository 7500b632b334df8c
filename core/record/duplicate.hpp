// Topic `duplicates`: one record for each copy, as evidence of who carried a story and when.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "core/named.hpp"
#include "core/time.hpp"

namespace feedwatch {

enum class likeness { same_id, same_url, same_text, near, excerpt };
[[nodiscard]] std::string_view name_of(likeness l) noexcept;  // "same-id", "same-url", "same-text", "near", "excerpt"
[[nodiscard]] std::optional<likeness> likeness_named(std::string_view name) noexcept;

struct duplicate {
    item_id id;
    feed_id feed;
    std::string publisher;
    std::string url;
    std::string title;
    std::string origin_url, origin_publisher;  // as the item has them
    timestamp observed{};
    story_id story;
    item_id of;  // the member of the story that it is a copy of
    likeness how = likeness::same_id;
    double similarity = 1;   // 0..1
    double lag_seconds = 0;  // behind the first item of the story, by `observed`
    friend bool operator==(const duplicate&, const duplicate&) = default;
};

[[nodiscard]] std::string to_json(const duplicate& d);
[[nodiscard]] result<duplicate> duplicate_from_json(std::string_view json);

}  // namespace feedwatch
