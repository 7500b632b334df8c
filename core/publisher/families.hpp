// Who counts as one publisher: by registrable domain, and by families of publishers that share a newsroom or copy.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace feedwatch {

class publisher_families {
  public:
    // With the families of families.txt.
    publisher_families();
    // Those alone, made once.
    [[nodiscard]] static const publisher_families& shipped();

    // `member`: a domain, or a name as feeds and copies give it, of any case. Taken out of a shipped family that has
    // it; the name of a family that was added before and has it, where there is one: then nothing is changed.
    std::optional<std::string> add(std::string_view family, std::string_view member);
    // Its members are publishers of their own again. False: there is no such shipped family.
    bool dissolve(std::string_view family);

    // What a publisher counts as: its family's name; else the registrable domain of a host; else what it is called.
    [[nodiscard]] std::string family_of(std::string_view publisher) const;
    // Equal where family_of() is, for all publishers.
    [[nodiscard]] std::uint64_t digest() const;

  private:
    struct membership {
        std::string family;
        bool shipped = false;
    };
    struct hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
    };
    std::unordered_map<std::string, membership, hash, std::equal_to<>> members_;  // by domain or name in lower case
};

}  // namespace feedwatch
