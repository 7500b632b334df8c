#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

#include "app/config/feeds.hpp"
#include "core/hash.hpp"
#include "core/utf8.hpp"

namespace feedwatch::app {
namespace {

// A JSON string is a double-quoted scalar of YAML, but for DEL and the C1 controls, which YAML wants escaped.
std::string yaml_string(std::string_view text) {
    const std::string json = boost::json::serialize(boost::json::string(to_valid_utf8(text)));
    std::string out;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const auto byte = static_cast<unsigned char>(json[i]);
        const unsigned next = i + 1 < json.size() ? static_cast<unsigned char>(json[i + 1]) : 0;
        const bool is_c1 = byte == 0xC2 && next >= 0x80 && next <= 0x9F;
        if (byte == 0x7F) {
            out += "\\x7f";
        } else if (is_c1) {
            constexpr std::string_view hex = "0123456789abcdef";
            ((out += "\\x") += hex[next >> 4U]) += hex[next & 0xFU];
            ++i;
        } else {
            out += json[i];
        }
    }
    return out;
}

class entry {
  public:
    void text(std::string_view key, std::string_view value) {
        if (value.empty()) return;
        if (value.find("${") != std::string_view::npos)
            return line("# " + std::string(key) + " is left out: in a feeds file \"${\" begins the name of a variable");
        line(std::string(key) + ": " + yaml_string(value));
    }
    void line(const std::string& text) {
        out_ += (empty_ ? "  - " : "    ") + text + "\n";
        empty_ = false;
    }
    [[nodiscard]] std::string take() && { return std::move(out_); }

  private:
    std::string out_;
    bool empty_ = true;
};

}  // namespace

std::string to_feeds_yaml(std::span<const feed> feeds) {
    if (feeds.empty()) return "feeds: []\n";
    std::string out = "feeds:\n";
    for (const feed& f : feeds) {
        entry e;
        e.line("url: " + yaml_string(f.url));
        if (f.id.str() != hash128_hex(f.url)) e.text("id", f.id.str());
        e.text("title", f.title);
        e.text("publisher", f.publisher);
        std::string tags;
        for (const std::string& tag : f.tags)
            if (tag.find("${") == std::string::npos) (tags += tags.empty() ? "" : ", ") += yaml_string(tag);
        if (!tags.empty()) e.line("tags: [" + tags + "]");
        e.line("interval: { min: " + to_string(f.interval.min) + ", start: " + to_string(f.interval.start) +
               ", max: " + to_string(f.interval.max) + " }");
        e.line("first_fetch: " + to_string(f.first_fetch));
        e.text("language", f.language);
        if (f.is_paused()) e.line("paused: true");
        if (f.full_text) e.line("full_text: true");
        e.text("credentials", f.credentials);
        out += std::move(e).take();
    }
    return out;
}

}  // namespace feedwatch::app
