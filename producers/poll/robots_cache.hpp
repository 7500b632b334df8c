// What the robots.txt of each origin says, for as long as it may be believed.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>

#include "core/error.hpp"
#include "core/time.hpp"
#include "io/http/client.hpp"
#include "io/http/robots.hpp"

namespace feedwatch::polling {

class robots_cache {
  public:
    static constexpr duration fresh_min = std::chrono::minutes{5};     // whatever Cache-Control says
    static constexpr duration fresh_max = std::chrono::hours{24};      // RFC 9309, 2.4
    static constexpr duration retry_after = std::chrono::minutes{10};  // of one that could not be reached
    static constexpr std::size_t entries_max = 10'000;                 // past it, all are read anew

    explicit robots_cache(std::string product) : product_(std::move(product)) {}

    // nullptr: it has to be fetched.
    [[nodiscard]] const http::robots* find(const std::string& origin, timestamp now) const;

    // 2xx: its rules. 4xx: all is allowed, but 429, which is as 5xx and no answer: nothing is, for now, unless rules
    // from before are known.
    const http::robots& store(const std::string& origin, const result<http::response>& got, timestamp now);

  private:
    struct entry {
        http::robots rules;
        timestamp fresh_until{};
        bool reached = false;
    };
    std::string product_;
    std::unordered_map<std::string, entry> entries_;
};

}  // namespace feedwatch::polling
