#include "app/run/show.hpp"

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <map>
#include <thread>

#include "app/filter/lines.hpp"
#include "core/ascii.hpp"
#include "io/kafka/client.hpp"
#include "io/log/escape.hpp"
#include "io/log/log.hpp"

namespace feedwatch::app {
namespace {

class following_show final : public show {
  public:
    explicit following_show(std::unique_ptr<kafka::reader> from)
        : from_(std::move(from)), thread_([this] { follow(); }) {}
    ~following_show() override {
        stopping_ = true;
        thread_.join();
    }

  private:
    void follow() {
        line_writer out(STDOUT_FILENO);
        const char* const no_color = std::getenv("NO_COLOR");  // https://no-color.org
        const bool plain = isatty(STDOUT_FILENO) != 1 || (no_color != nullptr && *no_color != '\0');
        const colours with = plain ? colours::off : colours::on;
        std::uint64_t copies = 0;
        while (!stopping_) {
            auto next = from_->next(std::chrono::milliseconds(200));
            if (!next) {
                log::warning("showing flagged items has ended", {{"error", next.error()}});
                return;
            }
            const bool has_value = *next && (**next).value;
            if (has_value && (**next).from == topic::duplicates) ++copies;
            if (!has_value || (**next).from != topic::flagged) continue;
            const auto item = flagged_item_from_json(*(**next).value);
            if (!item) continue;  // whoever wrote it is not us; the steps count and report what they cannot read
            if (!out.write(shown(*item, with) + "    copies joined so far, of all stories: " + std::to_string(copies) +
                           "\n") ||
                !out.flush()) {
                return;
            }
        }
    }

    std::unique_ptr<kafka::reader> from_;
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

// ": title and text, 120 to 164 words"
std::string changed_in_words(const std::optional<change>& c) {
    if (!c) return {};
    std::string out = c->title && c->text ? ": title and text" : c->title ? ": title" : ": text";
    if (c->text) out += ", " + std::to_string(c->words_before) + " to " + std::to_string(c->words) + " words";
    return out;
}

}  // namespace

std::string shown(const flagged_item& i, colours with) {
    const auto painted = [with](std::string_view code, const std::string& text) {
        return with == colours::on ? "\x1b[" + std::string(code) + 'm' + text + "\x1b[0m" : text;
    };
    const std::string kind = i.verdict == verdict::update
                                 ? " (update " + std::to_string(i.revision) + changed_in_words(i.changed) + ")"
                                 : "";
    std::string out = painted("1", log::printable(i.title.empty() ? "(untitled)" : i.title)) + kind + "\n";
    out += "    " + log::printable(i.publisher);
    if (i.published) out += "  " + to_rfc3339(*i.published);
    out += '\n';
    for (const topic_match& m : i.matches) {
        out += "    " + painted("36", m.topic.str()) + (m.severity.empty() ? "" : " [" + m.severity + "]") + ": ";
        std::map<std::string, std::string> words;  // each once, whatever its case
        for (const span& s : m.spans) words.emplace(ascii_lower(s.text), s.text);
        std::string separator;
        for (const auto& [key, w] : words) {
            out += separator + painted("33", log::printable(w));
            separator = ", ";
        }
        out += m.shadow ? " (shadow)\n" : "\n";
    }
    return out + "    " + log::printable(i.url) + "\n";
}

result<std::unique_ptr<show>> start_show(const kafka_config& config, const std::string& state_dir) {
    auto reader =
        kafka::open_reader(config, state_dir, {{topic::flagged, topic::duplicates}, kafka::read_from::end, {}, true},
                           std::chrono::seconds(15));
    if (!reader) return reader.error();
    return std::make_unique<following_show>(std::move(*reader));
}

}  // namespace feedwatch::app
