#include "tests/producers/parse/xml_events.hpp"

#include <expat.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <type_traits>

#include "core/ascii.hpp"
#include "producers/extract/entities.hpp"
#include "producers/parse/xml_space.hpp"

namespace feedwatch {
namespace {

// A name as expat hands it out: the URI where there is one, the local name, the prefix where there is one.
struct full_name {
    std::string_view uri, local, prefix;
};
constexpr char separator = '\n';  // stands in no name, and in no URI after attributes were normalised

full_name taken_apart(std::string_view name) {
    full_name out;
    const std::size_t first = name.find(separator);
    if (first == std::string_view::npos) return {{}, name, {}};
    out.uri = name.substr(0, first);
    out.local = name.substr(first + 1);
    if (const std::size_t second = out.local.find(separator); second != std::string_view::npos) {
        out.prefix = out.local.substr(second + 1);
        out.local = out.local.substr(0, second);
    }
    return out;
}

xml_space space_of(const full_name& name) {
    if (name.prefix == "xml") return xml_space::xml;
    if (name.uri.empty()) return xml_space::plain;
    const xml_space space = space_of_uri(name.uri);
    return name.prefix.empty() && space == xml_space::other ? xml_space::plain : space;  // as the reader has it
}

class expat_walk {
  public:
    explicit expat_walk(std::string_view xml) : xml_(xml), parser_(XML_ParserCreateNS("UTF-8", separator)) {
        XML_SetReturnNSTriplet(parser_.get(), 1);
        XML_SetUserData(parser_.get(), this);
        XML_SetElementHandler(
            parser_.get(),
            [](void* self, const char* name, const char** attributes) {
                static_cast<expat_walk*>(self)->start(name, attributes);
            },
            [](void* self, const char* name) { static_cast<expat_walk*>(self)->end(name); });
        XML_SetCharacterDataHandler(parser_.get(), [](void* self, const char* text, int length) {
            static_cast<expat_walk*>(self)->text({text, static_cast<std::size_t>(length)});
        });
        XML_SetSkippedEntityHandler(parser_.get(), [](void* self, const char* name, int is_parameter) {
            if (is_parameter == 0) static_cast<expat_walk*>(self)->skipped(name);
        });
    }

    std::optional<std::vector<xml_event>> run(std::string& why) {
        if (XML_Parse(parser_.get(), xml_.data(), static_cast<int>(xml_.size()), XML_TRUE) == XML_STATUS_OK)
            return std::move(events_);
        why = std::string(XML_ErrorString(XML_GetErrorCode(parser_.get()))) + " in line " +
              std::to_string(XML_GetCurrentLineNumber(parser_.get()));
        return std::nullopt;
    }

  private:
    struct open_element {
        std::size_t event;
        std::size_t content_at;
        bool is_read = false;  // up to its end, or to an item inside
    };

    [[nodiscard]] std::size_t at() const { return static_cast<std::size_t>(XML_GetCurrentByteIndex(parser_.get())); }

    void read_up_to(open_element& element, std::size_t end) {
        if (element.is_read) return;
        element.is_read = true;
        events_[element.event].raw = xml_.substr(element.content_at, end - element.content_at);
    }

    void start(const char* qualified, const char** attributes) {
        xml_event e;
        const full_name name = taken_apart(qualified);
        e.start = true;
        e.depth = open_.size() + 1;
        e.name = ascii_lower(name.local.substr(0, 40));
        e.space = space_of(name);
        const bool is_item = e.space == xml_space::plain && (e.name == "item" || e.name == "entry");
        for (open_element& outer : open_) {
            if (is_item) read_up_to(outer, at());
            if (!outer.is_read) events_[outer.event].has_elements = true;
        }
        // What a DTD adds is not written in the document.
        for (int i = 0; i < XML_GetSpecifiedAttributeCount(parser_.get()); i += 2) {
            const full_name attribute = taken_apart(attributes[i]);
            const std::string asked = (attribute.prefix == "xml" ? "xml:" : "") + ascii_lower(attribute.local);
            if (std::none_of(e.attributes.begin(), e.attributes.end(), [&](const auto& a) { return a.first == asked; }))
                e.attributes.emplace_back(asked, attributes[i + 1]);
        }
        open_.push_back({events_.size(), at() + static_cast<std::size_t>(XML_GetCurrentByteCount(parser_.get()))});
        events_.push_back(std::move(e));
    }

    void end(const char* qualified) {
        const full_name name = taken_apart(qualified);
        read_up_to(open_.back(), at());
        xml_event e;
        e.depth = open_.size();
        e.name = ascii_lower(name.local.substr(0, 40));
        e.space = space_of(name);
        open_.pop_back();
        events_.push_back(std::move(e));
    }

    void text(std::string_view more) {
        for (const open_element& outer : open_)
            if (!outer.is_read) events_[outer.event].text += more;
    }

    // Declared in a DTD elsewhere, which nobody fetches: left as it is, but for the names of HTML.
    void skipped(const char* name) {
        std::string decoded;
        decode_entities("&" + std::string(name) + ";", entity_rules::xml, decoded);
        text(decoded);
    }

    struct free_parser {
        void operator()(XML_Parser parser) const noexcept { XML_ParserFree(parser); }
    };
    std::string_view xml_;
    std::unique_ptr<std::remove_pointer_t<XML_Parser>, free_parser> parser_;
    std::vector<xml_event> events_;
    std::vector<open_element> open_;
};

}  // namespace

std::ostream& operator<<(std::ostream& out, const xml_event& e) {
    out << (e.start ? "start of " : "end of ") << e.name << ", space " << static_cast<int>(e.space) << ", depth "
        << e.depth;
    for (const auto& [name, value] : e.attributes) out << ", " << name << "=" << testing::PrintToString(value);
    if (e.start)
        out << ", text " << testing::PrintToString(e.text) << ", raw " << testing::PrintToString(e.raw)
            << (e.has_elements ? ", with elements" : "");
    return out;
}

std::optional<std::vector<xml_event>> events_of_expat(std::string_view xml, std::string& why) {
    return expat_walk(xml).run(why);
}

std::vector<xml_event> events_of_ours(std::string_view xml, const std::vector<xml_event>& like) {
    xml_reader reader(xml);
    std::vector<xml_event> events;
    for (auto found = reader.next(); found != xml_reader::event::end_of_document; found = reader.next()) {
        if (found == xml_reader::event::text) continue;
        xml_event e;
        e.start = found == xml_reader::event::start;
        e.depth = reader.depth();
        e.name = reader.name();
        e.space = reader.space();
        if (e.start) {
            if (events.size() < like.size())
                for (const auto& [name, value] : like[events.size()].attributes)
                    e.attributes.emplace_back(name, reader.attribute(name).value_or("(none)"));
            xml_content content = xml_reader(reader).read_content();
            e.text = std::move(content.text);
            e.raw = content.raw;
            e.has_elements = content.has_elements;
        }
        events.push_back(std::move(e));
    }
    return events;
}

}  // namespace feedwatch
