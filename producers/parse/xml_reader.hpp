// XML as feeds write it, as a stream of events: one pass over the bytes, no tree, no copies, nothing expanded but
// character references. Never fails: what is not well-formed is read the way its author most likely meant it. Private
// to producers/parse.
//   - a bare "&" and unknown references stay as they are; names of HTML are known without a DTD
//   - DTDs are passed over: internal entities are not expanded, external ones never fetched
//   - an end tag closes what it names and all inside; one that closes nothing is passed over
//   - undeclared prefixes mean what they mean by custom
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "producers/parse/xml_tokens.hpp"

namespace feedwatch {

enum class xml_space : std::uint8_t {
    plain,  // RSS in any of its namespaces or none, Atom
    rdf,
    dc,
    dcterms,
    content,
    media,
    itunes,
    feedburner,
    syndication,
    news,   // Google's news sitemaps
    image,  // Google's image sitemaps
    xhtml,
    xml,
    other
};

struct xml_reader_limits {
    std::size_t depth_max = 256;
    std::size_t attributes_max = 256;
};

// What an element holds. Views point into the document.
struct xml_content {
    std::string text;      // of all text and CDATA inside, references decoded, lines ended by "\n"
    std::string_view raw;  // between the tags, as written
    bool has_elements = false;
    bool complete = false;  // false: the document ended inside
};

class xml_reader {
  public:
    enum class event : std::uint8_t { start, end, text, end_of_document };

    explicit xml_reader(std::string_view xml, xml_reader_limits limits = {}) : xml_(xml), limits_(limits) {}
    // Over the content of an element of another reader, whose namespaces it knows.
    [[nodiscard]] xml_reader inside(const xml_content& content) const;

    event next();

    // Of the last event (start and end).
    [[nodiscard]] std::string_view name() const noexcept {
        return {name_, name_length_};
    }  // local, lower case, cut at 40 bytes
    [[nodiscard]] xml_space space() const noexcept { return space_; }
    [[nodiscard]] bool is(xml_space s, std::string_view local) const noexcept { return space_ == s && name() == local; }
    [[nodiscard]] std::size_t depth() const noexcept { return depth_; }  // 1 for the root
    // Of the last text, as written.
    [[nodiscard]] std::string_view text() const noexcept { return text_; }
    // Of the last start: decoded, without tabs and line breaks. `name` as written without its prefix, in lower case;
    // "xml:base" and "xml:lang" with it.
    [[nodiscard]] std::optional<std::string> attribute(std::string_view wanted);

    // After a start: reads up to its end. Stops early, so that the next event is it again, at the start of an item or
    // entry. `words_only`: no field of an item belongs inside; where one begins, the end tag was forgotten.
    [[nodiscard]] xml_content read_content(bool words_only = false);
    void skip_content();

    [[nodiscard]] bool depth_exceeded() const noexcept { return depth_exceeded_; }
    [[nodiscard]] bool attributes_exceeded() const noexcept { return attributes_exceeded_; }
    [[nodiscard]] bool ended_inside() const noexcept { return ended_inside_; }  // the document ended with elements open

  private:
    struct binding {
        std::size_t depth;
        std::string_view prefix;
        xml_space space;
    };
    event read_start_tag();
    bool read_end_tag();  // true: something is to be closed
    event close_innermost();
    void close();
    bool read_simple_content(xml_content& out);
    void skip_declaration();
    void bind_namespaces();
    void set_name(std::string_view qualified);
    [[nodiscard]] xml_space space_of(std::string_view prefix) const;
    [[nodiscard]] bool at_item_start() const noexcept;
    [[nodiscard]] bool at_field_start() const noexcept;

    std::string_view xml_;
    xml_reader_limits limits_;
    std::size_t at_ = 0;
    std::size_t token_at_ = 0;            // where the last tag or text began
    std::vector<std::string_view> open_;  // qualified names
    std::size_t depth_ = 0;
    std::size_t closing_ = 0;   // ends still to be told before the next token
    std::size_t too_deep_ = 0;  // open elements past depth_max
    std::vector<binding> bindings_;
    std::string_view attributes_;
    std::string_view text_;
    bool literal_ = false;  // text_ is CDATA
    xml_declarations declarations_;
    bool again_ = false;  // tell the last start once more
    bool depth_exceeded_ = false;
    bool attributes_exceeded_ = false;
    bool ended_inside_ = false;
    xml_space space_ = xml_space::plain;
    char name_[40] = {};
    std::size_t name_length_ = 0;
};

}  // namespace feedwatch
