#include "processors/match/flagging.hpp"

#include <charconv>

#include "core/text/analysis.hpp"
#include "core/text/plain.hpp"
#include "processors/match/json_text.hpp"
#include "processors/match/record_text.hpp"

namespace feedwatch {
namespace {

template <class Number>
void append_number(std::string& out, Number n) {
    char digits[32];
    const auto [end, failed] = std::to_chars(digits, digits + sizeof digits, n);
    out.append(digits, failed == std::errc() ? static_cast<std::size_t>(end - digits) : 0);
}

void append_span(std::string& out, const span& s) {
    out += R"({"field":)";
    append_json_string(out, s.field);
    out += R"(,"offset":)";
    append_number(out, s.offset);
    out += R"(,"length":)";
    append_number(out, s.length);
    out += R"(,"text":)";
    append_json_string(out, s.text);
    out += R"(,"clause":)";
    append_json_string(out, s.clause);
    out += '}';
}

template <class List, class Append>
void append_list(std::string& out, const List& list, Append append) {
    out += '[';
    bool first = true;
    for (const auto& element : list) {
        if (!first) out += ',';
        first = false;
        append(out, element);
    }
    out += ']';
}

void append_match(std::string& out, const topic_match& m) {
    out += R"({"topic":)";
    append_json_string(out, m.topic.str());
    out += R"(,"version":)";
    append_json_string(out, m.version);
    out += R"(,"score":)";
    append_number(out, m.score);
    out += R"(,"severity":)";
    append_json_string(out, m.severity);
    out += m.shadow ? R"(,"shadow":true,"spans":)" : R"(,"shadow":false,"spans":)";
    append_list(out, m.spans, append_span);
    out += R"(,"notify":)";
    append_list(out, m.notify, append_json_string);
    out += '}';
}

}  // namespace

struct flagging::state {
    record_text record;
    matcher apply;
    std::string plain;     // the text of a record that only has HTML
    std::string detected;  // its language
    std::string sample;

    // The language as declared, else as detected.
    std::string_view language_of(const record_fields& f, std::string_view text) {
        if (!text::primary_language(f.language).empty()) return f.language;
        sample.assign(f.title).append("\n").append(text.substr(0, 4096));
        detected = text::detect_language(sample);
        return detected;
    }

    std::string value(const record_fields& f, std::string_view text, const std::vector<topic_match>& matches) const {
        // Spans point into `text`, so a record that had none gets it.
        const bool adds_text = f.text.empty() && !text.empty();
        const bool anew = f.has_matches || (adds_text && f.has_text);
        std::string out;
        if (anew) {
            out = record.body_without_matches(adds_text);
        } else {
            const std::string_view body = record.body();
            out.reserve(body.size() + 64 + 512 * matches.size());
            out = body;
        }
        if (adds_text) {
            out += R"(,"text":)";
            append_json_string(out, text);
        }
        out += R"(,"matches":)";
        append_list(out, matches, append_match);
        out += '}';
        return out;
    }
};

flagging::flagging() : state_(std::make_unique<state>()) {}
flagging::~flagging() = default;
flagging::flagging(flagging&&) noexcept = default;
flagging& flagging::operator=(flagging&&) noexcept = default;

result<flagging::outcome> flagging::flag(const rule_set& rules, std::string_view json, unmatched what) {
    matches_.clear();
    const auto fields = state_->record.read(json);
    if (!fields) return fields.error();
    const std::string_view text =
        text::main_text_of(fields->text, fields->content_html, fields->summary_html, state_->plain);
    const std::string_view language = state_->language_of(*fields, text);
    state_->apply.match(rules, {fields->title, text, language}, matches_);
    outcome out;
    out.key = fields->story.empty() ? fields->id : fields->story;
    if (!matches_.empty() || what == unmatched::kept) out.value = state_->value(*fields, text, matches_);
    return out;
}

}  // namespace feedwatch
