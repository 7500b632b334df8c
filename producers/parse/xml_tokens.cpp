#include "producers/parse/xml_tokens.hpp"

namespace feedwatch {
namespace {

// Offset of the ">" that ends a DTD: it may hold others, in quotes, between brackets, in comments and instructions.
std::size_t end_of_balanced(std::string_view declaration) {
    std::size_t brackets = 0;
    char quote = '\0';
    for (std::size_t i = 2; i < declaration.size(); ++i) {
        const char c = declaration[i];
        if (quote != '\0') {
            if (c == quote) quote = '\0';
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '<' && declaration.substr(i).starts_with("<!--")) {
            const std::size_t end = declaration.find("-->", i + 4);
            if (end == std::string_view::npos) return end;
            i = end + 2;
        } else if (c == '<' && declaration.substr(i).starts_with("<?")) {
            const std::size_t end = declaration.find("?>", i + 2);
            if (end == std::string_view::npos) return end;
            i = end + 1;
        } else if (c == '[') {
            ++brackets;
        } else if (c == ']' && brackets > 0) {
            --brackets;
        } else if (c == '>' && brackets == 0) {
            return i;
        }
    }
    return std::string_view::npos;
}

}  // namespace

xml_declarations::found xml_declarations::at(std::string_view xml, std::size_t at) {
    const std::string_view rest = xml.substr(at);
    const auto ending = [&](std::size_t end, std::size_t closing, bool closed) {
        const bool complete = end != std::string_view::npos;
        return found{complete ? at + end + closing : xml.size(), complete, closed && complete};
    };
    if (rest.starts_with("<!--")) return ending(rest.find("-->", 4), 3, true);
    if (rest.starts_with("<?")) {
        if (!unclosed_instruction_) {
            const std::size_t end = rest.find("?>");
            if (end != std::string_view::npos) return ending(end, 2, true);
            unclosed_instruction_ = true;
        }
        return ending(rest.find('>'), 1, false);
    }
    const std::size_t end = unbalanced_ ? std::string_view::npos : end_of_balanced(rest);
    unbalanced_ = end == std::string_view::npos;
    return unbalanced_ ? ending(rest.find('>'), 1, false) : ending(end, 1, true);
}

}  // namespace feedwatch
