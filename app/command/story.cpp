#include "app/command/story.hpp"

#include <algorithm>

#include "core/text/plain.hpp"
#include "core/url/url.hpp"

namespace feedwatch::app {
namespace {

// Of an item or a copy, which has no use for it any more.
void take_what_both_say(story_member& m, auto& from) {
    m.feed = std::move(from.feed);
    m.publisher = std::move(from.publisher);
    m.url = std::move(from.url);
    m.title = std::move(from.title);
    m.origin_url = std::move(from.origin_url);
    m.origin_publisher = std::move(from.origin_publisher);
    m.observed = from.observed;
}

}  // namespace

std::string_view name_of(comparison c) noexcept {
    switch (c) {
        case comparison::none:
            return "";
        case comparison::made:
            return "made";
        case comparison::too_different:
            return "too-different";
        case comparison::text_erased:
            return "text-erased";
        case comparison::text_left_out:
            return "text-left-out";
    }
    return "";
}

story_search::story_search(std::string_view named)
    : named_(named), canonical_(origin_of(named).empty() ? std::string{} : canonical_url(named)) {}

bool story_search::may_hold(std::string_view key, std::string_view json) const {
    return !canonical_.empty() || key == named_ || json.find(named_) != std::string_view::npos;
}

void story_search::look_at(const story_item& i) {
    const bool by_url = !canonical_.empty();
    look_at(i.id.str(), i.story.str(),
            !by_url ? std::string{} : canonical_url(i.canonical_url.empty() ? i.url : i.canonical_url));
    // What the page calls itself may be another address than the one that the feed gave.
    if (by_url) look_at(i.id.str(), i.story.str(), canonical_url(i.url));
}

void story_search::look_at(const duplicate& d) {
    look_at(d.id.str(), d.story.str(), canonical_.empty() ? std::string{} : canonical_url(d.url));
}

void story_search::look_at(std::string_view id, std::string_view story, std::string_view canonical) {
    const bool found = canonical_.empty() ? id == named_ || story == named_ : canonical == canonical_;
    if (found && stories_.size() < stories_max) stories_.emplace(story);
}

void story_search::forget(std::string_view story) {
    if (stories_.erase(std::string(story)) > 0) forgot_ = true;
}

story_collector::story_collector(story_id id, story_limits limits) : limits_(limits) {
    story_.id = std::move(id);
    story_.head_erased = true;
    story_member head;
    head.id = item_id(story_.id.str());
    head.how = "head";
    head.compared = comparison::none;
    by_id_.emplace(head.id.str(), 0);
    story_.members.push_back(std::move(head));
}

story_member* story_collector::new_member(const item_id& id) {
    const auto known = by_id_.find(id.str());
    if (known != by_id_.end()) {
        ++story_.members[known->second].seen_again;
        return nullptr;
    }
    if (story_.members.size() >= limits_.members_max) {
        ++story_.left_out;
        return nullptr;
    }
    by_id_.emplace(id.str(), story_.members.size());
    story_member& m = story_.members.emplace_back();
    m.id = id;
    return &m;
}

void story_collector::add(story_item i) {
    if (i.story != story_.id) return;
    story_member* m = nullptr;
    if (i.id.str() != story_.id.str()) {
        m = new_member(i.id);
        if (m != nullptr) m->how = "update";
    } else if (story_.head_erased) {
        m = &story_.members.front();
        story_.head_erased = false;
    }
    const bool known = !story_.revisions.empty() && story_.revisions.back().revision >= i.revision;
    if (!known && story_.revisions.size() < limits_.revisions_max) {
        story_revision r;
        r.revision = i.revision;
        r.by = i.id;
        r.observed = i.observed;
        r.title = i.title;
        r.changed = i.changed;
        const std::string_view text = text::main_text_of(i.text, i.content_html, i.summary_html, plain_);
        if (i.verdict == verdict::update) {
            const bool has_last = !story_.revisions.empty() && story_.revisions.back().revision + 1 == i.revision;
            r.compared = difference(has_last ? &texts_.back() : nullptr, text, r.differs);
        }
        if (m != nullptr && m->how == "update") {
            m->compared = r.compared;
            m->differs = r.differs;
            compared_.insert(i.id.str());
        }
        story_.revisions.push_back(std::move(r));
        keep_text(i.observed, text);
    } else if (!known) {
        ++story_.left_out;
    }
    if (m == nullptr) return;
    take_what_both_say(*m, i);
    if (m->how != "update" || story_.head_erased) return;
    m->lag_seconds = std::max(0.0, std::chrono::duration<double>(i.observed - story_.members.front().observed).count());
}

void story_collector::keep_text(timestamp observed, std::string_view text) {
    text_kept kept{.observed = observed, .text = std::nullopt};
    if (text_bytes_ + text.size() <= limits_.text_bytes_max) {
        text_bytes_ += text.size();
        kept.text = std::string(text);
    }
    texts_.push_back(std::move(kept));
}

void story_collector::add(duplicate d) {
    if (d.story != story_.id) return;
    story_member* const m = new_member(d.id);
    if (m == nullptr) return;
    take_what_both_say(*m, d);
    m->how = feedwatch::name_of(d.how);
    m->of = std::move(d.of);
    m->similarity = d.similarity;
    m->lag_seconds = d.lag_seconds;
}

// The head as it read then.
const story_collector::text_kept* story_collector::text_at(timestamp observed) const {
    const text_kept* found = nullptr;
    for (const text_kept& t : texts_)
        if (found == nullptr || t.observed <= observed) found = &t;
    return found;
}

comparison story_collector::difference(const text_kept* from, std::string_view text, word_diff& out) {
    if (from == nullptr) return comparison::text_erased;
    if (!from->text) return comparison::text_left_out;
    auto diff = diff_words(words_, *from->text, text);
    if (!diff) return comparison::too_different;
    out = std::move(*diff);
    return comparison::made;
}

void story_collector::compare(const item& i) {
    const auto known = by_id_.find(i.id.str());
    if (known == by_id_.end() || known->second == 0 || !compared_.insert(i.id.str()).second) return;
    story_member& m = story_.members[known->second];
    const std::string_view text = text::main_text_of(i.text, i.content_html, i.summary_html, plain_);
    m.compared = difference(text_at(i.observed), text, m.differs);
}

story story_collector::take(const publisher_families& families) && {
    const auto came_before = [](const story_member& a, const story_member& b) { return a.observed < b.observed; };
    std::stable_sort(story_.members.begin() + 1, story_.members.end(), came_before);
    std::set<std::string> publishers;
    for (const story_member& m : story_.members)
        if (!m.publisher.empty()) publishers.insert(std::string(families.family_of(m.publisher)));
    story_.publishers = publishers.size();
    return std::move(story_);
}

}  // namespace feedwatch::app
