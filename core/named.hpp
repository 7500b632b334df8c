// Ids that could be swapped by mistake are types of their own: a feed_id does not compile where an item_id is wanted.
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace feedwatch {

template <class Tag>
class named {
  public:
    named() = default;
    explicit named(std::string value) : value_(std::move(value)) {}
    [[nodiscard]] const std::string& str() const noexcept { return value_; }
    [[nodiscard]] bool empty() const noexcept { return value_.empty(); }
    friend auto operator<=>(const named&, const named&) = default;

  private:
    std::string value_;
};

using feed_id = named<struct feed_tag>;    // configured, or made from the feed's URL
using item_id = named<struct item_tag>;    // from the versioned identity function
using story_id = named<struct story_tag>;  // the id of the story's head item
using topic_id = named<struct topic_tag>;  // of a rule in topics.yaml ("immigration-enforcement")

}  // namespace feedwatch

template <class Tag>
struct std::hash<feedwatch::named<Tag>> {
    std::size_t operator()(const feedwatch::named<Tag>& n) const noexcept { return std::hash<std::string>{}(n.str()); }
};
