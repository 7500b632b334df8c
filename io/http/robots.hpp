// robots.txt, as RFC 9309 reads it. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.hpp"

namespace feedwatch::http {

// "ExampleBot/1.2 (+...)" names ExampleBot: a product token has letters, "_" and "-" alone.
[[nodiscard]] std::string_view product_token(std::string_view user_agent);

class robots {
  public:
    // The rules for `product` ("feedwatch"): of all groups that name it, else of all for "*". Reads the first 500 KiB,
    // as the RFC wants at least; more than rules_max rules are not kept. Any bytes are a file: what is no rule is
    // passed over.
    [[nodiscard]] static robots read(std::string_view file, std::string_view product);
    [[nodiscard]] static robots allow_all() { return {}; }
    [[nodiscard]] static robots disallow_all();

    // The longest pattern that matches path and query decides; allow wins a tie; without a match it is allowed.
    // "/robots.txt" always is. `url`: absolute. Linear in the sizes of URL and pattern for each rule.
    [[nodiscard]] bool allows(std::string_view url) const;

    // Between two requests, where the file asks for it (no part of the RFC, but people write it).
    [[nodiscard]] std::optional<duration> crawl_delay() const { return crawl_delay_; }

    static constexpr std::size_t rules_max = 10'000;

  private:
    struct rule {
        std::string pattern;  // escapes normalised
        bool allow = false;
    };
    std::vector<rule> rules_;
    std::optional<duration> crawl_delay_;
};

}  // namespace feedwatch::http
