// One XML document as two readers see it: ours, and expat, which a well-formed document leaves no choice.
#pragma once

#include <cstddef>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "producers/parse/xml_reader.hpp"

namespace feedwatch {

struct xml_event {
    bool start = false;  // else the end of an element
    std::size_t depth = 0;
    std::string name;  // as xml_reader::name()
    xml_space space = xml_space::plain;
    // Of starts. Attributes by the name that xml_reader::attribute() is asked for, the first of each; what the element
    // holds is what read_content() gives.
    std::vector<std::pair<std::string, std::string>> attributes;
    std::string text;
    std::string raw;
    bool has_elements = false;

    bool operator==(const xml_event&) const = default;
};
std::ostream& operator<<(std::ostream& out, const xml_event& e);

// `xml` is UTF-8, whatever it says of itself. nullopt where it is not well-formed, with expat's word for it in `why`.
[[nodiscard]] std::optional<std::vector<xml_event>> events_of_expat(std::string_view xml, std::string& why);
// Asks the starts for the attributes that `like` has at the same place: the reader lists none.
[[nodiscard]] std::vector<xml_event> events_of_ours(std::string_view xml, const std::vector<xml_event>& like);

}  // namespace feedwatch
